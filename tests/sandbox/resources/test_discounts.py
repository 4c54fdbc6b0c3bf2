from __future__ import annotations

import pytest
import stripe
from hypothesis import given
from hypothesis import strategies as st

from tests.sandbox.resources.shop import DAY, moment
from wagtail_billing_portal.sandbox.billing import allocation, discounts
from wagtail_billing_portal.sandbox.errors import SandboxError


def line(amount, product="prod_1", **fields):
    return {
        "amount": amount,
        "discount_amounts": [],
        "discountable": True,
        "discounts": [],
        "pricing": {"price_details": {"price": "price_1", "product": product}},
        **fields,
    }


def coupon(percent=None, amount=None, products=None):
    return {
        "amount_off": amount,
        "currency": "eur" if amount is not None else None,
        "percent_off": percent,
        "_sandbox": {"currency_options": {}, "products": products},
    }


def taken(of):
    return [sum(part["amount"] for part in each["discount_amounts"]) for each in of]


@pytest.fixture
def redeem(world, shop):
    customer = shop.customer(card=None)

    def redeem(*sent, **order):
        order.setdefault("customer", customer)
        return discounts.read(world, list(sent), param="discounts", **order)

    return redeem


def test_a_redeemed_coupon_is_a_discount_that_tells_of_itself(api, shop, redeem):
    api.coupons.create({"id": "HALF", "percent_off": 50, "duration": "forever"})

    (discount,) = redeem({"coupon": "HALF"})

    event = shop.last_event("customer.discount.created").data.object
    assert (event.id, event.source.coupon, event.end) == (discount, "HALF", None)
    assert api.coupons.retrieve("HALF").times_redeemed == 1


def test_a_repeating_discount_ends_by_date(api, shop, world, redeem):
    api.coupons.create(
        {
            "id": "THREE",
            "percent_off": 10,
            "duration": "repeating",
            "duration_in_months": 3,
        }
    )
    ids = redeem({"coupon": "THREE"})
    june = moment(2026, 6, 1)

    assert len(discounts.in_force(world, ids, june - 1)) == 1
    assert discounts.in_force(world, ids, june) == []
    shop.travel(june)
    assert shop.last_event("customer.discount.deleted").data.object.id == ids[0]


def test_what_is_not_named_again_ends(api, shop, world, redeem):
    api.coupons.create({"id": "A", "percent_off": 10, "duration": "forever"})
    api.coupons.create({"id": "B", "percent_off": 10, "duration": "forever"})
    before = redeem({"coupon": "A"}, {"coupon": "B"})

    after = redeem({"discount": before[1]}, present=before)

    assert after == before[1:]
    assert shop.events("discount").count("customer.discount.deleted") == 1
    assert discounts.in_force(world, before[:1], world.now) == []


def test_a_draft_keeps_the_discount_that_ended_meanwhile(api, shop, world, redeem):
    api.coupons.create({"id": "A", "percent_off": 10, "duration": "forever"})
    ids, drafted = redeem({"coupon": "A"}), world.now
    shop.wait(hours=1)

    redeem(present=ids)

    assert len(discounts.in_force(world, ids, drafted)) == 1
    assert discounts.in_force(world, ids, world.now) == []
    with pytest.raises(SandboxError, match="No such discount"):
        redeem({"discount": ids[0]})


def test_a_deleted_coupon_still_discounts_whoever_has_it(api, world, redeem):
    api.coupons.create({"id": "GONE", "percent_off": 25, "duration": "forever"})
    ids = redeem({"coupon": "GONE"})

    api.coupons.delete("GONE")

    kept = discounts.in_force(world, ids, world.now)
    assert discounts.reduction(1000, kept, "eur") == 250


def test_a_coupon_is_used_up(api, redeem):
    api.coupons.create({"id": "ONE", "percent_off": 10, "max_redemptions": 1})
    redeem({"coupon": "ONE"})

    with pytest.raises(SandboxError, match="used up"):
        redeem({"coupon": "ONE"})

    assert api.coupons.retrieve("ONE").valid is False


