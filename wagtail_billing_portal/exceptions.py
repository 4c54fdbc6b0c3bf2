"""
What can go wrong, from the caller's point of view:

* BillingError
  x StripeUnavailable        try again later; nothing is known to have changed
  x StripeRefused            Stripe said no; ``user_message`` is safe to show
    + UnknownStripeObject    no such object, or not this account's
    + KeyReused              the same form was sent twice with different content
  x PaymentDeclined          the bank said no; nothing was charged
  x CodeUnusable             a promotion code is not for this member, or for nobody
  x TooManyPreviews          nobody reads so many figures a minute
  x FiguresChanged           what was confirmed no longer holds; show it anew
  x NotAllowed               a policy said no; carries its decision
  x NotASubscriber           the member has nothing to manage yet
  x WebhookRefused           somebody other than Stripe called us, or sent nonsense
* BillingNotConfigured       a deployment mistake, never a visitor's
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


class BillingNotConfigured(ImproperlyConfigured):
    """A setting is missing or wrong; the message says which and how to mend it."""


class BillingError(Exception):
    """Something went wrong that a member can be told about."""

    user_message: _StrOrPromise = _(
        "Something went wrong with billing. Nothing was changed."
    )

    def __init__(
        self, message: str = "", *, user_message: _StrOrPromise | None = None
    ) -> None:
        super().__init__(message or str(user_message or self.user_message))
        if user_message is not None:
            self.user_message = user_message


class StripeUnavailable(BillingError):
    """Stripe did not answer, or asked to come back later."""

    user_message = _(
        "The payment service can't be reached just now. Please try again in a few "
        "minutes; a repeated attempt is never charged twice."
    )


class StripeRefused(BillingError):
    """Stripe understood the request and said no."""

    user_message = _("The payment service refused this. Nothing was changed.")

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        request_id: str = "",
        as_of: int = 0,
        user_message: _StrOrPromise | None = None,
    ) -> None:
        super().__init__(message, user_message=user_message)
        self.code = code
        self.request_id = request_id
        #: When Stripe said so (Unix seconds, Stripe's clock).
        self.as_of = as_of


class UnknownStripeObject(StripeRefused):
    """There is no such object, or it belongs to somebody else."""

    user_message = _("We can't find that. It may have been removed.")


class KeyReused(StripeRefused):
    """An idempotency key came back with another request than it was made for."""

    user_message = _(
        "This form was sent before with other answers. Please start again."
    )


class PaymentDeclined(BillingError):
    """The card or bank refused the payment."""

    user_message = _("Your payment was declined. You were not charged.")

    def __init__(
        self,
        message: str = "",
        *,
        code: str = "",
        user_message: _StrOrPromise | None = None,
    ) -> None:
        super().__init__(message, user_message=user_message)
        self.code = code


class NotAllowed(BillingError):
    """A policy denied the act; ``code`` names the rule, ``user_message`` says why."""

    def __init__(self, *, code: str, reason: _StrOrPromise) -> None:
        super().__init__(f"Denied: {code}.", user_message=reason)
        self.code = code


class CodeUnusable(BillingError):
    """A promotion code cannot be redeemed; members are never told why."""

    # Whoever guesses codes is to learn nothing from the answer.
    user_message = _("This code can't be used here. Check it for typing mistakes.")


class TooManyPreviews(BillingError):
    """Stripe was asked what something would cost more often than anybody reads."""

    user_message = _(
        "Those were many figures in a short time. Please wait a minute, then try again."
    )


class FiguresChanged(BillingError):
    """The amounts that a member confirmed are others by now."""

    user_message = _(
        "The amounts have changed since this page was shown. Nothing was changed or "
        "charged. Please look at them again."
    )


class NotASubscriber(BillingError):
    """The member has no Stripe customer yet, so there is nothing to manage."""

    user_message = _("There is nothing to manage yet. Choose a plan to begin.")


class WebhookRefused(BillingError):
    """A webhook call that must not be acted on; ``status`` is the HTTP answer."""

    def __init__(self, message: str, *, status: int = 400) -> None:
        super().__init__(message)
        self.status = status
