"""Who is asking: resolved once a request, for views, blocks and tags alike."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from wagtail.models import Site

from ..accounts import BillingAccount, account_for
from ..exceptions import BillingNotConfigured

ACCOUNT_ATTRIBUTE = "_billing_account"


def account_of(request: HttpRequest) -> BillingAccount:
    """The billing account of whoever sent this request, on the site they asked."""
    account: BillingAccount | None = getattr(request, ACCOUNT_ATTRIBUTE, None)
    if account is None:
        user = getattr(request, "user", None) or AnonymousUser()
        account = account_for(user, site=_site_of(request))
        setattr(request, ACCOUNT_ATTRIBUTE, account)
    return account


def has_asked(request: HttpRequest) -> bool:
    """Whether the answer to this request depends on who sent it."""
    return hasattr(request, ACCOUNT_ATTRIBUTE)


def _site_of(request: HttpRequest) -> Site:
    site: Site | None = Site.find_for_request(request)
    if site is None:
        raise BillingNotConfigured(
            f"No Wagtail site answers to {request.get_host()}. Add it under Settings, "
            "Sites, or mark one of the sites there as the default."
        )
    return site
