"""How the documentation is built: Markdown, read by MyST, shown by Furo."""

from __future__ import annotations

from wagtail_billing_portal import __version__

project = "wagtail-billing-portal"
author = "The wagtail-billing-portal contributors"
copyright = f"2026, {author}"
version = release = __version__

extensions = ["myst_parser"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
exclude_patterns = ["_build"]
nitpicky = True

html_theme = "furo"
html_title = "wagtail-billing-portal"
html_show_sphinx = False
