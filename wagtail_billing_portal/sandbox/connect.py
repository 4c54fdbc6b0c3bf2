"""Connected accounts: worlds of their own that a platform may act in."""

from __future__ import annotations

from . import store
from .errors import InvalidRequest

KIND = "account"


def acting_account(own: str, wanted: str | None) -> str:
    """The account that a request is for: the key's own, or one that it made."""
    if wanted in (None, "", own):
        return own
    stored = store.row(own, KIND, str(wanted))
    if stored is None or stored.deleted:
        raise InvalidRequest(
            f"The provided key does not have access to account '{wanted}' (or that "
            "account does not exist). Application access may have been revoked.",
            code="account_invalid",
            status=403,
        )
    return stored.object_id


def platform_of(account: str) -> str | None:
    """The platform that an account is connected to, if it is."""
    return store.account_of(KIND, account)
