from __future__ import annotations

import re
from pathlib import Path

import wagtail_billing_portal
from tests.tools.shop import account_of_user, asked_by, sold, subscribed, words
from wagtail_billing_portal.sections import SubscriptionsSection

STYLES = Path(wagtail_billing_portal.__file__).parent / "static/wagtail_billing_portal"


def test_a_site_overrides_one_element_everywhere(
    settings, tmp_path, stripe_side, member
):
    elements = tmp_path / "wagtail_billing_portal" / "elements"
    elements.mkdir(parents=True)
    (elements / "badge.html").write_text("<mark>{{ text }}, says the baker</mark>")
    settings.TEMPLATES = [{**settings.TEMPLATES[0], "DIRS": [tmp_path]}]
    (price,) = sold(stripe_side, 1200, product="Supporter")
    subscribed(stripe_side, member, price)

    section = SubscriptionsSection(account_of_user(member))

    html = section.render_html({"request": asked_by(member)})
    assert "Active, says the baker" in words(html)


def test_the_stylesheet_leaves_the_site_in_charge():
    css = (STYLES / "portal.css").read_text()
    used = set(re.findall(r"var\((--[\w-]+)", css))
    classes = set(re.findall(r"(?<![\d.])\.([a-z][\w-]*)", css))

    assert "!important" not in css
    assert all(name.startswith("--billing-") for name in used)
    assert used <= set(re.findall(r"(--[\w-]+):", css))
    assert all(name.startswith("billing") for name in classes)
    assert not re.search(r"(margin|padding|border)-(left|right)|text-align: left", css)
