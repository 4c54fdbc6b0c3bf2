"""What a checkout page asks beside the card."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import RegexValidator
from django.forms.boundfield import BoundField
from django.utils.translation import gettext, gettext_lazy
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.billing import tax_id_formats
from wagtail_billing_portal.sandbox.forms.base import PlainForm, country_field
from wagtail_billing_portal.sandbox.forms.tax_ids import check_tax_id, tax_id_kinds

Json = dict[str, Any]

ADDRESS = ("line1", "line2", "postal_code", "city", "country")
CONTACT = ("email", "phone", "business_name", "individual_name")
LONGEST_ANSWER = 255
_DIGITS = RegexValidator(r"^\d*$", gettext_lazy("Enter digits only."))


class PayerForm(PlainForm):
    """Whatever one session asks its payer for."""

    def __init__(
        self,
        *args: Any,
        session: Json,
        asks_email: bool,
        asks_country: bool,
        may_save: bool,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.questions = session["custom_fields"]
        made: dict[str, forms.Field | None] = {
            "email": _email() if asks_email else None,
            "phone": _phone(session),
            **_names(session),
            **_address(session, asks_country=asks_country),
            **_tax_id(session),
            **{f"custom_{it['key']}": _question(it) for it in self.questions},
            **_consents(session),
            "save_card": _yes_or_no(_("Save this card for next time"))
            if may_save
            else None,
        }
        self.fields.update(
            {name: field for name, field in made.items() if field is not None}
        )

    @property
    def contact(self) -> list[BoundField]:
        """Who it is: comes before the card."""
        return [self[name] for name in CONTACT if name in self.fields]

    @property
    def others(self) -> list[BoundField]:
        """What comes after the card, tick boxes left out."""
        return [
            self[name]
            for name, field in self.fields.items()
            if name not in CONTACT and not isinstance(field, forms.BooleanField)
        ]

    @property
    def ticks(self) -> list[BoundField]:
        """What is agreed to with a tick."""
        return [
            self[name]
            for name, field in self.fields.items()
            if isinstance(field, forms.BooleanField)
        ]

    def clean(self) -> Json | None:
        cleaned = super().clean()
        if "tax_id_value" in self.fields:
            check_tax_id(self)
            if self.cleaned_data.get("tax_id_value") and not self.cleaned_data.get(
                "tax_id_name"
            ):
                self.add_error("tax_id_name", _("Enter the name of the business."))
        return cleaned

    @property
    def _business(self) -> Json:
        """A business that pays, under its number."""
        said = self.cleaned_data
        if not said.get("tax_id_value"):
            return {}
        kind, value = said["tax_id_type"], said["tax_id_value"]
        kept = tax_id_formats.checked(kind, value, param="value")
        return {"name": said["tax_id_name"], "tax_id": {"type": kind, "value": kept}}

    @property
    def typed(self) -> Json:
        """The answers as the sandbox's checkout takes them."""
        said = self.cleaned_data
        place = {name: said[name] for name in ADDRESS if name in said}
        names = ("email", "phone", "business_name", "individual_name", "save_card")
        return {
            **{name: said[name] for name in names if name in said},
            "address": place,
            "consent": {
                name: said.get(name, False) for name in ("promotions", "terms")
            },
            **self._business,
            "custom_fields": {
                it["key"]: said[f"custom_{it['key']}"] for it in self.questions
            },
        }


