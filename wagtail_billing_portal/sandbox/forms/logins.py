"""Who wants to get into the customer portal."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from wagtail_billing_portal.sandbox.forms.base import PlainForm


class EmailForm(PlainForm):
    """The address to which a code goes."""

    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("The one to which your invoices go."),
        error_messages={
            "required": _("Enter an e-mail address."),
            "invalid": _("Enter an e-mail address such as name@example.com."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email", "dir": "ltr"}),
    )


class LoginCodeForm(PlainForm):
    """The code that came by e-mail."""

    code = forms.CharField(
        label=_("Code"),
        max_length=12,
        error_messages={"required": _("Enter the code.")},
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "dir": "ltr",
                "inputmode": "numeric",
            }
        ),
    )

    def clean_code(self) -> str:
        """Digits only, however they were grouped."""
        return "".join(self.cleaned_data["code"].split())
