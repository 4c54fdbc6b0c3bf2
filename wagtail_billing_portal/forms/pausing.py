from __future__ import annotations

from collections.abc import Sequence
from typing import Any, cast

from django import forms
from django.utils.translation import gettext_lazy as _

from .changes import ConfirmForm


class PauseForm(ConfirmForm):
    """How long; the moment from which that is counted comes back, signed."""

    length = forms.ChoiceField(label=_("How long?"), widget=forms.RadioSelect)

    field_order = ("length",)

    def __init__(
        self, *args: Any, lengths: Sequence[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        length = cast("forms.ChoiceField", self.fields["length"])
        length.choices = list(lengths)
        length.initial = lengths[0][0] if lengths else None
