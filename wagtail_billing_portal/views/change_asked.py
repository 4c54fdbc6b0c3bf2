from __future__ import annotations

from django.http import HttpRequest

from ..exceptions import NotAllowed
from ..forms import ChangeForm
from ..models import Subscription
from ..policies.timing import Change
from .keys import FormIncomplete


def change_asked(request: HttpRequest, subscription: Subscription) -> Change:
    """The change that an address means. Raises ``NotAllowed`` where it means none."""
    form = ChangeForm(request.GET, subscription=subscription)
    if not form.is_valid():
        reasons = form.non_field_errors() or [FormIncomplete.user_message]
        raise NotAllowed(code="no_such_change", reason=str(reasons[0]))
    return form.change
