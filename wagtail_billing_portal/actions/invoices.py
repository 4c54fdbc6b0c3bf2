from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from ..accounts import BillingAccount
from ..exceptions import StripeRefused
from ..gateway import answer_of, stripe_for
from ..mirror.ingest import version_of
from ..mirror.refresh import let_in
from ..models import Invoice
from ..policies.invoices import may_download, may_pay


def download_url(account: BillingAccount, invoice: Invoice) -> str:
    """The address of the PDF, asked for anew: whoever has it can open the file.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_download(account, invoice).require()
    if not (url := _asked_anew(invoice).get("invoice_pdf")):
        raise StripeRefused(
            f"{invoice.pk} has no PDF.",
            user_message=_("This invoice has no PDF. Please contact us for a copy."),
        )
    return str(url)


def payment_url(account: BillingAccount, invoice: Invoice) -> str:
    """The address of Stripe's page for paying an open invoice, asked for anew.

    Raises ``NotAllowed``, also when it turns out to be paid by now, or another
    ``BillingError``.
    """
    may_pay(account, invoice).require()
    data = _asked_anew(invoice)
    invoice.refresh_from_db()
    may_pay(account, invoice).require()
    if not (url := data.get("hosted_invoice_url")):
        raise StripeRefused(
            f"{invoice.pk} has no page.",
            user_message=_("This invoice can't be paid online. Please contact us."),
        )
    return str(url)


def _asked_anew(invoice: Invoice) -> dict[str, Any]:
    seen = version_of(invoice)
    with stripe_for(invoice.stripe_account) as client:
        answer = answer_of(client.v1.invoices.retrieve(invoice.pk))
    let_in(answer, account=invoice.stripe_account, seen=seen)
    return answer.data
