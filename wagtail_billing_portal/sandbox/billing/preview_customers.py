"""Who a preview is for: nobody known yet, or a customer with other details."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import customers, tax_ids
from wagtail_billing_portal.sandbox.billing.fields import Json, address, supported
from wagtail_billing_portal.sandbox.world import World

_DETAILS = ("address", "tax_exempt", "tax_ids")


def take(world: World, params: Json) -> str:
    """The customer as ``customer_details`` have it; only for use while pretending."""
    details = params["customer_details"]
    supported(details, _DETAILS, param="customer_details")
    if "customer" in params:
        customer = world.get("customer", params["customer"], param="customer")
    else:
        customer = world.add(customers.blank(world), "customer.created")
    if "address" in details:
        customer["address"] = address(details["address"])
    if "tax_exempt" in details:
        customer["tax_exempt"] = details["tax_exempt"] or "none"
    world.save(customer)
    if "tax_ids" in details:
        _replace_tax_ids(world, customer["id"], details["tax_ids"])
    return str(customer["id"])


def _replace_tax_ids(world: World, customer: str, sent: list[Json]) -> None:
    for known in world.find(tax_ids.KIND, customer=customer):
        tax_ids.delete(world, known)
    for index, number in enumerate(sent):
        path = f"customer_details[tax_ids][{index}][value]"
        tax_ids.create(
            world, number["type"], number["value"], customer=customer, param=path
        )
