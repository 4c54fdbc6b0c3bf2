"""Signing up and logging in with an e-mail address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model, password_validation
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.models import User
from django.utils.translation import gettext_lazy as _


class LogInForm(AuthenticationForm):
    """Django's own, asking for the address instead of a user name."""

    username = forms.EmailField(
        label=_("E-mail"),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )
    error_messages = {
        "invalid_login": _(
            "This e-mail and password do not belong together. Please try again."
        ),
        "inactive": _("This account has been closed."),
    }

    def clean_username(self) -> str:
        return self.cleaned_data["username"].lower()


class SignUpForm(forms.Form):
    """Name, e-mail and one password make a member."""

    name = forms.CharField(
        label=_("Name"),
        max_length=150,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    email = forms.EmailField(
        label=_("E-mail"),
        max_length=150,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    password = forms.CharField(
        label=_("Password"),
        help_text=_("At least eight characters."),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean_email(self) -> str:
        email = self.cleaned_data["email"].lower()
        if get_user_model().objects.filter(username=email).exists():
            raise forms.ValidationError(
                _("There is an account with this e-mail already. Log in instead."),
                code="taken",
            )
        return email

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password)
        return password

    def save(self) -> User:
        """The new member, with the e-mail address as user name."""
        data: dict[str, Any] = self.cleaned_data
        first_name, _space, last_name = data["name"].partition(" ")
        return User.objects.create_user(
            data["email"],
            email=data["email"],
            password=data["password"],
            first_name=first_name,
            last_name=last_name,
        )
