from __future__ import annotations

import pytest
from django.template.loader import render_to_string

from tests.tools.shop import asked_by, buttons, sold, soup, words
from wagtail_billing_portal.blocks import BILLING_BLOCKS, PricingTableBlock


def previewed(block, user=None) -> str:
    value = block.get_preview_value()
    template = block.get_preview_template(value)
    context = block.get_preview_context(value, {"request": asked_by(user)})
    return render_to_string(template, context)


@pytest.mark.parametrize(("name", "block"), BILLING_BLOCKS)
def test_every_block_has_an_icon_a_description_and_a_preview(name, block, admin_user):
    html = previewed(block, admin_user)

    assert block.is_previewable
    assert block.meta.icon != "placeholder"
    assert str(block.get_description()).strip()
    assert soup(html).h2.text
    assert len(soup(html).select(".billing-card")) >= 1
    assert "<html" in html
    assert "portal.css" in html


def test_a_preview_of_an_empty_shop_shows_made_up_plans(db):
    html = previewed(PricingTableBlock())

    assert buttons(html) == ["Choose Reader", "Choose Supporter", "Choose Team"]


def test_a_preview_shows_the_sites_own_plans_the_cheapest_first(stripe_side):
    sold(stripe_side, 4200, product="Baker's dozen")
    sold(stripe_side, 700, product="Crumbs")

    html = previewed(PricingTableBlock())

    names = [it.text for it in soup(html).select("h3")]
    assert names == ["Crumbs", "Baker's dozen"]
    assert "€7 a month" in words(html)
