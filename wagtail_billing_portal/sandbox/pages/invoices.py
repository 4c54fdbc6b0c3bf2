"""The hosted page of an invoice and its PDF, open to whoever has the link."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext, override
from django.views.decorators.http import require_safe

from wagtail_billing_portal.sandbox.billing import intents, invoicing, receipts
from wagtail_billing_portal.sandbox.billing.outcomes import (
    ActionRequired,
    Completed,
    Declined,
)
from wagtail_billing_portal.sandbox.billing.payments import pay_on_page
from wagtail_billing_portal.sandbox.forms import CardForm
from wagtail_billing_portal.sandbox.pages.cards import asking, card_form, refusal_text
from wagtail_billing_portal.sandbox.pages.document import (
    InvoiceDocument,
    Payment,
    document_of,
    products_of,
)
from wagtail_billing_portal.sandbox.pages.frame import (
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.money import babel_locale, format_amount
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.words import card_label, on_date
from wagtail_billing_portal.sandbox.pdf import has_letters_of, invoice_pdf
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@sandbox_page
def invoice_page(request: HttpRequest, token: str) -> HttpResponse:
    """Show an invoice, and take a card for it while it is open."""
    with world_with(invoicing.PAGE, token) as world:
        invoice = _invoice_behind(world, token)
        with spoken(request, _language_of(world, invoice)):
            return _shown(request, world, invoice, token)


@require_safe
@sandbox_page
def invoice_file(request: HttpRequest, token: str) -> HttpResponse:
    """The invoice as a PDF file."""
    with world_with(invoicing.PAGE, token) as world:
        invoice = _invoice_behind(world, token)
        with spoken(request, _language_of(world, invoice)):
            document, file = _file(world, invoice)
    response = HttpResponse(file, content_type="application/pdf")
    disposition = content_disposition_header(True, document.filename)
    response.headers["Content-Disposition"] = disposition or "attachment"
    return response


def _file(world: World, invoice: Json) -> tuple[InvoiceDocument, bytes]:
    language = get_language() if has_letters_of(babel_locale()) else "en"
    with override(language):
        document = _document(world, invoice)
        return document, invoice_pdf(document)


def _shown(
    request: HttpRequest, world: World, invoice: Json, token: str
) -> HttpResponse:
    waits = _waits_for_bank(world, invoice)
    payable = invoice["status"] in ("open", "uncollectible") and not waits
    if request.method == "POST" and not payable:
        # The second click on the button: the first one has paid.
        return see_other(request.path)
    holder = {
        "name": invoice["customer_name"],
        "address": invoice["customer_address"],
    }
    card = card_form(request, now=world.now, holder=holder) if payable else None
    refusal = ""
    if request.method == "POST" and card is not None and card.is_valid():
        answer = _pay(world, invoice, card)
        if isinstance(answer, HttpResponse):
            return answer
        refusal = answer
    amount = format_amount(invoice["amount_remaining"], invoice["currency"])
    return page(
        request,
        "invoice",
        {
            "document": _document(world, invoice),
            "pdf_url": reverse("billing_sandbox:invoice_file", args=[token]),
            "card_form": card,
            "waits_for_bank": waits,
            "pay_text": gettext("Pay %(amount)s") % {"amount": amount},
            "seller": seller_name(),
            "narrow": True,
            **asking(request, *([card] if card else []), refusal=refusal),
        },
    )


def _waits_for_bank(world: World, invoice: Json) -> bool:
    intent = invoicing.intent_of(world, invoice)
    under_way = intent is not None and intent["status"] == intents.PROCESSING
    return under_way and invoice["status"] == "open"


def _pay(world: World, invoice: Json, card: CardForm) -> HttpResponse | str:
    """Where to go next, or the words with which the bank refused."""
    outcome = pay_on_page(
        world, invoice["id"], card=card.card, email=invoice["customer_email"] or ""
    )
    match outcome:
        case Completed(redirect_url=url) | ActionRequired(url=url):
            return see_other(url)
        case Declined():
            return refusal_text(outcome)


def _invoice_behind(world: World, token: str) -> Json:
    link = world.get(invoicing.PAGE, token)
    return world.get("invoice", link["invoice"])


def _language_of(world: World, invoice: Json) -> str | None:
    customer = world.get("customer", invoice["customer"], include_deleted=True)
    return next(iter(customer.get("preferred_locales") or []), None)


def _document(world: World, invoice: Json) -> InvoiceDocument:
    seller = [invoice["account_name"] or seller_name()]
    names = {
        product: world.get("product", product)["name"]
        for product in products_of(invoice)
    }
    payments = _payments(world, invoice)
    return document_of(invoice, seller=seller, names=names, payments=payments)


def _payments(world: World, invoice: Json) -> list[Payment]:
    paid = world.find("invoice_payment", invoice=invoice["id"], status="paid")
    return [_payment(world, each) for each in reversed(paid)]


def _payment(world: World, paid: Json) -> Payment:
    method = None
    if intent_id := paid["payment"].get("payment_intent"):
        intent = world.get("payment_intent", intent_id)
        if intent["payment_method"]:
            method = world.get("payment_method", intent["payment_method"])
    return Payment(
        date=on_date(paid["status_transitions"]["paid_at"]),
        method=card_label(method) or gettext("Payment"),
        amount=format_amount(paid["amount_paid"], paid["currency"]),
        receipt_url=receipts.url_of(world, paid),
    )
