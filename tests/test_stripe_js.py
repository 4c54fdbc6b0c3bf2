"""Where Stripe's script comes from is said once, policy included."""

from __future__ import annotations

import pytest

from wagtail_billing_portal import stripe_js
from wagtail_billing_portal.checks import check_accounts
from wagtail_billing_portal.gateway import API_VERSION

LIVE = {"SECRET_KEY": "sk_live_x", "WEBHOOK_SECRETS": ["whsec_x"]}


def test_it_is_stripes_release_for_the_version_that_we_speak():
    release = API_VERSION.partition(".")[2]

    assert stripe_js.script_url() == f"https://js.stripe.com/{release}/stripe.js"
    assert stripe_js.is_stripes_own()
    assert stripe_js.policy_sources()["connect-src"] == ["https://api.stripe.com"]
    assert "https://hooks.stripe.com" in stripe_js.policy_sources()["frame-src"]


@pytest.mark.parametrize(
    ("address", "origin"),
    [
        ("/stripe-sandbox/endive/stripe.js", "'self'"),
        ("http://127.0.0.1:12111/endive/stripe.js", "http://127.0.0.1:12111"),
        (
            "https://js.stripe.com.evil.example/x.js",
            "https://js.stripe.com.evil.example",
        ),
        ("http://js.stripe.com/endive/stripe.js", "http://js.stripe.com"),
    ],
)
def test_any_other_address_is_let_in_alone_and_never_with_a_live_key(
    settings, address, origin
):
    settings.WAGTAIL_BILLING_PORTAL = {
        "ACCOUNTS": {"default": LIVE},
        "STRIPE_JS": address,
    }

    names = ("connect-src", "frame-src", "script-src")
    assert stripe_js.policy_sources() == {name: [origin] for name in names}
    assert [found.id for found in check_accounts()] == ["wagtail_billing_portal.E003"]
