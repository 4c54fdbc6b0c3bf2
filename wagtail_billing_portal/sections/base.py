from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib.messages import get_messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, QueryDict
from django.middleware.csrf import get_token
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from laces.components import Component
from wagtail.models import Page

from ..accounts import BillingAccount
from ..adapter import get_adapter
from ..models import Feature


class Section(Component):
    """A part of the portal: one component, one template, on any page."""

    template_name: str

    def __init__(self, *, heading: str = "") -> None:
        self.heading = heading

    def get_context_data(
        self, parent_context: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        """Override to add what the template shows; queries belong here."""
        request = parent_context.get("request") if parent_context else None
        context = {
            "heading": self.heading,
            "messages": unread_messages(request),
            "request": request,
        }
        if request is not None:
            context["csrf_token"] = SimpleLazyObject(lambda: get_token(request))
            context["here"] = request.get_full_path()
        return context


def unread_messages(request: HttpRequest | None) -> Iterable[Message]:
    """What a button of ours had to say, unless the page around us has shown it."""
    found = get_messages(request) if request is not None else []
    return [] if getattr(found, "used", False) else found


def new_key() -> str:
    """An idempotency key for a form: made when it is shown, sent when it is used."""
    return uuid4().hex


def address(name: str, *args: str) -> str:
    """Where a page of the portal is."""
    return reverse(f"wagtail_billing_portal:{name}", args=args)


def page_address(page: Page | None, request: HttpRequest | None) -> str:
    """Where a page of the site is, in the visitor's language; empty unless live."""
    if page is None or not page.live:
        return ""
    return page.localized.get_url(request) or ""


def plans_url(account: BillingAccount, request: HttpRequest | None) -> str:
    """Where one can subscribe, if the site says where and offers it."""
    if not account.settings.offers(Feature.SUBSCRIBE):
        return ""
    return page_address(account.settings.plans_page, request)


def login_url(here: str) -> str:
    """The site's login page, which leads back to ``here``."""
    there = get_adapter().get_login_url()
    joint = "&" if "?" in there else "?"
    return f"{there}{joint}{urlencode({'next': here})}"


def query_of(request: HttpRequest | None, **changes: str | int | None) -> str:
    """The request's query string with ``changes`` made; ``None`` removes."""
    query = request.GET.copy() if request is not None else QueryDict(mutable=True)
    for name, value in changes.items():
        query.pop(name, None)
        if value is not None:
            query[name] = str(value)
    return "?" + query.urlencode()