def test_a_coupon_has_its_time(api, shop, world, redeem):
    until = world.now + DAY
    api.coupons.create({"id": "SOON", "percent_off": 10, "redeem_by": until})
    shop.wait(days=2)

    with pytest.raises(SandboxError, match="Coupon expired: SOON") as refusal:
        redeem({"coupon": "SOON"})

    assert refusal.value.code == "coupon_expired"
    assert api.coupons.retrieve("SOON").valid is False


def test_an_amount_is_off_in_its_own_currency_only(api, redeem):
    api.coupons.create({"id": "FIVER", "amount_off": 500, "currency": "eur"})

    with pytest.raises(SandboxError, match="cannot be applied to `usd`"):
        redeem({"coupon": "FIVER"}, currency="usd")


@pytest.fixture
def code(api):
    api.coupons.create({"id": "HALF", "percent_off": 50, "duration": "once"})

    def code(**params):
        promotion = {"type": "coupon", "coupon": "HALF"}
        made = api.promotion_codes.create({"promotion": promotion, **params})
        return {"promotion_code": made.id}

    return code


def test_a_code_counts_for_itself_and_its_coupon(api, redeem, code):
    sent = code(code="ONCE", max_redemptions=1)

    redeem(sent)

    used = api.promotion_codes.retrieve(sent["promotion_code"])
    assert (used.times_redeemed, used.active) == (1, False)
    assert api.coupons.retrieve("HALF").times_redeemed == 1
    with pytest.raises(SandboxError, match="not active"):
        redeem(sent)


def test_a_code_may_be_for_newcomers(shop, redeem, code):
    sent = code(restrictions={"first_time_transaction": True})
    bought = shop.subscribe().customer

    with pytest.raises(SandboxError, match="prior transactions"):
        redeem(sent, customer=bought)

    assert redeem(sent)


def test_a_code_may_ask_for_a_minimum(redeem, code):
    minimum = {"minimum_amount": 2000, "minimum_amount_currency": "eur"}
    sent = code(restrictions=minimum)

    with pytest.raises(SandboxError, match="minimum"):
        redeem(sent, amount=1999, currency="eur")

    assert redeem(sent, amount=2000, currency="eur")


def test_a_code_may_be_somebody_elses(shop, redeem, code):
    sent = code(customer=shop.customer(card=None))

    with pytest.raises(SandboxError, match="another customer"):
        redeem(sent)


def test_an_unknown_coupon_is_named(redeem):
    with pytest.raises(SandboxError, match="No such coupon: 'NOPE'") as refusal:
        redeem({"coupon": "NOPE"})

    assert (refusal.value.status, refusal.value.param) == (400, "discounts[0][coupon]")


def test_a_discount_cannot_be_fetched_on_its_own(api, redeem):
    with pytest.raises(stripe.InvalidRequestError, match="Unrecognized request URL"):
        api._request("get", "/v1/discounts/di_1", base_address="api")


def test_an_amount_is_shared_over_the_lines_it_is_good_for():
    lines = [line(1000), line(500), line(700, product="prod_2")]

    allocation.take_off(
        lines, {"id": "di_1"}, coupon(amount=100, products=["prod_1"]), "eur"
    )

    assert taken(lines) == [67, 33, 0]


def test_a_second_discount_takes_from_what_the_first_left():
    lines = [line(1000)]

    allocation.take_off(lines, {"id": "di_1"}, coupon(percent=50), "eur")
    allocation.take_off(lines, {"id": "di_2"}, coupon(percent=10), "eur")

    assert taken(lines) == [550]


@given(
    sums=st.lists(st.integers(0, 99_999), min_size=1, max_size=6),
    offs=st.lists(
        st.one_of(
            st.integers(1, 50_000).map(lambda cents: coupon(amount=cents)),
            st.integers(1, 10_000).map(lambda share: coupon(percent=share / 100)),
        ),
        min_size=1,
        max_size=3,
    ),
)
def test_discounts_are_exact_and_never_more_than_there_is(sums, offs):
    lines = [line(amount) for amount in sums]
    left = sum(sums)

    for index, off in enumerate(offs):
        left -= allocation.reduction_by(off, left, "eur")
        allocation.take_off(lines, {"id": f"di_{index}"}, off, "eur")

    assert sum(sums) - sum(taken(lines)) == left
    assert left >= 0
    assert all(off <= amount for off, amount in zip(taken(lines), sums, strict=True))
