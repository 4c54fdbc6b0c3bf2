from __future__ import annotations

from datetime import date, datetime

from django import template
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString
from laces.templatetags.laces import component

from ..accounts import BillingAccount
from ..money import format_amount
from ..sections.asking import account_of
from ..sections.words import date_words

register = template.Library()
# So that a site need not install laces as an app of its own.
register.tag("component", component)

STYLES_ATTRIBUTE = "_billing_styles_linked"


@register.simple_tag(takes_context=True)
def billing_account(context: Context) -> BillingAccount | None:
    """The visitor's billing account: ``{% billing_account as account %}``."""
    request = context.get("request")
    return account_of(request) if request else None


@register.simple_tag
def billing_money(amount: int | None, currency: str) -> str:
    """Minor units in the visitor's words: ``{% billing_money 1200 "eur" %}``."""
    return "" if amount is None else format_amount(amount, currency)


@register.filter
def billing_date(value: date | datetime | None) -> str:
    """A date in full, "19 December 2026"."""
    return date_words(value)


@register.filter
def billing_short_date(value: date | datetime | None) -> str:
    """A date for a table, "19 Dec 2026"."""
    return date_words(value, "medium")


@register.simple_tag(takes_context=True)
def billing_styles(context: Context) -> SafeString:
    """The portal's stylesheet, once a page, however many blocks ask for it."""
    request = context.get("request")
    if getattr(request, STYLES_ATTRIBUTE, False):
        return SafeString("")
    if request is not None:
        setattr(request, STYLES_ATTRIBUTE, True)
    address = static("wagtail_billing_portal/portal.css")
    return format_html('<link rel="stylesheet" href="{}">', address)