class CodeForm(PlainForm):
    """A promotion code."""

    code = forms.CharField(
        label=_("Promotion code"),
        max_length=100,
        error_messages={"required": _("Enter the code.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )


class OrderForm(PlainForm):
    """How many of what the payer may choose."""

    def __init__(self, *args: Any, choices: list[Json], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.keys = {f"quantity_{one['key']}": one["key"] for one in choices}
        for one in choices:
            self.fields[f"quantity_{one['key']}"] = forms.IntegerField(
                label=one["label"],
                min_value=one["least"],
                max_value=one["most"],
                initial=one["quantity"],
                help_text=one.get("help", ""),
                widget=forms.NumberInput(
                    attrs={"inputmode": "numeric", "autocomplete": "off"}
                ),
            )

    @property
    def quantities(self) -> dict[str, int]:
        """How many of each, by line or price."""
        return {key: self.cleaned_data[name] for name, key in self.keys.items()}


def _email() -> forms.Field:
    return forms.EmailField(
        label=_("E-mail address"),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


def _phone(session: Json) -> forms.Field | None:
    if not session["phone_number_collection"]["enabled"]:
        return None
    return forms.CharField(
        label=_("Phone number"),
        max_length=30,
        error_messages={"required": _("Enter a phone number.")},
        widget=forms.TextInput(attrs={"autocomplete": "tel", "dir": "ltr"}),
    )


def _names(session: Json) -> dict[str, forms.Field | None]:
    asked = session.get("name_collection") or {}
    kinds = (
        ("business", _("Name of the business"), "organization"),
        ("individual", _("Full name"), "name"),
    )
    fields: dict[str, forms.Field | None] = {}
    for kind, label, hint in kinds:
        wish = asked.get(kind)
        if wish and wish["enabled"]:
            fields[f"{kind}_name"] = forms.CharField(
                label=_or_not(str(label), optional=wish["optional"]),
                max_length=150,
                required=not wish["optional"],
                error_messages={"required": _("Enter a name.")},
                widget=forms.TextInput(attrs={"autocomplete": hint}),
            )
    return fields


def _address(session: Json, *, asks_country: bool) -> dict[str, forms.Field | None]:
    if session["billing_address_collection"] != "required":
        return {}
    parts = (
        ("line1", _("Street and number"), "address-line1", _("Enter the street.")),
        ("line2", _("Address, second line"), "address-line2", None),
        ("postal_code", _("Postcode"), "postal-code", _("Enter the postcode.")),
        ("city", _("Town"), "address-level2", _("Enter the town.")),
    )
    fields: dict[str, forms.Field | None] = {
        name: forms.CharField(
            label=_or_not(str(label), optional=missing is None),
            max_length=200,
            required=missing is not None,
            error_messages={"required": missing or ""},
            widget=forms.TextInput(attrs={"autocomplete": f"billing {hint}"}),
        )
        for name, label, hint, missing in parts
    }
    if asks_country:
        fields["country"] = country_field()
    return fields


def _tax_id(session: Json) -> dict[str, forms.Field | None]:
    if not (session.get("tax_id_collection") or {}).get("enabled"):
        return {}
    return {
        "tax_id_name": forms.CharField(
            label=_("Name of the business (optional)"),
            max_length=150,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        ),
        "tax_id_type": forms.ChoiceField(
            label=_("Tax ID: which (optional)"),
            choices=[("", _("None")), *tax_id_kinds()],
            required=False,
        ),
        "tax_id_value": forms.CharField(
            label=_("Tax ID: its number (optional)"),
            max_length=50,
            required=False,
            widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
        ),
    }


def _question(asked: Json) -> forms.Field:
    kind, optional = asked["type"], asked["optional"]
    block = asked[kind]
    common: Json = {
        "label": _or_not(asked["label"]["custom"], optional=optional),
        "required": not optional,
        "initial": block["default_value"],
        "error_messages": {
            "required": gettext("Please answer: %(question)s")
            % {"question": asked["label"]["custom"]}
        },
    }
    if kind == "dropdown":
        options = [(it["value"], it["label"]) for it in block["options"]]
        return forms.ChoiceField(choices=[("", _("Choose")), *options], **common)
    lengths = {
        "max_length": block["maximum_length"] or LONGEST_ANSWER,
        "min_length": block["minimum_length"],
    }
    if kind == "text":
        return forms.CharField(**common, **lengths)
    digits = forms.TextInput(attrs={"inputmode": "numeric", "dir": "ltr"})
    return forms.CharField(**common, **lengths, validators=[_DIGITS], widget=digits)


def _consents(session: Json) -> dict[str, forms.Field | None]:
    asked = session["consent_collection"] or {}
    fields: dict[str, forms.Field | None] = {}
    if asked.get("promotions") == "auto":
        fields["promotions"] = _yes_or_no(_("Send me news and offers by e-mail"))
    if asked.get("terms_of_service") == "required":
        own = session["custom_text"]["terms_of_service_acceptance"]
        fields["terms"] = forms.BooleanField(
            label=own["message"] if own else _("I agree to the terms of service"),
            error_messages={"required": _("Agree to the terms to go on.")},
        )
    return fields


def _yes_or_no(label: Any) -> forms.Field:
    return forms.BooleanField(label=label, required=False)


def _or_not(label: str, *, optional: bool) -> str:
    return gettext("%(label)s (optional)") % {"label": label} if optional else label
