"""What somebody types in the customer portal."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.forms.base import PlainForm, countries

FEEDBACK = {
    "too_expensive": _("It is too expensive"),
    "missing_features": _("Something I need is missing"),
    "switched_service": _("I found something else"),
    "unused": _("I do not use it enough"),
    "customer_service": _("I was not happy with the service"),
    "too_complex": _("It is too complicated"),
    "low_quality": _("The quality was not good enough"),
    "other": _("Another reason"),
}

ADDRESS = ("line1", "line2", "postal_code", "city", "country")


class CancelForm(PlainForm):
    """Why somebody leaves; nobody has to say."""

    feedback = forms.ChoiceField(
        label=_("What made you decide?"),
        required=False,
        widget=forms.RadioSelect,
    )
    comment = forms.CharField(
        label=_("Anything else you want to say"),
        help_text=_("You need not answer."),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, options: Iterable[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        feedback = cast(forms.ChoiceField, self.fields["feedback"])
        feedback.choices = [(name, FEEDBACK[name]) for name in options]

    @property
    def details(self) -> dict[str, str]:
        """The answers in the shape of Stripe's ``cancellation_details``."""
        return {name: value for name, value in self.cleaned_data.items() if value}


class DetailsForm(PlainForm):
    """What invoices say about the customer; only what is allowed can be changed."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        error_messages={"required": _("Enter your name.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Invoices are sent there."),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )
    phone = forms.CharField(
        label=_("Phone number"),
        max_length=30,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel", "dir": "ltr"}),
    )
    line1 = forms.CharField(
        label=_("Street and number"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line1"}),
    )
    line2 = forms.CharField(
        label=_("Address, second line"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-line2"}),
    )
    postal_code = forms.CharField(
        label=_("Postcode"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "postal-code"}),
    )
    city = forms.CharField(
        label=_("Town"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "address-level2"}),
    )
    country = forms.ChoiceField(
        label=_("Country"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "country"}),
    )

    def __init__(
        self,
        *args: Any,
        customer: dict[str, Any],
        allowed: Iterable[str],
        **kwargs: Any,
    ) -> None:
        known = {**(customer["address"] or {}), **customer}
        super().__init__(*args, initial=known, **kwargs)
        country = cast(forms.ChoiceField, self.fields["country"])
        country.choices = [("", _("Choose a country")), *countries()]
        for name in list(self.fields):
            if ("address" if name in ADDRESS else name) not in allowed:
                del self.fields[name]

    @property
    def changes(self) -> dict[str, Any]:
        """The answers as parameters of Stripe's customer update."""
        sent = {
            name: value
            for name, value in self.cleaned_data.items()
            if name not in ADDRESS
        }
        if "line1" in self.fields:
            sent["address"] = {name: self.cleaned_data[name] for name in ADDRESS}
        return sent
