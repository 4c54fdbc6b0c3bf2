from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.choosers import BaseFilterForm
from wagtail.admin.ui.tables import Column
from wagtail.admin.views.generic.chooser import (
    BaseChooseView,
    ChooseResultsViewMixin,
    ChooseViewMixin,
    ChosenMultipleView,
    ChosenView,
    CreationFormMixin,
)
from wagtail.admin.viewsets.chooser import ChooserViewSet

from ..forms.price_chooser import PriceChooser
from ..models import Price
from ..models.mirrored import MirroredQuerySet
from ..sections.words import amount_words, interval_title
from .accounts import User, hidden_accounts


class PriceFilterForm(BaseFilterForm):
    """Finds prices by the words an editor knows them by."""

    q = forms.CharField(
        label=_("Search"),
        widget=forms.TextInput(attrs={"placeholder": _("Plan or price id")}),
        required=False,
    )

    def filter(self, objects: QuerySet[Price]) -> QuerySet[Price]:
        objects = super().filter(objects)
        self.search_query = self.cleaned_data.get("q")
        if not self.search_query:
            return objects
        self.is_searching = True
        words = self.search_query
        return objects.filter(
            Q(product__name__icontains=words)
            | Q(data__nickname__icontains=words)
            | Q(pk__iexact=words)
        )


class PriceColumns(BaseChooseView):
    """Prices that can be subscribed to, with what tells them apart."""

    filter_form_class = PriceFilterForm
    ordering = ["product__name", "currency", "interval", "unit_amount"]

    def get_object_list(self) -> QuerySet[Price]:
        prices: QuerySet[Price] = (
            _prices_for(self.request.user)
            .existing()
            .filter(active=True, type="recurring", product__active=True)
            .filter(product__deleted_at=None)
            .select_related("product")
        )
        return prices

    @property
    def columns(self) -> list[Column]:
        return [
            *super().columns,
            Column("amount", label=_("Amount"), accessor=_amount),
            Column("interval", label=_("Charged"), accessor=_interval),
            Column("currency", label=_("Currency"), accessor=_currency),
            Column("account", label=_("Stripe account"), accessor="stripe_account"),
        ]


class PriceChooseView(ChooseViewMixin, CreationFormMixin, PriceColumns):
    """The chooser's first page."""


class PriceChooseResultsView(ChooseResultsViewMixin, CreationFormMixin, PriceColumns):
    """What a search finds."""


class PriceChosenView(ChosenView):
    """The answer to a choice."""

    def get_object(self, pk: str) -> Price:
        price: Price = _prices_for(self.request.user).get(pk=pk)
        return price


class PricesChosenView(ChosenMultipleView):
    """The answer to several choices at once."""

    def get_objects(self, pks: Iterable[str]) -> QuerySet[Price]:
        return _prices_for(self.request.user).filter(pk__in=pks)


class PriceChooserViewSet(ChooserViewSet):
    """Where editors choose what a pricing table sells."""

    model = Price
    icon = "tag"
    choose_one_text = PriceChooser.choose_one_text
    choose_another_text = PriceChooser.choose_another_text
    base_widget_class = PriceChooser
    choose_view_class = PriceChooseView
    choose_results_view_class = PriceChooseResultsView
    chosen_view_class = PriceChosenView
    chosen_multiple_view_class = PricesChosenView
    per_page = 20


def _prices_for(user: User) -> MirroredQuerySet:
    prices: MirroredQuerySet = Price.objects.all()
    return prices.exclude(stripe_account__in=hidden_accounts(user))


def _amount(price: Price) -> str:
    return amount_words(price.unit_amount, price.currency)


def _interval(price: Price) -> str:
    return interval_title(price.interval, price.interval_count)


def _currency(price: Price) -> str:
    return price.currency.upper()


price_chooser = PriceChooserViewSet(
    "wagtail_billing_portal_prices", url_prefix="billing/prices"
)
