from __future__ import annotations

from typing import Any

from tests.sandbox.resources.shop import DAY
from wagtail_billing_portal.sandbox import clock


def _draft(api: Any, customer: str, **more: Any) -> Any:
    sent = {"customer": customer, "currency": "eur", **more}
    invoice = api.invoices.create(sent)
    item = {"customer": customer, "invoice": invoice.id}
    api.invoice_items.create({**item, "amount": 1000, "currency": "eur"})
    return invoice


def test_a_draft_of_a_deleted_customer_does_not_stop_the_clock(
    shop: Any, api: Any, world: Any
) -> None:
    customer = shop.customer()
    invoice = _draft(api, customer, auto_advance=True)

    api.customers.delete(customer)
    clock.travel(world, world.now + DAY)

    left = api.invoices.retrieve(invoice.id)
    assert (left.status, left.auto_advance) == ("draft", False)


def test_a_draft_that_cannot_be_finalized_does_not_stop_the_clock(
    shop: Any, api: Any, world: Any
) -> None:
    customer = shop.customer()
    automatic = {"enabled": True}
    invoice = _draft(api, customer, auto_advance=True, automatic_tax=automatic)

    clock.travel(world, world.now + DAY)

    left = api.invoices.retrieve(invoice.id)
    assert left.status == "draft"
    assert left.last_finalization_error.code == "customer_tax_location_invalid"
    failed = api.events.list({"type": "invoice.finalization_failed"})
    assert len(failed.data) == 1


def test_an_invoice_of_a_deleted_customer_can_be_voided(shop: Any, api: Any) -> None:
    customer = shop.customer(balance=-400)
    invoice = _draft(api, customer, auto_advance=False)
    api.invoices.finalize_invoice(invoice.id)

    api.customers.delete(customer)

    assert api.invoices.void_invoice(invoice.id).status == "void"
