from __future__ import annotations

import pytest
from django.urls import reverse

from tests.tools.shop import sold, soup, words
from wagtail_billing_portal.models import Price

CHOOSE = "wagtail_billing_portal_prices:choose"
RESULTS = "wagtail_billing_portal_prices:choose_results"


@pytest.fixture
def prices(stripe_side) -> list[Price]:
    return [
        *sold(stripe_side, 500, product="Reader"),
        *sold(stripe_side, 12000, product="Supporter", currency="gbp", interval="year"),
    ]


def rows(response) -> list[list[str]]:
    table = soup(
        response.json()["html"] if "json" in response["Content-Type"] else response
    )
    return [
        [words(str(cell)) for cell in row.select("td")]
        for row in table.select("tbody tr")
    ]


def test_the_chooser_tells_prices_apart(admin_client, prices):
    assert rows(admin_client.get(reverse(CHOOSE))) == [
        ["Reader · €5.00 a month", "€5.00", "Monthly", "EUR", "default"],
        ["Supporter · £120.00 a year", "£120.00", "Yearly", "GBP", "default"],
    ]


def test_search_finds_a_plan_by_name_and_a_price_by_its_id(admin_client, prices):
    by_name = admin_client.get(reverse(RESULTS), {"q": "read"})
    by_id = admin_client.get(reverse(RESULTS), {"q": prices[1].pk})
    nothing = admin_client.get(reverse(RESULTS), {"q": "croissant"})

    assert [row[0] for row in rows(by_name)] == ["Reader · €5.00 a month"]
    assert [row[0] for row in rows(by_id)] == ["Supporter · £120.00 a year"]
    assert rows(nothing) == []


def test_what_cannot_be_subscribed_to_is_not_offered(admin_client, prices, stripe_side):
    Price.objects.filter(pk=prices[0].pk).update(active=False)
    Price.objects.filter(pk=prices[1].pk).update(type="one_time")

    assert rows(admin_client.get(reverse(CHOOSE))) == []


def test_a_choice_is_answered_with_its_words(admin_client, prices):
    chosen = admin_client.get(
        reverse("wagtail_billing_portal_prices:chosen", args=[prices[0].pk])
    )

    result = chosen.json()["result"]
    assert result["id"] == prices[0].pk
    assert result["title"] == "Reader · €5.00 a month"


def test_the_chooser_is_for_editors_only(client, member, prices):
    client.force_login(member)

    assert client.get(reverse(CHOOSE)).status_code == 302
