"""What people type on the sandbox's pages."""

from wagtail_billing_portal.sandbox.forms.accounts import (
    AccountForm,
    WayForm,
    account_form_class,
)
from wagtail_billing_portal.sandbox.forms.cards import CardForm
from wagtail_billing_portal.sandbox.forms.details import DetailsForm
from wagtail_billing_portal.sandbox.forms.logins import EmailForm, LoginCodeForm
from wagtail_billing_portal.sandbox.forms.payer import (
    CodeForm,
    OrderForm,
    PayerForm,
)
from wagtail_billing_portal.sandbox.forms.portal import (
    CancelForm,
    PauseForm,
    Plan,
    UpdateForm,
)

__all__ = [
    "AccountForm",
    "CancelForm",
    "CardForm",
    "CodeForm",
    "DetailsForm",
    "EmailForm",
    "LoginCodeForm",
    "OrderForm",
    "PauseForm",
    "PayerForm",
    "Plan",
    "UpdateForm",
    "WayForm",
    "account_form_class",
]
