from __future__ import annotations

from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ..models import GroupedPrice, Price, Subscription, SubscriptionItem
from ..policies.timing import Change
from .keyed import KeyedForm


class ChangeForm(forms.Form):
    """Which change an address means: ``?price=...``, ``?item=...&quantity=5``, ...

    An item without a price keeps its own; ``remove`` takes it away; a price without an
    item is added where ``add`` is set, and else put in the first item's place.
    """

    item = forms.CharField(max_length=255, required=False)
    price = forms.CharField(max_length=255, required=False)
    quantity = forms.IntegerField(min_value=1, required=False)
    add = forms.BooleanField(required=False)
    remove = forms.BooleanField(required=False)

    def __init__(self, data: Any, *, subscription: Subscription) -> None:
        super().__init__(data)
        self.subscription = subscription

    def clean(self) -> dict[str, Any]:
        """Find the item and the price that are meant, without judging them."""
        given = cast("dict[str, Any]", super().clean())
        items = {item.pk: item for item in self.subscription.items.all()}
        item = items.get(given.get("item") or "", self.subscription.first_item)
        if item is None or (given.get("item") and given["item"] not in items):
            raise ValidationError(_("We can't find that in your subscription."))
        price = self._price(given) or item.price
        if price is None:
            raise ValidationError(_("We can't find that plan."))
        quantity = given.get("quantity") or item.quantity or 1
        if given.get("remove"):
            given["change"] = Change(item, None)
        elif given.get("add"):
            given["change"] = Change(None, price, given.get("quantity") or 1)
        else:
            given["change"] = Change(item, price, quantity)
        return given

    @property
    def change(self) -> Change:
        """What is meant, once the form is valid."""
        change: Change = self.cleaned_data["change"]
        return change

    def _price(self, given: dict[str, Any]) -> Price | None:
        if not (id := given.get("price")):
            return None
        alias = self.subscription.stripe_account
        prices = Price.objects.on_account(alias).existing().select_related("product")
        if (price := prices.filter(pk=id).first()) is None:
            raise ValidationError(_("We can't find that plan."))
        found: Price = price
        return found


class ConfirmForm(KeyedForm):
    """The figures that a member saw, signed, come back with the button."""

    figures = forms.CharField(max_length=10_000, widget=forms.HiddenInput)


class QuantityForm(forms.Form):
    """How many units, within the bounds of the plan."""

    item = forms.CharField(max_length=255, widget=forms.HiddenInput, required=False)
    quantity = forms.IntegerField(
        label=_("Quantity"),
        widget=forms.NumberInput(
            attrs={"class": "billing-input", "inputmode": "numeric"}
        ),
    )

    def __init__(
        self, *args: Any, item: SubscriptionItem, units: GroupedPrice, **kwargs: Any
    ) -> None:
        """``item`` tells the fields of several forms on a page apart."""
        super().__init__(*args, **kwargs)
        self.auto_id = f"id_%s_{item.pk}"
        field = cast("forms.IntegerField", self.fields["quantity"])
        field.min_value, field.max_value = units.minimum, units.maximum
        field.widget.attrs |= {"min": units.minimum, "max": units.maximum}
        field.help_text = _("From %(minimum)s to %(maximum)s.") % {
            "minimum": units.minimum,
            "maximum": units.maximum,
        }
