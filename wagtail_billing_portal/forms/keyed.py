from __future__ import annotations

from typing import Any
from uuid import uuid4

from django import forms


class KeyedForm(forms.Form):
    """A form that carries the idempotency key made when it was shown."""

    key = forms.RegexField(regex=r"^[0-9a-f]{32}$", widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["key"].initial = uuid4().hex
