"""What invoices say about a customer, as far as the customer portal lets it change."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.forms.base import PlainForm, countries
from wagtail_billing_portal.sandbox.forms.tax_ids import check_tax_id, tax_id_kinds

ADDRESS = ("line1", "line2", "postal_code", "city", "country")
PLAIN = ("name", "email", "phone")
SHIPPING = tuple(
    f"shipping_{name}" for name in ("name", "line1", "postal_code", "city", "country")
)


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

    shipping_name = forms.CharField(
        label=_("Who receives it"),
        max_length=150,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping name"}),
    )
    shipping_line1 = forms.CharField(
        label=_("Street and number of the delivery address"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-line1"}),
    )
    shipping_postal_code = forms.CharField(
        label=_("Postcode of the delivery address"),
        max_length=20,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping postal-code"}),
    )
    shipping_city = forms.CharField(
        label=_("Town of the delivery address"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "shipping address-level2"}),
    )
    shipping_country = forms.ChoiceField(
        label=_("Country of the delivery address"),
        required=False,
        widget=forms.Select(attrs={"autocomplete": "shipping country"}),
    )
    tax_id_type = forms.ChoiceField(label=_("Another tax ID: which"), required=False)
    tax_id_value = forms.CharField(
        label=_("Another tax ID: its number"),
        max_length=50,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )
    remove_tax_ids = forms.MultipleChoiceField(
        label=_("Tax IDs to remove"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(
        self,
        *args: Any,
        customer: dict[str, Any],
        allowed: Iterable[str],
        tax_ids: Iterable[dict[str, Any]] = (),
        **kwargs: Any,
    ) -> None:
        shipping = customer["shipping"] or {}
        sent_to = {"name": shipping.get("name"), **(shipping.get("address") or {})}
        known = {
            **(customer["address"] or {}),
            **customer,
            **{f"shipping_{name}": value for name, value in sent_to.items()},
        }
        super().__init__(*args, initial=known, **kwargs)
        for name in ("country", "shipping_country"):
            country = cast(forms.ChoiceField, self.fields[name])
            country.choices = [("", _("Choose a country")), *countries()]
        kinds = cast(forms.ChoiceField, self.fields["tax_id_type"])
        kinds.choices = [("", _("None")), *tax_id_kinds()]
        present = cast(forms.MultipleChoiceField, self.fields["remove_tax_ids"])
        present.choices = [(it["id"], it["value"]) for it in tax_ids]
        for name in list(self.fields):
            if _group_of(name) not in allowed:
                del self.fields[name]
        if not present.choices:
            self.fields.pop("remove_tax_ids", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        typed = self.cleaned_data
        parts = [typed.get(name) for name in self.fields if name in SHIPPING]
        if any(parts) and not (
            typed.get("shipping_name") and typed.get("shipping_line1")
        ):
            text = _("Enter who receives it, and the street.")
            self.add_error("shipping_name", text)
        if "tax_id_type" in self.fields:
            check_tax_id(self)
        return cleaned

    @property
    def changes(self) -> dict[str, Any]:
        """The answers as parameters of Stripe's customer update."""
        said = self.cleaned_data
        sent = {name: said[name] for name in PLAIN if name in self.fields}
        if "line1" in self.fields:
            sent["address"] = {name: said[name] for name in ADDRESS}
        if "shipping_name" in self.fields:
            parts = [name.removeprefix("shipping_") for name in SHIPPING]
            place = {name: said[f"shipping_{name}"] for name in parts}
            name = place.pop("name")
            sent["shipping"] = {"address": place, "name": name} if name else ""
        return sent

    @property
    def new_tax_id(self) -> tuple[str, str] | None:
        """A tax ID to add: its kind and its number."""
        kind, value = (
            self.cleaned_data.get(f"tax_id_{part}") for part in ("type", "value")
        )
        return (kind, value) if kind and value else None

    @property
    def gone_tax_ids(self) -> list[str]:
        """The tax IDs to remove."""
        return list(self.cleaned_data.get("remove_tax_ids") or [])


def _group_of(name: str) -> str:
    if name in ADDRESS:
        return "address"
    if name in SHIPPING:
        return "shipping"
    return "tax_id" if "tax_id" in name else name
