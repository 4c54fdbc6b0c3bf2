"""The same site, with a user model of its own."""

from __future__ import annotations

from tests.settings import *  # noqa: F403
from tests.settings import INSTALLED_APPS

INSTALLED_APPS = ["tests.custom_user", *INSTALLED_APPS]
AUTH_USER_MODEL = "custom_user.Reader"
