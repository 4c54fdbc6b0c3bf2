"""What people type on the sandbox's pages."""

from wagtail_billing_portal.sandbox.forms.cards import CardForm
from wagtail_billing_portal.sandbox.forms.payer import (
    CodeForm,
    OrderForm,
    PayerForm,
    SavedCardForm,
)
from wagtail_billing_portal.sandbox.forms.portal import CancelForm, DetailsForm

__all__ = [
    "CancelForm",
    "CardForm",
    "CodeForm",
    "DetailsForm",
    "OrderForm",
    "PayerForm",
    "SavedCardForm",
]
