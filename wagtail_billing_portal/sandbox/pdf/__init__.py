"""Invoices as PDF files, made here: no browser, no service, no network."""

from importlib.util import find_spec

if find_spec("reportlab"):
    from wagtail_billing_portal.sandbox.pdf.fonts import has_letters_of
    from wagtail_billing_portal.sandbox.pdf.invoice import invoice_pdf
else:
    from wagtail_billing_portal.sandbox.pdf.missing import has_letters_of, invoice_pdf

__all__ = ["has_letters_of", "invoice_pdf"]
