"""The portal's forms. They know nothing of requests, and change nothing."""

from .cancel import CancelReasonForm
from .invoices import InvoiceFilterForm
from .keyed import KeyedForm
from .subscribe import SubscribeForm

__all__ = ["CancelReasonForm", "InvoiceFilterForm", "KeyedForm", "SubscribeForm"]
