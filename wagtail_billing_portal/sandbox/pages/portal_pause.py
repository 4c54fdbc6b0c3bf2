"""Taking a rest, and ending it, in the customer portal."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import portal_pauses
from wagtail_billing_portal.sandbox.billing.outcomes import Declined
from wagtail_billing_portal.sandbox.errors import CardDeclined
from wagtail_billing_portal.sandbox.forms import CardForm, PauseForm
from wagtail_billing_portal.sandbox.pages.cards import asking, card_form, refusal_text
from wagtail_billing_portal.sandbox.pages.frame import page, see_other
from wagtail_billing_portal.sandbox.pages.money import format_amount
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    around,
    finished,
    portal_view,
    settled,
    way_back,
)
from wagtail_billing_portal.sandbox.pages.portal_summary import (
    bill_parts,
    paying_with,
)
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.pages.words import duration, on_date

Json = dict[str, Any]

FEATURE = portal_pauses.FEATURE


@portal_view
def portal_pause(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Say what a rest means, ask for how long, and let it begin."""
    subscription = visit.subscription(subscription_id, feature=FEATURE)
    if "pause" not in visit.acts(subscription):
        return see_other(way_back(visit))
    options = portal_pauses.durations(visit.feature(FEATURE))
    form = _durations(request, visit, options)
    if request.method == "POST" and (form is None or form.is_valid()):
        chosen = options[int(form.cleaned_data["duration"])] if form else None
        portal_pauses.pause(visit.world, subscription, chosen)
        return finished(request, visit, gettext("Your subscription is paused"))
    holding = visit.holding(subscription)
    context = {
        "heading": gettext("Pause %(name)s?") % {"name": holding.name},
        "rate": holding.rate,
        "sentences": _consequences(visit, subscription),
        "form": form,
        **around(visit),
        **asking(request, *([form] if form else [])),
    }
    return page(request, "portal_pause", context)


@portal_view
def portal_resume(
    request: HttpRequest, visit: Visit, subscription_id: str
) -> HttpResponse:
    """Say what is due, and let a subscription run again when that is paid."""
    subscription = visit.subscription(subscription_id, feature=FEATURE)
    if "resume" not in visit.acts(subscription):
        return see_other(way_back(visit))
    bill = portal_pauses.resumed_bill(visit.world, subscription)
    card = _card(request, visit, subscription)
    refusal = ""
    if request.method == "POST" and (card is None or card.is_valid()):
        try:
            if card is not None:
                visit.keep_card(card.card, subscription)
            outcome = portal_pauses.resume(visit.world, subscription)
        except CardDeclined as declined:
            outcome = Declined(declined.code or "", declined.message)
        if not isinstance(outcome, Declined):
            heading = gettext("Your subscription runs again")
            back = request.get_full_path()
            return settled(request, visit, outcome, heading=heading, back=back)
        refusal = refusal_text(outcome)
    paid = paying_with(visit, subscription)
    holding = visit.holding(subscription)
    context = {
        "heading": gettext("Resume %(name)s?") % {"name": holding.name},
        "rate": holding.rate,
        "facts": [paid] if paid else [],
        "button": _button(bill),
        "card_form": card,
        **bill_parts(visit, bill),
        **around(visit),
        **asking(request, *([card] if card else []), refusal=refusal),
    }
    return page(request, "portal_resume", context)


def _durations(
    request: HttpRequest, visit: Visit, options: list[Json]
) -> PauseForm | None:
    if not options:
        return None
    choices = []
    for at, option in enumerate(options):
        end = on_date(portal_pauses.end_of(visit.world, option))
        until = gettext("%(duration)s, until %(date)s")
        said = {"duration": duration(option), "date": end}
        choices.append((str(at), until % said))
    data = request.POST if request.method == "POST" else None
    return PauseForm(data, choices=choices, initial={"duration": "0"})


def _consequences(visit: Visit, subscription: Json) -> list[str]:
    said = [gettext("It rests from now on, and nothing is charged while it does.")]
    credit = portal_pauses.credit(visit.world, subscription)
    if credit.amount < 0:
        amount = format_amount(-credit.amount, credit.currency)
        text = gettext(
            "You get back %(amount)s for what is left of this period: your next invoice "
            "is that much lower."
        )
        said.append(text % {"amount": amount})
    return said


def _card(request: HttpRequest, visit: Visit, subscription: Json) -> CardForm | None:
    if visit.method_of(subscription) is not None and "refused" not in request.GET:
        return None
    return card_form(request, now=visit.world.now, holder=visit.customer)


def _button(bill: Json | None) -> str:
    if not bill or not bill["amount_due"]:
        return gettext("Resume subscription")
    amount = format_amount(bill["amount_due"], bill["currency"])
    return gettext("Resume and pay %(amount)s") % {"amount": amount}
