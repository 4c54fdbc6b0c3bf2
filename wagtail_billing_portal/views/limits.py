"""How often one may try what could be guessed."""

from __future__ import annotations

from ipaddress import ip_address

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_ratelimit.core import is_ratelimited

from ..exceptions import BillingError

#: Tries of one member, and from one address for whoever has many accounts.
A_MEMBER = "10/h"
AN_ADDRESS = "50/h"


class TooManyTries(BillingError):
    """Somebody tries more often than a person who mistypes."""

    user_message = _("Those were too many tries. Please wait an hour, then try again.")


def limit(request: HttpRequest, group: str) -> None:
    """Count a try. Raises ``TooManyTries``.

    Counts are kept in Django's cache: one that the site's processes share counts them
    together.
    """
    is_over = _counted(request, f"{group}.member", "user", A_MEMBER)
    if _shows_address(request):
        is_over |= _counted(request, f"{group}.address", "ip", AN_ADDRESS)
    if is_over:
        raise TooManyTries


def _counted(request: HttpRequest, group: str, key: str, rate: str) -> bool:
    name = f"wagtail_billing_portal.{group}"
    return bool(is_ratelimited(request, group=name, key=key, rate=rate, increment=True))


def _shows_address(request: HttpRequest) -> bool:
    """Whether the address is a visitor's: a proxy's own would count everybody as one.

    ``RATELIMIT_IP_META_KEY`` says where a proxy writes down whom it speaks for.
    """
    if getattr(settings, "RATELIMIT_IP_META_KEY", None):
        return True
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_global
    except ValueError:
        return False
