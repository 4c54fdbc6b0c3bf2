from __future__ import annotations

from wagtail_billing_portal.sandbox.pages.order import order_of

NAMES = {"prod_mug": "Mug", "prod_team": "Bakery team"}


def a_session(**changed):
    session = {
        "mode": "payment",
        "currency": "eur",
        "amount_subtotal": 1800,
        "amount_total": 1800,
        "total_details": {},
        "payment_method_collection": "always",
        "payment_method_types": ["card"],
    }
    return {**session, **changed}


def an_item(amount=900, quantity=2, product="prod_mug", recurring=None):
    price = {
        "product": product,
        "billing_scheme": "per_unit",
        "currency": "eur",
        "unit_amount": amount,
        "unit_amount_decimal": str(amount),
        "recurring": recurring,
        "transform_quantity": None,
        "_sandbox": {"currency_options": {"eur": {"unit_amount_decimal": str(amount)}}},
    }
    return {
        "price": price,
        "quantity": quantity,
        "currency": "eur",
        "description": "",
        "amount_subtotal": amount * quantity,
    }


def the_order(session, *items):
    return order_of(session, list(items), names=NAMES, trial_end=None)


def test_a_single_payment_says_what_it_is_for():
    order = the_order(a_session(), an_item())

    assert order.heading == "Mug"
    assert order.button == "Pay €18.00"
    assert order.lines[0].detail == "Quantity 2 × €9.00"


def test_several_things_are_an_order():
    order = the_order(a_session(), an_item(), an_item(quantity=1))

    assert order.heading == "Your order"
    assert order.lines[1].detail == ""


def test_discount_and_tax_stand_between_subtotal_and_sum():
    session = a_session(
        amount_total=1700, total_details={"amount_discount": 200, "amount_tax": 100}
    )

    totals = the_order(session, an_item()).totals

    assert [(row.label, row.value) for row in totals] == [
        ("Subtotal", "€18.00"),
        ("Discount", "−€2.00"),
        ("Tax", "€1.00"),
        ("Due today", "€17.00"),
    ]


def test_rates_of_one_rhythm_are_added_up_and_others_named_beside():
    monthly = {"interval": "month", "interval_count": 1}
    yearly = {"interval": "year", "interval_count": 1}
    items = [
        an_item(recurring=monthly),
        an_item(product="prod_team", recurring=monthly),
        an_item(quantity=1, recurring=yearly),
    ]

    order = the_order(a_session(mode="subscription"), *items)

    assert order.heading == "Subscribe"
    assert order.price == "€36.00 a month + €9.00 a year"


def test_nothing_to_pay_is_not_called_paying():
    session = a_session(mode="subscription", amount_total=0, amount_subtotal=0)
    item = an_item(amount=0, recurring={"interval": "month", "interval_count": 1})

    assert the_order(session, item).button == "Subscribe"
