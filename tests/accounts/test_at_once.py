"""Two accounts bring the same id at the same moment: one of them has it."""

from __future__ import annotations

from functools import partial
from typing import Any

import pytest
from django.db.models import F

from tests.tools.together import together
from wagtail_billing_portal.mirror.ingest import ForeignObject, ingest
from wagtail_billing_portal.models import Price
from wagtail_billing_portal.testing import StripeSide

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]

ROUNDS = 40


def bring(price: dict[str, Any], alias: str) -> str:
    try:
        ingest(price, account=alias, as_of=price["created"])
    except ForeignObject:
        return "refused"
    return "taken"


def test_no_price_refers_to_a_product_of_the_other_account(db):
    aliases = ["default", "uk"]
    prices = {}
    for alias in aliases:
        v1 = StripeSide(alias).client.v1
        v1.products.create({"id": "bread", "name": "Bread"})
        made = v1.prices.create(
            {"product": "bread", "currency": "eur", "unit_amount": 5}
        )
        prices[alias] = made.to_dict(for_json=True)
    for number in range(ROUNDS):
        same = {"product": f"bread_{number}"}
        works = [
            partial(bring, {**prices[it], **same, "id": f"price_{it}_{number}"}, it)
            for it in aliases
        ]

        assert sorted(together(*works)) == ["refused", "taken"]

    astray = Price.objects.exclude(product__stripe_account=F("stripe_account"))
    assert Price.objects.count() >= ROUNDS
    assert not astray.filter(as_of__gt=0).exists()
