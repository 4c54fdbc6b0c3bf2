"""Stripe's error bodies as exceptions: raise one anywhere, dispatch answers it."""

from __future__ import annotations

from typing import Any, ClassVar

from .signals import contract_broken

NOUNS = {
    "payment_method": "PaymentMethod",
    "promotion_code": "promotion code",
    "setup_intent": "setupintent",
}
DOCS = "https://stripe.com/docs/error-codes/"


class SandboxError(Exception):
    """An answer other than 200.

    What was changed before it was raised is undone, unless ``keep`` is true:
    a declined card leaves a failed attempt behind.
    """

    type = "invalid_request_error"
    status = 400
    keep = False
    headers: ClassVar[dict[str, str]] = {}

    def __init__(
        self,
        message: str,
        *,
        param: str | None = None,
        code: str | None = None,
        status: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.param = param
        self.code = code
        self.status = status or self.status
        self.extra = extra

    def body(self, log_url: str | None = None) -> dict[str, Any]:
        """The JSON body; what is empty is left out, as Stripe does."""
        fields = {
            "code": self.code,
            "doc_url": DOCS + self.code.replace("_", "-") if self.code else None,
            "message": self.message,
            "param": self.param,
            "request_log_url": log_url,
            "type": self.type,
            **self.extra,
        }
        return {"error": {k: v for k, v in fields.items() if v is not None}}


class InvalidRequest(SandboxError):
    """The request cannot be served as it stands: bad parameter or wrong state."""


class ResourceMissing(InvalidRequest):
    """An id that this account does not have: 404 in the path, 400 in a parameter."""

    def __init__(self, kind: str, object_id: str, *, param: str | None = None) -> None:
        super().__init__(
            f"No such {NOUNS.get(kind, kind)}: '{object_id}'",
            param=param or "id",
            code="resource_missing",
            status=400 if param else 404,
        )


class NotAuthenticated(InvalidRequest):
    """No key, or a key that is not for the sandbox."""

    status = 401


class SecretKeyRequired(NotAuthenticated):
    """A publishable key asked for what only a secret key may do."""

    def __init__(self, param: str | None = None) -> None:
        sentence = "This API call cannot be made with a publishable API key."
        if param:
            sentence = f"`{param}` cannot be used with a publishable API key."
        super().__init__(
            f"{sentence} Please use a secret API key.",
            param=param,
            code="secret_key_required",
            status=403 if param else 401,
        )


class SecretsStayAway(NotAuthenticated):
    """A key that is not for browsers came to the address that is for them."""

    def __init__(self) -> None:
        super().__init__(
            "At this address the sandbox takes only publishable keys, as Stripe.js "
            "sends them."
        )


class Locked(SandboxError):
    """The sandbox of a site that is at work, which answers nobody."""

    status = 403

    def __init__(self) -> None:
        super().__init__(
            "The Stripe sandbox does not answer while DEBUG is off. To use it on a "
            "machine that takes no real money, set WITHOUT_DEBUG in "
            "WAGTAIL_BILLING_SANDBOX."
        )


class UnrecognizedUrl(InvalidRequest):
    """A path that Stripe, or the sandbox, does not have."""

    def __init__(self, method: str, path: str) -> None:
        super().__init__(
            f"Unrecognized request URL ({method}: {path}). Please see "
            "https://stripe.com/docs or we can help at https://support.stripe.com/.",
            status=404,
        )


class CardDeclined(SandboxError):
    """The bank said no. By default the failed attempt is kept."""

    type = "card_error"
    status = 402

    def __init__(
        self,
        code: str,
        decline_code: str | None,
        message: str,
        *,
        keep: bool = True,
        param: str | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(
            message, param=param, code=code, decline_code=decline_code, **extra
        )
        self.decline_code = decline_code
        self.keep = keep


class IdempotencyConflict(SandboxError):
    """The same key came with another request."""

    type = "idempotency_error"


class KeyInUse(SandboxError):
    """The first request with this key is still being worked on."""

    status = 409
    headers: ClassVar[dict[str, str]] = {"Stripe-Should-Retry": "true"}

    def __init__(self) -> None:
        super().__init__(
            "There is currently another in-progress request using this Idempotent "
            "Key (that probably means you submitted twice, and the other request is "
            "still going through). Please try again later.",
            code="idempotency_key_in_use",
        )


class BrokenContract(SandboxError):
    """The sandbox was about to answer something that Stripe never would."""

    type = "api_error"
    status = 500
    headers: ClassVar[dict[str, str]] = {"Stripe-Should-Retry": "false"}

    def __init__(self, complaint: str) -> None:
        super().__init__(complaint)
        contract_broken.send(type(self), complaint=complaint)
