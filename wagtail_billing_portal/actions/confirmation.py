"""What a member was shown, signed: it comes back with the button, unaltered."""

from __future__ import annotations

from typing import Any

from django.core import signing

from ..exceptions import FiguresChanged
from ..models import Subscription

#: A page with figures may stay open for so many seconds.
GOOD_FOR = 3600
SALT = "wagtail_billing_portal.figures"


def signed(act: str, subscription: Subscription, shown: dict[str, Any]) -> str:
    """What a form carries. Nobody can have other figures confirmed, nor these for
    another act or another subscription.
    """
    words = {"act": act, "subscription": subscription.pk, "shown": shown}
    return signing.dumps(words, salt=SALT, compress=True)


def shown_in(token: str, *, act: str, subscription: Subscription) -> dict[str, Any]:
    """What was shown. Raises ``FiguresChanged`` when it was shown too long ago, for
    something else, or never.
    """
    try:
        words = signing.loads(token, salt=SALT, max_age=GOOD_FOR)
    except signing.BadSignature as error:
        raise FiguresChanged("The figures are too old, or were never ours.") from error
    if (words["act"], words["subscription"]) != (act, subscription.pk):
        raise FiguresChanged("The figures are those of something else.")
    shown: dict[str, Any] = words["shown"]
    return shown
