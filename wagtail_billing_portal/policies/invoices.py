from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..models import Feature, Invoice
from .base import (
    ALLOWED,
    Asker,
    Decision,
    denied,
    feature_is_offered,
    first_denial,
    may_act,
    may_see,
)


def may_list(asker: Asker) -> Decision:
    """See the customer's invoices; a viewer may."""
    return first_denial(feature_is_offered(asker, Feature.INVOICES), may_see(asker))


def may_download(asker: Asker, invoice: Invoice) -> Decision:
    """Get the PDF of one's own customer's invoice."""
    return first_denial(may_list(asker), _is_own(asker, invoice), _is_issued(invoice))


def may_pay(asker: Asker, invoice: Invoice) -> Decision:
    """Settle an open one, also where the site shows no list of invoices."""
    return first_denial(may_act(asker), _is_own(asker, invoice), _is_open(invoice))


def _is_own(asker: Asker, invoice: Invoice) -> Decision:
    if asker.customer is None or invoice.customer_id != asker.customer.pk:
        return denied("not_yours", _("We can't find that invoice."))
    return ALLOWED


def _is_issued(invoice: Invoice) -> Decision:
    if not invoice.is_downloadable:
        return denied("not_issued", _("This invoice hasn't been issued yet."))
    return ALLOWED


def _is_open(invoice: Invoice) -> Decision:
    if invoice.status != "open" or invoice.amount_remaining <= 0:
        return denied("nothing_due", _("There is nothing to pay on this invoice."))
    return ALLOWED
