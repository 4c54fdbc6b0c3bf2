from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _


class CancelReasonForm(forms.Form):
    """Why a member leaves. Both questions may stay unanswered."""

    reason = forms.ChoiceField(
        label=_("What made you decide?"),
        help_text=_("Optional. It helps us do better."),
        widget=forms.RadioSelect,
        required=False,
    )
    comment = forms.CharField(
        label=_("Anything you would like to add?"),
        help_text=_("Optional."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "billing-input"}),
        required=False,
    )

    def __init__(
        self, *args: Any, reasons: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        reason = cast("forms.ChoiceField", self.fields["reason"])
        reason.choices = list(reasons)
