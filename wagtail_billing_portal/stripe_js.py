"""Stripe's script for browsers: where it comes from, and what that asks of a site.

Every page that needs it takes the address from here, so that one setting changes
Stripe for the sandbox's stand-in.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from .conf import conf

STRIPES_HOST = "js.stripe.com"


def script_url() -> str:
    """The address for the ``src`` of a plain ``<script>``."""
    return conf.STRIPE_JS


def is_stripes_own() -> bool:
    """Whether Stripe itself serves the script."""
    parts = urlsplit(script_url())
    return parts.scheme == "https" and parts.netloc == STRIPES_HOST


def policy_sources() -> dict[str, list[str]]:
    """What a content security policy must allow besides, by directive."""
    if is_stripes_own():
        scripts = [f"https://{STRIPES_HOST}", f"https://*.{STRIPES_HOST}"]
        return {
            "connect-src": ["https://api.stripe.com"],
            "frame-src": [*scripts, "https://hooks.stripe.com"],
            "script-src": scripts,
        }
    parts = urlsplit(script_url())
    origin = f"{parts.scheme}://{parts.netloc}" if parts.netloc else "'self'"
    return {name: [origin] for name in ("connect-src", "frame-src", "script-src")}
