"""Invoices as PDF files, made here: no browser, no service, no network."""

from wagtail_billing_portal.sandbox.pdf.invoice import invoice_pdf

__all__ = ["invoice_pdf"]
