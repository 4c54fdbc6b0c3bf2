"""What stands in for the PDF files where the package that draws them is missing."""

from __future__ import annotations

from babel import Locale

from wagtail_billing_portal.sandbox.pages.document import InvoiceDocument

SENTENCE = (
    "The Stripe sandbox cannot make invoices and receipts as PDF files: the package "
    "reportlab is not installed."
)


def invoice_pdf(document: InvoiceDocument) -> bytes:
    """Say what is missing."""
    raise RuntimeError(SENTENCE)


def has_letters_of(locale: Locale) -> bool:
    """No letters at all."""
    return False
