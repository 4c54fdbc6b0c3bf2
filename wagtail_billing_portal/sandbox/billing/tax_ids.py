"""Tax identification numbers: their formats, and asking the registers about them."""

from __future__ import annotations

from wagtail_billing_portal.sandbox import clock
from wagtail_billing_portal.sandbox.billing import tax_id_formats
from wagtail_billing_portal.sandbox.billing.fields import Json
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.world import World

KIND = "tax_id"
CHECKED = ("au_abn", "eu_vat", "gb_vat")
MOST_PER_CUSTOMER = 5

_ANSWER_TAKES = 5  # seconds
_OUTCOMES = {"000000000": "verified", "111111111": "unverified"}
_NEVER_ANSWERED = "222222222"


def create(
    world: World, type_: str, value: str, *, customer: str | None, param: str = "value"
) -> Json:
    """A number of a customer, or of the account itself; it is checked later on."""
    value = tax_id_formats.checked(type_, value, param=param)
    if customer and len(world.find(KIND, customer=customer)) >= MOST_PER_CUSTOMER:
        raise InvalidRequest(
            f"A customer can have at most {MOST_PER_CUSTOMER} tax IDs."
        )
    tax_id = {
        **skeleton(KIND),
        "id": world.new_id("txi_"),
        "country": tax_id_formats.country_of(type_, value),
        "created": world.now,
        "customer": customer,
        "owner": _owner(customer),
        "type": type_,
        "value": value,
        "verification": None,
    }
    if customer is None:
        return world.add(tax_id)
    asked = type_ in CHECKED
    tax_id["verification"] = _verification("pending" if asked else "unavailable")
    if asked and not value.endswith(_NEVER_ANSWERED):
        world.private(tax_id)["due_at"] = world.now + _ANSWER_TAKES
    return world.add(tax_id, "customer.tax_id.created")


def delete(world: World, tax_id: Json) -> Json:
    """Forget a number; finalized invoices keep it."""
    event = "customer.tax_id.deleted" if tax_id["customer"] else None
    return world.delete(tax_id, event)


def is_verified_abroad(world: World, customer_id: str, country: str) -> bool:
    """Whether a customer has a verified EU number, in a country other than ours."""
    return country != tax_id_formats.HOME and any(
        tax_id["type"] == "eu_vat"
        and (tax_id["verification"] or {}).get("status") == "verified"
        for tax_id in world.find(KIND, customer=customer_id)
    )


@clock.due_work(KIND)
def answered(world: World, tax_id: Json) -> None:
    """The register has looked a number up."""
    outcome = _OUTCOMES.get(tax_id["value"][-9:], "verified")
    tax_id["verification"] = _verification(outcome)
    if outcome == "verified":
        customer = world.get("customer", tax_id["customer"], include_deleted=True)
        tax_id["verification"]["verified_name"] = customer.get("name")
    world.private(tax_id).pop("due_at", None)
    world.save(tax_id, "customer.tax_id.updated")


def _verification(status: str) -> Json:
    return {"status": status, "verified_address": None, "verified_name": None}


def _owner(customer: str | None) -> Json:
    return {
        "account": None,
        "application": None,
        "customer": customer,
        "customer_account": None,
        "type": "customer" if customer else "self",
    }
