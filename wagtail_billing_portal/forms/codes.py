from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from .keyed import KeyedForm


class CodeForm(KeyedForm):
    """A promotion code, as a member types it."""

    code = forms.CharField(label=_("Promotion code"), max_length=200)


class RemoveDiscountForm(KeyedForm):
    """Which discount to let go of."""

    discount = forms.CharField(max_length=255, widget=forms.HiddenInput)
