"""The portal's forms. They know nothing of requests, and change nothing."""

from .cancel import AT_END, NOW, CancelConfirmForm, CancelReasonForm, OfferForm
from .changes import ChangeForm, ConfirmForm, QuantityForm
from .codes import CodeForm, RemoveDiscountForm
from .invoices import InvoiceFilterForm
from .keyed import KeyedForm
from .pausing import PauseForm
from .subscribe import SubscribeForm

__all__ = [
    "AT_END",
    "NOW",
    "CancelConfirmForm",
    "CancelReasonForm",
    "ChangeForm",
    "CodeForm",
    "ConfirmForm",
    "InvoiceFilterForm",
    "KeyedForm",
    "PauseForm",
    "OfferForm",
    "QuantityForm",
    "RemoveDiscountForm",
    "SubscribeForm",
]
