from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from django.utils.translation import gettext_lazy as _

from ..exceptions import NotAllowed
from ..models import Customer, Feature, PortalSettings, Role

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise


@dataclass(frozen=True)
class Decision:
    """Allowed, or denied with a code and a sentence that says why and what to do."""

    allowed: bool
    code: str = ""
    reason: _StrOrPromise = ""
    #: The way out leads to whoever runs the site.
    asks_for_contact: bool = False

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Raise ``NotAllowed`` unless allowed: the first line of an action."""
        if not self.allowed:
            raise NotAllowed(code=self.code, reason=self.reason)


class Asker(Protocol):
    """Who asks, as far as policies care: a ``BillingAccount``."""

    @property
    def settings(self) -> PortalSettings: ...
    @property
    def customer(self) -> Customer | None: ...
    @property
    def role(self) -> Role | None: ...
    @property
    def is_member(self) -> bool: ...


ALLOWED = Decision(True)


def denied(
    code: str, reason: _StrOrPromise, *, asks_for_contact: bool = False
) -> Decision:
    return Decision(False, code, reason, asks_for_contact)


def feature_is_offered(asker: Asker, feature: Feature) -> Decision:
    """The site's switch for ``feature``."""
    if asker.settings.offers(feature):
        return ALLOWED
    return denied("not_offered", _("This site doesn't offer that."))


def may_see(asker: Asker) -> Decision:
    """Anybody with a customer may look, whatever the role."""
    if asker.customer is None:
        return denied(
            "no_customer", _("There is nothing here yet. Choose a plan to begin.")
        )
    return ALLOWED


def may_act(asker: Asker) -> Decision:
    """Owners and managers change things; viewers look."""
    if not (seen := may_see(asker)):
        return seen
    if asker.role not in (Role.OWNER, Role.MANAGER):
        return denied(
            "viewer",
            _(
                "You can see this account, but only its owner or a manager can change it."
            ),
        )
    return ALLOWED


def first_denial(*decisions: Decision) -> Decision:
    """The first that denies; allowed when none does."""
    return next((decision for decision in decisions if not decision), ALLOWED)
