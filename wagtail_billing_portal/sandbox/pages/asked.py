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
    AccountForm,
    CardForm,
    OrderForm,
    PayerForm,
    WayForm,
    account_form_class,
)
from wagtail_billing_portal.sandbox.forms.accounts import CARD
from wagtail_billing_portal.sandbox.pages.cards import card_form
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.order import needs_card
from wagtail_billing_portal.sandbox.pages.practice_cards import practice_account
from wagtail_billing_portal.sandbox.pages.words import card_label, kind_label
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What one visitor is asked for."""

    payer: PayerForm
    ways: WayForm | None
    blocks: dict[str, CardForm | AccountForm]
    email: str

    @property
    def chosen(self) -> CardForm | AccountForm | None:
        """Where something is typed in about the way that was chosen."""
        if self.ways is None:
            return next(iter(self.blocks.values()), None)
        return self.blocks.get(self.ways.chosen)

    @property
    def card(self) -> CardForm | None:
        """Where a card is typed in, if one may pay."""
        card = self.blocks.get(CARD)
        return card if isinstance(card, CardForm) else None

    @property
    def accounts(self) -> list[AccountForm]:
        """Where other ways than a card are described."""
        return [it for it in self.blocks.values() if isinstance(it, AccountForm)]

    @property
    def forms(self) -> list[Form]:
        """The forms that count: what is saved needs nothing typed."""
        asked = (self.payer, self.ways, self.chosen)
        return [form for form in asked if form is not None]

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
        if self.chosen is not None and (country := self.chosen.country):
            place.setdefault("country", country)
        return place if place.get("country") else {}

    @property
    def paying(self) -> Json:
        """How it is paid, as ``checkout.pay`` takes it."""
        said: Json = {"typed": {"email": self.email, **self.payer.typed}}
        match self.chosen:
            case CardForm() as form:
                return {**said, "card": form.card}
            case AccountForm() as form:
                return {**said, "account": form.account}
        return {**said, "saved": self.ways.chosen if self.ways else None}


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
    if not asks_card:
        return Asked(payer, None, {}, email)
    ways = _ways(request, world, session, data)
    kinds = session["payment_method_types"]
    new = ways.chosen if ways else kinds[0]
    blocks = {
        kind: _block(request, world, kind, holder=customer, bound=bound and kind == new)
        for kind in kinds
    }
    return Asked(payer, ways, blocks, email)


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


def _ways(
    request: HttpRequest, world: World, session: Json, data: Any
) -> WayForm | None:
    """The choice between several ways to pay, those that are saved first."""
    saved = [
        (method["id"], card_label(method))
        for method in checkout.saved_methods(world, session)
    ]
    another = gettext("Another card") if saved else kind_label(CARD)
    ways = [
        *saved,
        *(
            (kind, another if kind == CARD else kind_label(kind))
            for kind in session["payment_method_types"]
        ),
    ]
    if len(ways) < 2:
        return None
    wish = practice_account(request.GET.get("account"))
    wanted = CARD if request.GET.get("card") else wish.kind if wish else ""
    chosen = wanted if wanted in dict(ways) else ways[0][0]
    return WayForm(data, ways=ways, chosen=chosen)


def _block(
    request: HttpRequest, world: World, kind: str, *, holder: Json, bound: bool
) -> CardForm | AccountForm:
    if kind == CARD:
        return card_form(request, now=world.now, holder=holder, bound=bound)
    form_class = account_form_class(kind)
    if bound:
        return form_class(request.POST)
    initial = {"name": holder.get("name") or ""}
    wish = practice_account(request.GET.get("account"))
    if wish and wish.kind == kind:
        initial |= wish.form_values
    return form_class(initial=initial)


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
