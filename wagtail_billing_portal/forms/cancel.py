from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from .keyed import KeyedForm

AT_END = "end"
NOW = "now"


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


class CancelConfirmForm(KeyedForm):
    """When it ends, where there is a choice, and the figures that were shown."""

    when = forms.ChoiceField(
        label=_("When should it end?"), widget=forms.RadioSelect, required=False
    )
    figures = forms.CharField(
        max_length=10_000, widget=forms.HiddenInput, required=False
    )

    def __init__(
        self, *args: Any, whens: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.whens = list(whens)
        when = cast("forms.ChoiceField", self.fields["when"])
        when.choices = self.whens
        when.initial = self.whens[0][0]
        if len(self.whens) == 1:
            when.widget = forms.HiddenInput()

    def clean_when(self) -> str:
        """Where nothing was chosen, the first way: it takes the least away."""
        when: str = self.cleaned_data["when"]
        return when or self.whens[0][0]


class OfferForm(KeyedForm):
    """Taking what was offered."""

    offer = forms.IntegerField(widget=forms.HiddenInput)
