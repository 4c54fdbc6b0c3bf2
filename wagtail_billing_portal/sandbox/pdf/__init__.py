"""Invoices as PDF files, made here: no browser, no service, no network."""

from wagtail_billing_portal.sandbox.pdf.fonts import has_letters_of
from wagtail_billing_portal.sandbox.pdf.invoice import invoice_pdf

__all__ = ["has_letters_of", "invoice_pdf"]
