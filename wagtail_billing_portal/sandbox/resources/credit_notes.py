from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing import credit_notes
from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.pagination import page
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]

_CREATE = {
    "amount",
    "credit_amount",
    "effective_at",
    "email_type",
    "invoice",
    "lines",
    "memo",
    "metadata",
    "out_of_band_amount",
    "reason",
    "refund_amount",
    "refunds",
}


@operation("POST", "/v1/credit_notes", handles=_CREATE)
def create_credit_note(world: World, params: Json) -> Json:
    """Less to pay, or money back, with a number of its own."""
    return credit_notes.create(world, params)


@operation("GET", "/v1/credit_notes/preview", handles=_CREATE)
def preview_credit_note(world: World, params: Json) -> Json:
    """What a credit note would say; nothing happens."""
    with world.pretend():
        note = credit_notes.create(world, params)
    return note


@operation("GET", "/v1/credit_notes/preview/lines", handles=_CREATE)
def preview_lines(world: World, params: Json) -> Json:
    with world.pretend():
        note = credit_notes.create(world, params)
    return page(note["lines"]["data"], params, url=world.path)


@operation("GET", "/v1/credit_notes/{id}")
def retrieve_credit_note(world: World, params: Json, id: str) -> Json:
    return world.get(credit_notes.KIND, id)


@operation("POST", "/v1/credit_notes/{id}", handles={"memo", "metadata"})
def update_credit_note(world: World, params: Json, id: str) -> Json:
    """Change its labels; what it takes back stays."""
    note = world.get(credit_notes.KIND, id)
    assign(note, params, ("memo",))
    merge_metadata(note, params)
    return world.save(note, "credit_note.updated")


@operation("POST", "/v1/credit_notes/{id}/void")
def void_credit_note(world: World, params: Json, id: str) -> Json:
    return credit_notes.void(world, world.get(credit_notes.KIND, id))


@operation("GET", "/v1/credit_notes", handles={"customer", "invoice"})
def list_credit_notes(world: World, params: Json) -> Json:
    same = ("customer", "invoice")
    equals = {name: params[name] for name in same if name in params}
    return world.list(credit_notes.KIND, params, **equals)


@operation("GET", "/v1/credit_notes/{credit_note}/lines")
def list_credit_note_lines(world: World, params: Json, credit_note: str) -> Json:
    note = world.get(credit_notes.KIND, credit_note)
    return page(note["lines"]["data"], params, url=world.path)
