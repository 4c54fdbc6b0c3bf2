"""Coupons and promotion codes at a checkout, before anybody redeemed them."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import discounts
from wagtail_billing_portal.sandbox.billing.fields import Json, only_one
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

MOST_GUESSES = 10


def read(world: World, session: Json, params: Json) -> list[Json]:
    """The discounts that a session begins with."""
    if params.get("allow_promotion_codes"):
        only_one(params, "allow_promotion_codes", "discounts")
    sent: list[Json] = params.get("discounts") or []
    if len(sent) > 1:
        raise InvalidRequest("You can only pass one discount.", param="discounts")
    if sent:
        _check(world, session, sent)
    return sent


def coupon_of(world: World, discount: Json) -> Json:
    """The coupon behind an entry of ``discounts``."""
    coupon = discount.get("coupon")
    if code_id := discount.get("promotion_code"):
        coupon = world.get("promotion_code", code_id)["promotion"]["coupon"]
    return world.get("coupon", str(coupon))


def served(sent: list[Json]) -> list[Json]:
    """Discounts as a session shows them."""
    names = ("coupon", "promotion_code")
    return [{name: one.get(name) for name in names} for one in sent]


def enter(world: World, session: Json, text: str) -> bool:
    """Try a code that the payer typed; after too many wrong ones none is good."""
    private = world.private(session)
    wrong = private.get("wrong_codes", 0)
    if not session["allow_promotion_codes"] or wrong >= MOST_GUESSES:
        return False
    for code in codes(world, text):
        if _is_good(world, session, code):
            put(world, session, [{"promotion_code": code["id"]}])
            return True
    private["wrong_codes"] = wrong + 1
    world.save(session)
    return False


def codes(world: World, text: str) -> list[Json]:
    """The active promotion codes that are spelled like this."""
    wanted = text.strip().casefold()
    active = world.find("promotion_code", active=True)
    return [code for code in active if code["code"].casefold() == wanted]


def put(world: World, session: Json, chosen: list[Json]) -> None:
    """Note what is taken off; what it comes to is counted by the caller."""
    world.private(session)["discounts"] = chosen
    session["discounts"] = served(chosen)


def redeem(
    world: World, session: Json, *, subscription: str | None = None
) -> list[str]:
    """Make the session's discounts the payer's: the ids of what is in force now."""
    sent = session["_sandbox"].get("discounts", [])
    if not sent:
        return []
    ids = discounts.read(
        world,
        sent,
        customer=session["customer"],
        param="discounts",
        subscription=subscription,
        amount=session["amount_subtotal"],
        currency=session["currency"],
    )
    for id in ids:
        world.save({**world.get("discount", id), "checkout_session": session["id"]})
    return ids


def _is_good(world: World, session: Json, code: Json) -> bool:
    if code["customer"] and code["customer"] != session["customer"]:
        return False
    try:
        _check(world, session, [{"promotion_code": code["id"]}])
    except InvalidRequest:
        return False
    return True


def _check(world: World, session: Json, sent: list[Json]) -> None:
    """Redeem for a moment, to see whether it would work at the end."""
    with world.pretend():
        redeem(world, {**session, "_sandbox": {"discounts": sent}})
