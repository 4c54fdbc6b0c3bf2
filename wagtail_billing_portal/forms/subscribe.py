from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .keyed import KeyedForm


class SubscribeForm(KeyedForm):
    """Which price, how often over; the rest is decided at Stripe's Checkout."""

    price = forms.CharField(max_length=255, widget=forms.HiddenInput)
    quantity = forms.IntegerField(
        label=_("Quantity"), min_value=1, max_value=999_999, required=False
    )
