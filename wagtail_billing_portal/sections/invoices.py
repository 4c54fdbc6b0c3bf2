from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.forms import Form

from ..accounts import BillingAccount
from ..models import Feature, Invoice, InvoiceState, Product
from ..money import format_amount
from ..policies.invoices import may_download, may_list
from .base import Section, address, login_url, query_of
from .pages import ListPage, page_of

TONES = {
    InvoiceState.PAID: "good",
    InvoiceState.OPEN: "warn",
    InvoiceState.OVERDUE: "bad",
}


@dataclass(frozen=True)
class InvoiceRow:
    """An invoice as a member reads it."""

    number: str
    date: datetime | None
    description: str
    amount: str
    state: InvoiceState
    pdf_url: str = ""

    @property
    def tone(self) -> str:
        return TONES.get(self.state, "neutral")


class InvoiceFilter(NamedTuple):
    """What of the list to show; empty for all of it."""

    status: str = ""
    year: int | None = None


class InvoicesSection(Section):
    """A member's invoices, newest first: a page of them, or the latest few."""

    template_name = "wagtail_billing_portal/sections/invoices.html"

    def __init__(
        self,
        account: BillingAccount | None,
        *,
        heading: str = "",
        per_page: int = 12,
        latest: int = 0,
        chosen: InvoiceFilter = InvoiceFilter(),  # noqa: B008
        form: Form | None = None,
        rows: Sequence[InvoiceRow] | None = None,
    ) -> None:
        """``latest`` shows that many without pages; ``rows`` shows given ones."""
        super().__init__(heading=heading)
        self.account = account
        self.per_page = per_page
        self.latest = latest
        self.chosen = chosen
        self.form = form
        self.given_rows = rows

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        context = super().get_context_data(parent_context)
        context |= {
            "account": self.account,
            "rows": self.given_rows or [],
            "is_filtered": any(self.chosen),
            "is_offered": self.account is None or _offers(self.account),
            "form": self.form,
            "login_url": login_url(context.get("here", "")),
        }
        if self.given_rows is None and self.account and may_list(self.account):
            context |= self._own_rows(self.account, context["request"])
        return context

    def _own_rows(self, account: BillingAccount, request: Any) -> dict[str, Any]:
        invoices = self._filtered(account.invoices)
        if self.latest:
            # One more than shown tells whether there are others, without counting.
            found = list(invoices[: self.latest + 1])
            shown: dict[str, Any] = {
                "all_url": address("invoices") if len(found) > self.latest else ""
            }
            found = found[: self.latest]
        else:
            asked_for = request.GET.get("page") if request is not None else None
            page = page_of(invoices, number=asked_for, size=self.per_page)
            found = page.rows
            shown = {"page": page} | _neighbours(page, request)
        names = _product_names(found)
        rows = [row_of(account, invoice, names=names) for invoice in found]
        return {"rows": rows} | shown

    def _filtered(self, invoices: QuerySet[Invoice]) -> QuerySet[Invoice]:
        if self.chosen.status:
            invoices = invoices.filter(status=self.chosen.status)
        if self.chosen.year:
            invoices = invoices.filter(created__year=self.chosen.year)
        return invoices


def row_of(
    account: BillingAccount, invoice: Invoice, *, names: Mapping[str, str]
) -> InvoiceRow:
    """One invoice in a member's words, ready for a template."""
    downloadable = may_download(account, invoice)
    sold = [names[id] for id in _products_of(invoice) if names.get(id)]
    return InvoiceRow(
        number=invoice.number,
        date=invoice.created,
        description=", ".join(sold) or invoice.description,
        amount=format_amount(invoice.total, invoice.currency),
        state=invoice.state,
        pdf_url=address("invoice_pdf", invoice.pk) if downloadable else "",
    )


def _offers(account: BillingAccount) -> bool:
    return account.settings.offers(Feature.INVOICES)


def _product_names(invoices: Sequence[Invoice]) -> dict[str, str]:
    """What members call what these invoices are for, in one query."""
    ids = {id for invoice in invoices for id in _products_of(invoice)}
    return dict(Product.objects.filter(pk__in=ids).values_list("pk", "name"))


def _products_of(invoice: Invoice) -> list[str]:
    """The ids of the products of its lines, each once, in their order."""
    lines = (invoice.data.get("lines") or {}).get("data") or []
    details = [(line.get("pricing") or {}).get("price_details") or {} for line in lines]
    ids = [detail["product"] for detail in details if detail.get("product")]
    return list(dict.fromkeys(ids))


def _neighbours(page: ListPage[Invoice], request: Any) -> dict[str, str]:
    addresses = {}
    if page.has_previous:
        addresses["previous"] = query_of(request, page=page.number - 1)
    if page.has_next:
        addresses["following"] = query_of(request, page=page.number + 1)
    return addresses
