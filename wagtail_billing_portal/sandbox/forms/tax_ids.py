"""Asking a business under which number it is taxed."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from stripe import TaxId

from wagtail_billing_portal.sandbox.billing import tax_id_formats
from wagtail_billing_portal.sandbox.contract.shapes import Choice, record
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.pages.money import babel_locale


def check_tax_id(form: forms.Form) -> None:
    """Refuse a number without its kind, a kind without its number, and a wrong one."""
    kind, value = (form.cleaned_data.get(f"tax_id_{it}") for it in ("type", "value"))
    if bool(kind) != bool(value):
        form.add_error("tax_id_value", _("A tax ID needs its kind and its number."))
    if not kind or not value:
        return
    try:
        tax_id_formats.checked(kind, value, param="value")
    except InvalidRequest:
        form.add_error("tax_id_value", _("This is no number of that kind."))


def tax_id_kinds() -> list[tuple[str, str]]:
    """Stripe's kinds of tax IDs with the countries they are from, by country."""
    names = babel_locale().territories
    shape = record(TaxId).fields["type"].shape
    kinds = shape.values if isinstance(shape, Choice) else ()
    said = []
    for kind in kinds:
        region, _underscore, rest = kind.partition("_")
        place = names.get(region.upper())
        if place and rest:
            said.append((kind, f"{place}: {rest.replace('_', ' ').upper()}"))
    return sorted(said, key=lambda one: one[1])
