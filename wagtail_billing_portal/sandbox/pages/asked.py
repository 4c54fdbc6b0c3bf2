"""The forms of a checkout page: who pays, with what, for how much of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.forms.boundfield import BoundField
from django.http import HttpRequest
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import checkout, offers
from wagtail_billing_portal.sandbox.forms import (
    CardForm,
    OrderForm,
    PayerForm,
    SavedCardForm,
)
from wagtail_billing_portal.sandbox.pages.cards import card_form
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.order import needs_card
from wagtail_billing_portal.sandbox.pages.words import card_label
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What one visitor is asked for."""

    payer: PayerForm
    saved: SavedCardForm | None
    card: CardForm | None
    email: str

    @property
    def forms(self) -> list[Form]:
        """The forms that count: a saved card needs no typed one."""
        typed = self.card if self.saved is None or self.saved.is_new else None
        return [form for form in (self.payer, self.saved, typed) if form is not None]

    @property
    def fields(self) -> list[BoundField]:
        """Every field that counts, in the order of the page."""
        between = [field for form in self.forms[1:] for field in form]
        payer = self.payer
        return [*payer.contact, *between, *payer.others, *payer.ticks]

    def is_valid(self) -> bool:
        """Every form is checked, so that all mistakes are shown at once."""
        return not [form for form in self.forms if not form.is_valid()]

    @property
    def place(self) -> Json:
        """Where the payer says they live, as far as they were asked."""
        place = {**self.payer.typed["address"]}
        if self.card is not None and self.card in self.forms:
            place.setdefault("country", self.card.card["country"])
        return place if place.get("country") else {}

    @property
    def paying(self) -> Json:
        """How it is paid, as ``checkout.pay`` takes it."""
        said: Json = {"typed": {"email": self.email, **self.payer.typed}}
        if self.saved is not None and not self.saved.is_new:
            return {**said, "saved": self.saved.cleaned_data["paying_with"]}
        return {**said, "card": self.card.card if self.card else None}


def asked_of(
    request: HttpRequest, world: World, session: Json, *, bound: bool
) -> Asked:
    """The questions of a session's page, ``bound`` to what was posted or empty."""
    customer = customer_of(world, session)
    private = session["_sandbox"]
    prefill = private.get("prefill") or {}
    locked = prefill.get("email") if prefill.get("locked") else ""
    email = session["customer_email"] or customer.get("email") or locked or ""
    data = request.POST if bound else None
    asks_card = needs_card(session)
    saving = session["saved_payment_method_options"] or {}
    payer = PayerForm(
        data,
        session=session,
        asks_email=not email,
        asks_country=not asks_card,
        may_save=asks_card
        and session["mode"] == "payment"
        and saving.get("payment_method_save") == "enabled",
        initial={
            "email": prefill.get("email"),
            "phone": customer.get("phone"),
            **(customer.get("address") or {}),
        },
    )
    saved = _saved(world, session, data) if asks_card else None
    card = None
    if asks_card:
        new = bound and (saved is None or saved.is_new)
        card = card_form(request, now=world.now, holder=customer, bound=new)
    return Asked(payer, saved, card, email)


def order_form(
    request: HttpRequest, world: World, session: Json, *, bound: bool
) -> OrderForm | None:
    """How many the payer may choose of what, if of anything."""
    choices = [*_adjustable(session), *_extras(world, session)]
    if not choices:
        return None
    return OrderForm(request.POST if bound else None, choices=choices)


def customer_of(world: World, session: Json) -> Json:
    """The customer whom a session is for, as far as there is one."""
    if not session["customer"]:
        return {}
    return world.get("customer", session["customer"])


def _saved(world: World, session: Json, data: Any) -> SavedCardForm | None:
    cards = [
        (method["id"], card_label(method))
        for method in checkout.saved_methods(world, session)
    ]
    return SavedCardForm(data, cards=cards) if cards else None


def _adjustable(session: Json) -> list[Json]:
    choices = []
    for item in session["_sandbox"]["line_items"]:
        range_ = offers.limits(item["adjustable_quantity"])
        if range_ and "extra" not in item.get("_sandbox", {}):
            label = gettext("Quantity of %(name)s") % {"name": item["description"]}
            choices.append(_choice(item["id"], label, range_, item["quantity"]))
    return choices


def _extras(world: World, session: Json) -> list[Json]:
    choices = []
    for extra in session.get("optional_items") or []:
        price = world.get("price", extra["price"])
        name = world.get("product", price["product"])["name"]
        range_ = offers.limits(extra["adjustable_quantity"])
        most = range_[1] if range_ else extra["quantity"]
        choice = _choice(
            extra["price"],
            gettext("Add %(name)s") % {"name": name},
            (0, most),
            offers.quantity_of(session, extra),
        )
        each = format_amount(price["unit_amount"] or 0, price["currency"])
        choice["help"] = gettext("%(amount)s each, 0 for none") % {"amount": each}
        choices.append(choice)
    return choices


def _choice(key: str, label: str, range_: tuple[int, int], quantity: int) -> Json:
    least, most = range_
    return {
        "key": key,
        "label": label,
        "least": least,
        "most": most,
        "quantity": quantity,
    }
