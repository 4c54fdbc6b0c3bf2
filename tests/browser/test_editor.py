"""An editor puts the portal's blocks on a page, in Wagtail's own admin."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import window
from tests.browser.site import PASSWORD
