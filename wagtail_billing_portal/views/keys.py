from __future__ import annotations

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from ..exceptions import BillingError
from ..forms import KeyedForm


class FormIncomplete(BillingError):
    """A form came without what it was shown with: cut short, or made by hand."""

    user_message = _("That form was incomplete. Nothing was changed. Please try again.")


def key_of(request: HttpRequest) -> str:
    """The idempotency key of the form that was sent."""
    form = KeyedForm(request.POST)
    if not form.is_valid():
        raise FormIncomplete
    key: str = form.cleaned_data["key"]
    return key
