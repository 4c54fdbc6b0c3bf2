"""The Weekly Loaf's settings: a demo by default, everything else by environment."""

from __future__ import annotations

import secrets
from os import environ
from pathlib import Path
from typing import Any

import dj_database_url
from csp.constants import NONE, SELF

from weekly_loaf.environment import flag, secret

SITE_ROOT = Path(__file__).resolve().parent
VAR = Path(environ.get("VAR") or SITE_ROOT.parent / "var")

PORT = int(environ.get("PORT") or 8000)
ORIGIN = environ.get("ORIGIN") or f"http://127.0.0.1:{PORT}"

DEBUG = flag("DEBUG", default=True)
# Logging in as anybody with one click: never outside a developer's machine.
DEMO = DEBUG and flag("DEMO", default=True)
DEMO_PASSWORD = environ.get("DEMO_PASSWORD") or "sourdough"

SECRET_KEY = secret("SECRET_KEY", folder=VAR, make=lambda: secrets.token_hex(32))
ALLOWED_HOSTS = environ.get("ALLOWED_HOSTS", "127.0.0.1,localhost").split(",")

INSTALLED_APPS = [
    "weekly_loaf.demo",
    "weekly_loaf.members",
    "weekly_loaf.pages",
    "wagtail_billing_portal",
    "wagtail_localize",
    "wagtail_localize.locales",
    "wagtail.contrib.settings",
    "wagtail.embeds",
    "wagtail.sites",
    "wagtail.users",
    "wagtail.snippets",
    "wagtail.documents",
    "wagtail.images",
    "wagtail.admin",
    "wagtail.search",
    "wagtail",
    "taggit",
    "csp",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]

ROOT_URLCONF = "weekly_loaf.urls"
WSGI_APPLICATION = "weekly_loaf.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SITE_ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.debug",
                "django.template.context_processors.i18n",
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "wagtail.contrib.settings.context_processors.settings",
            ],
        },
    },
]

DATABASES: dict[str, Any] = {
    "default": dj_database_url.config(default=f"sqlite:///{VAR / 'db.sqlite3'}")
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # Several threads write at once: wait for each other instead of failing.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}"}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
LOGIN_URL = "members:log_in"
LOGIN_REDIRECT_URL = "members:account"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "en-gb"
LANGUAGES = [("en-gb", "English"), ("de", "Deutsch")]
WAGTAIL_CONTENT_LANGUAGES = LANGUAGES
WAGTAIL_I18N_ENABLED = True
FORMAT_MODULE_PATH = ["weekly_loaf.formats"]
LOCALE_PATHS = [SITE_ROOT / "locale"]
TIME_ZONE = "Europe/London"
USE_I18N = True
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = SITE_ROOT.parent / "static_collected"
STATICFILES_DIRS = [SITE_ROOT / "static"]
MEDIA_URL = "/media/"
MEDIA_ROOT = VAR / "media"

EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"

WAGTAIL_SITE_NAME = "The Weekly Loaf"
WAGTAILADMIN_BASE_URL = ORIGIN
WAGTAIL_ENABLE_UPDATE_CHECK = False
WAGTAIL_GRAVATAR_PROVIDER_URL = None
WAGTAIL_ENABLE_WHATS_NEW_BANNER = False
WAGTAILIMAGES_EXTENSIONS = ["avif", "gif", "jpg", "jpeg", "png", "svg", "webp"]
WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "wagtail.search.backends.database"}}

# Wagtail's admin writes inline scripts and styles; the site itself needs none.
CONTENT_SECURITY_POLICY = {
    "EXCLUDE_URL_PREFIXES": ["/admin/"],
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "connect-src": [SELF],
        "base-uri": [SELF],
        "frame-ancestors": [SELF],
        # Browsers apply this to the redirect that follows a form, too.
        "form-action": [
            SELF,
            "https://checkout.stripe.com",
            "https://billing.stripe.com",
        ],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"

STRIPE_SECRET_KEY = environ.get("STRIPE_SECRET_KEY", "")
USES_SANDBOX = not STRIPE_SECRET_KEY

WAGTAIL_BILLING_PORTAL: dict[str, Any] = {
    "ACCOUNTS": {
        "default": {
            "SECRET_KEY": STRIPE_SECRET_KEY or "sk_test_sandbox_weekly_loaf",
            "PUBLISHABLE_KEY": environ.get(
                "STRIPE_PUBLISHABLE_KEY", "pk_test_sandbox_weekly_loaf"
            ),
            "WEBHOOK_SECRETS": [
                secret(
                    "STRIPE_WEBHOOK_SECRET",
                    folder=VAR,
                    make=lambda: f"whsec_{secrets.token_hex(16)}",
                )
            ],
        }
    },
    "LAYOUT_TEMPLATE": "portal_layout.html",
}

if USES_SANDBOX:
    INSTALLED_APPS += ["wagtail_billing_portal.sandbox"]
    WAGTAIL_BILLING_PORTAL["TRANSPORT"] = (
        "wagtail_billing_portal.sandbox.transport.SandboxTransport"
    )
    WAGTAIL_BILLING_PORTAL["STRIPE_JS"] = "/stripe-sandbox/endive/stripe.js"
    WAGTAIL_BILLING_SANDBOX = {
        "BASE_URL": f"{ORIGIN}/stripe-sandbox",
        "DELIVERY": "in_process",
        "BUSINESS_NAME": WAGTAIL_SITE_NAME,
    }
