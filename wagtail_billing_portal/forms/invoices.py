from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

STATUSES = [
    ("", _("All")),
    ("paid", _("Paid")),
    ("open", _("Open")),
    ("void", _("Void")),
    ("uncollectible", _("Not paid")),
]


class InvoiceFilterForm(forms.Form):
    """Which invoices of a long list to show."""

    status = forms.ChoiceField(label=_("Status"), choices=STATUSES, required=False)
    year = forms.TypedChoiceField(
        label=_("Year"), coerce=int, empty_value=None, required=False
    )

    def __init__(self, *args: Any, years: Sequence[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        year = cast("forms.ChoiceField", self.fields["year"])
        year.choices = [("", _("All")), *((year, str(year)) for year in years)]
        for field in self.fields.values():
            field.widget.attrs["class"] = "billing-input"
