"""What the forms of the sandbox's pages share."""

from __future__ import annotations

import unicodedata
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.pages.money import babel_locale

_NOT_COUNTRIES = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})


class PlainForm(forms.Form):
    """A form whose labels end without a colon."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""


def country_field() -> forms.ChoiceField:
    """Where somebody lives who pays."""
    return forms.ChoiceField(
        label=_("Country"),
        choices=[("", _("Choose a country")), *countries()],
        error_messages={"required": _("Choose a country.")},
        widget=forms.Select(attrs={"autocomplete": "billing country"}),
    )


def countries() -> list[tuple[str, str]]:
    """Codes and names of the world's countries, in the active language."""
    names = babel_locale().territories
    return sorted(
        (
            (code, name)
            for code, name in names.items()
            if len(code) == 2 and code.isalpha() and code not in _NOT_COUNTRIES
        ),
        key=lambda country: unicodedata.normalize("NFKD", country[1]),
    )
