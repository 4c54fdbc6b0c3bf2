from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from laces.components import Component

from ..actions.invoices import download_url, payment_url
from ..conf import conf
from ..forms import InvoiceFilterForm
from ..models import Feature
from ..sections import InvoiceFilter, InvoicesSection
from .base import PortalView, SectionsView


class InvoicesView(SectionsView):
    """All invoices, newest first, by status and year."""

    feature = Feature.INVOICES

    def get_title(self) -> str:
        return _("Invoices")

    def get_sections(self) -> list[Component]:
        form = self._form()
        chosen = form.cleaned_data if form.is_valid() else {}
        return [
            InvoicesSection(
                self.account,
                per_page=conf.INVOICES_PER_PAGE,
                chosen=InvoiceFilter(**chosen),
                form=form if self.account.has_customer else None,
            )
        ]

    def _form(self) -> InvoiceFilterForm:
        return InvoiceFilterForm(self.request.GET, years=self.account.invoice_years)


class InvoicePdfView(PortalView):
    """To Stripe's PDF, whose address is asked for anew and never shown in a page."""

    feature = Feature.INVOICES
    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        return redirect(download_url(self.account, self.account.invoice_with(id)))

    def get_failure_url(self) -> str:
        return reverse("wagtail_billing_portal:invoices")


class InvoicePayView(PortalView):
    """To Stripe's page for an open invoice, whose address is nobody else's to see."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, id: str) -> HttpResponse:
        return redirect(payment_url(self.account, self.account.invoice_with(id)))
