"""What somebody types in the customer portal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.forms.base import PlainForm

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

MOST = 999_999


@dataclass(frozen=True)
class Plan:
    """A price on offer, and how many of it there may be; ``quantity`` are had now."""

    price: str
    name: str
    rate: str
    adjustable: bool
    least: int
    most: int | None
    quantity: int

    @property
    def label(self) -> str:
        """Its name with what it costs."""
        return f"{self.name}, {self.rate}"

    @property
    def bound(self) -> int:
        """The most there may be."""
        return self.most if self.most is not None else max(self.quantity, MOST)


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

    def __init__(
        self,
        *args: Any,
        options: Iterable[str],
        own_options: Iterable[tuple[str, str]] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.own_options = dict(own_options)
        feedback = cast(forms.ChoiceField, self.fields["feedback"])
        feedback.choices = [
            *((name, FEEDBACK[name]) for name in options),
            *self.own_options.items(),
        ]

    @property
    def details(self) -> dict[str, str]:
        """The answers in the shape of Stripe's ``cancellation_details``."""
        said = {name: value for name, value in self.cleaned_data.items() if value}
        if said.get("feedback") in self.own_options:
            said["feedback_option"] = said.pop("feedback")
        return said


class UpdateForm(PlainForm):
    """Another plan, how many of it, and a promotion code."""

    price = forms.ChoiceField(
        label=_("Plan"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a plan.")},
    )
    quantity = forms.IntegerField(
        label=_("Quantity"),
        min_value=0,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    code = forms.CharField(
        label=_("Promotion code"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "ltr"}),
    )

    def __init__(
        self, *args: Any, plans: Iterable[Plan], takes_codes: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plans = {plan.price: plan for plan in plans}
        price = cast(forms.ChoiceField, self.fields["price"])
        price.choices = [(it.price, it.label) for it in self.plans.values()]
        if not any(plan.adjustable for plan in self.plans.values()):
            del self.fields["quantity"]
        if not takes_codes:
            del self.fields["code"]

    @property
    def plan(self) -> Plan:
        """The plan that was chosen."""
        return self.plans[self.cleaned_data["price"]]

    @property
    def quantity_wanted(self) -> int:
        """How many, where that can be chosen; else as many as before."""
        wanted: int | None = self.cleaned_data.get("quantity")
        if wanted is None or not self.plan.adjustable:
            return min(max(self.plan.quantity, self.plan.least), self.plan.bound)
        return wanted

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        if "price" in self.cleaned_data and "quantity" in self.cleaned_data:
            wanted, plan = self.cleaned_data["quantity"], self.plan
            bounds = {"least": plan.least, "most": plan.most}
            if plan.adjustable and wanted is not None:
                if wanted < plan.least:
                    text = _("Choose at least %(least)s of this plan.") % bounds
                    self.add_error("quantity", text)
                elif wanted > plan.bound:
                    text = _("Choose at most %(most)s of this plan.") % bounds
                    self.add_error("quantity", text)
        return cleaned


class PauseForm(PlainForm):
    """For how long a subscription rests."""

    duration = forms.ChoiceField(
        label=_("For how long?"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose for how long.")},
    )

    def __init__(
        self, *args: Any, choices: Iterable[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        duration = cast(forms.ChoiceField, self.fields["duration"])
        duration.choices = list(choices)
