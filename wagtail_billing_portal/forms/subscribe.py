from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from ..policies.offers import price_of
from .keyed import KeyedForm


class SubscribeForm(KeyedForm):
    """Which price; the rest is decided at Stripe's Checkout."""

    offer = forms.CharField(max_length=500, widget=forms.HiddenInput)

    def clean_offer(self) -> str:
        """The id of the price; one that no page offered is not for sale."""
        price = price_of(self.cleaned_data["offer"])
        if price is None:
            raise forms.ValidationError(_("This plan is not offered here."))
        return price
