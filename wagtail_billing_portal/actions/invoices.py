from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from ..accounts import BillingAccount
from ..exceptions import StripeRefused
from ..gateway import answer_of, stripe_for
from ..mirror.ingest import ingest, version_of
from ..models import Invoice
from ..policies.invoices import may_download


def download_url(account: BillingAccount, invoice: Invoice) -> str:
    """The address of the PDF, asked for anew: whoever has it can open the file.

    Raises ``NotAllowed`` or another ``BillingError``.
    """
    may_download(account, invoice).require()
    seen = version_of(invoice)
    with stripe_for(invoice.stripe_account) as client:
        answer = answer_of(client.v1.invoices.retrieve(invoice.pk))
    ingest(answer.data, account=invoice.stripe_account, as_of=answer.as_of, seen=seen)
    if not (url := answer.data.get("invoice_pdf")):
        raise StripeRefused(
            f"{invoice.pk} has no PDF.",
            user_message=_("This invoice has no PDF. Please contact us for a copy."),
        )
    return str(url)
