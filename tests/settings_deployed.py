"""The example site as a deployment would run it, for Django's deployment check."""

from __future__ import annotations

import os

os.environ.update(
    DEBUG="0",
    ALLOWED_HOSTS="loaf.example",
    ORIGIN="https://loaf.example",
    SECRET_KEY="q8Zk2vXw7Yt4Rb9Nm1Lc6Pd3Fg5Hj0SaTuEiOxQyVzMwKrJp-deployed",
    STRIPE_SECRET_KEY="rk_test_of_a_deployment",
    STRIPE_PUBLISHABLE_KEY="pk_test_of_a_deployment",
    STRIPE_WEBHOOK_SECRET="whsec_of_a_deployment",
)

from weekly_loaf.settings import *  # noqa: F403

SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
    }
}
# Wagtail shows previews in a frame of the site's own.
SILENCED_SYSTEM_CHECKS = ["security.W019"]
