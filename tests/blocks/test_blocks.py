from __future__ import annotations

from typing import Any

import pytest
from wagtail.blocks import StreamBlock

from tests.tools.costs import watched
from tests.tools.metering import IN_THREE_STEPS, graduated, subscribed_to_calls
from tests.tools.shop import (
    asked_by,
    buttons,
    sold,
    sold_too,
    soup,
    subscribed,
    the_settings,
    url,
    words,
)
from wagtail_billing_portal.blocks import (
    BILLING_BLOCKS,
    InvoiceListBlock,
    ManageSubscriptionBlock,
    PricingTableBlock,
    SubscriptionBlock,
    UsageBlock,
)
from wagtail_billing_portal.models import Invoice, Price


@pytest.fixture
def reader(stripe_side) -> Price:
    (price,) = sold(stripe_side, 500, product="Reader")
    return price


@pytest.fixture
def supporter(stripe_side) -> Price:
    (price,) = sold(stripe_side, 1200, product="Supporter")
    return price


def a_plan(*prices: str | None, **fields: Any) -> dict[str, Any]:
    return {"prices": list(prices), **fields}


def rendered(block, value, user=None, *, request=None) -> str:
    request = request or asked_by(user)
    return block.render(block.to_python(value), context={"request": request})


def test_the_plans_stand_in_the_editors_order(reader, supporter):
    plans = [a_plan(supporter.pk), a_plan(reader.pk, badge="New")]

    html = rendered(PricingTableBlock(), {"heading": "Join", "plans": plans})

    assert soup(html).h2.text == "Join"
    assert [it.text for it in soup(html).select(".billing-name")] == [
        "Supporter",
        "Reader",
    ]
    assert "New" in words(html)


def test_a_price_that_is_gone_is_left_out(reader):
    plans = [a_plan("price_gone", reader.pk), a_plan("price_gone"), a_plan(None)]

    html = rendered(PricingTableBlock(), {"plans": plans})

    assert [it.text for it in soup(html).select(".billing-name")] == ["Reader"]


def test_an_empty_table_says_so(db):
    assert "nothing to subscribe to" in words(rendered(PricingTableBlock(), {}))


def test_all_prices_of_a_table_are_one_query(
    reader, supporter, stripe_side, django_assert_num_queries
):
    yearly = sold_too(stripe_side, reader, 5000, "year")
    plans = [a_plan(reader.pk, yearly.pk), a_plan(supporter.pk), a_plan(reader.pk)]

    with django_assert_num_queries(1):
        value = PricingTableBlock().to_python({"plans": plans})
        names = [
            price.product.name for plan in value["plans"] for price in plan["prices"]
        ]

    assert names == ["Reader", "Reader", "Supporter", "Reader"]


@pytest.mark.parametrize(("name", "block"), BILLING_BLOCKS)
def test_blocks_render_for_everybody_and_for_nobody(name, block, member, stripe_side):
    value = block.get_default()

    visitor = block.render(value, context={"request": asked_by()})
    newcomer = block.render(value, context={"request": asked_by(member)})
    nobody = block.render(value)

    for html in (visitor, newcomer, nobody):
        assert "billing-section" in html


def test_members_see_their_own(reader, member, make_member, stripe_side):
    subscribed(stripe_side, make_member("eve"), reader)
    number = Invoice.objects.get().number

    for block in (ManageSubscriptionBlock(), InvoiceListBlock()):
        other = words(rendered(block, {}, member))
        assert "Reader" not in other
        assert number not in other


def test_the_stylesheet_is_linked_once_a_page(db):
    request = asked_by()

    html = "".join(
        rendered(block, {}, request=request) for _name, block in BILLING_BLOCKS
    )

    assert html.count("portal.css") == 1


@pytest.mark.parametrize("invoices", [1, 500])
def test_a_page_with_all_blocks_costs_the_same_for_everybody(
    reader, supporter, member, stripe_side, invoices, django_assert_num_queries
):
    the_settings()
    subscribed(stripe_side, member, reader)
    more_invoices(invoices - 1)
    body = StreamBlock(BILLING_BLOCKS)
    table = {"plans": [a_plan(reader.pk), a_plan(supporter.pk)]}
    value = body.to_python(
        [
            {"type": "pricing_table", "value": table},
            {"type": "manage_subscription", "value": {}},
            {"type": "invoice_list", "value": {"number": 5}},
        ]
    )
    request = asked_by(member)
    events = len(stripe_side.events())

    # Prices; site, settings, access; subscriptions with items, prices and products;
    # the last invoice of each;
    # invoices and their products.
    with django_assert_num_queries(14):
        html = body.render(value, context={"request": request})

    assert "Manage Reader" in buttons(html)
    assert len(soup(html).select("tbody tr")) == min(invoices, 5)
    assert len(stripe_side.events()) == events


def more_invoices(number: int) -> None:
    """Copies of the only invoice, to make the list long."""
    invoice = Invoice.objects.get()
    fields = {
        field.attname: getattr(invoice, field.attname)
        for field in Invoice._meta.concrete_fields
    }
    Invoice.objects.bulk_create(
        Invoice(**{**fields, "id": f"in_{n}", "number": f"COPY-{n}"})
        for n in range(number)
    )


def test_usage_is_led_to_and_not_asked_for(member, stripe_side):
    calls = subscribed_to_calls(stripe_side, member, **graduated(*IN_THREE_STEPS))

    with watched() as cost:
        html = rendered(UsageBlock(), {"heading": "Your usage"}, member)

    assert buttons(html) == ["See your usage API calls · monthly"]
    assert soup(html).find("a", href=url("usage", calls.pk))
    assert "The first 2,000 €0.02 per call" in words(html)
    # An empty bar would say that nothing was used.
    assert not soup(html).select("svg")
    assert cost.requests == []


def test_who_pays_for_nothing_by_usage_reads_that(reader, member, stripe_side):
    subscribed(stripe_side, member, reader)

    html = rendered(UsageBlock(), {}, member)

    assert "You have no subscription that is charged by usage." in words(html)


def test_a_subscription_is_there_in_full_and_the_others_below(
    reader, member, stripe_side
):
    subscribed(stripe_side, member, reader)
    [letter] = sold(stripe_side, 300, product="Letter")
    subscribed(stripe_side, member, letter)

    with watched() as cost:
        html = rendered(SubscriptionBlock(), {"heading": "Your bread"}, member)

    assert headings(html)[0] == "Your bread"
    assert "Your other subscriptions" in headings(html)
    assert "What comes next" in words(html)
    assert "Cancel subscription" in buttons(html)
    assert len([it for it in buttons(html) if it.startswith("Manage")]) == 1
    assert cost.requests == []


def test_who_has_left_reads_that_once(reader, member, stripe_side):
    gone = subscribed(stripe_side, member, reader)
    stripe_side.cancel(gone.pk)
    stripe_side.deliver_all()

    html = words(rendered(SubscriptionBlock(), {}, member))

    assert html.count("You have no running subscription.") == 1
    assert "1 earlier subscription" in html


def test_who_left_something_and_has_something_reads_of_both(
    reader, member, stripe_side
):
    [letter] = sold(stripe_side, 300, product="Letter")
    gone = subscribed(stripe_side, member, letter)
    stripe_side.cancel(gone.pk)
    subscribed(stripe_side, member, reader)
    stripe_side.deliver_all()

    html = words(rendered(SubscriptionBlock(), {}, member))

    assert "You have no running subscription." not in html
    assert "1 earlier subscription" in html


def headings(html: str) -> list[str]:
    return [it.text.strip() for it in soup(html).select("h2")]
