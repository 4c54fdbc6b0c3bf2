"""Pages that show a member's own billing are nobody else's to see."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils.cache import add_never_cache_headers, patch_vary_headers
from wagtail.models import Page

from ..sections.asking import account_of, has_asked

Serve = Callable[[Page, HttpRequest, list[Any], dict[str, Any]], HttpResponse]


def keep_private(serve: Serve) -> Serve:
    """Serve pages as before, and mark those that ask who the visitor is."""

    def serve_privately(
        page: Page, request: HttpRequest, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse:
        response = serve(page, request, args, kwargs)
        if isinstance(response, SimpleTemplateResponse):
            # A page's template, and with it its blocks, is rendered after serving.
            response.add_post_render_callback(lambda done: mark_private(request, done))
            return response
        return mark_private(request, response)

    return serve_privately


def mark_private(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """No cache keeps what a member saw; a visitor's page depends on the cookie."""
    if has_asked(request):
        patch_vary_headers(response, ["Cookie"])
        if account_of(request).is_member:
            add_never_cache_headers(response)
    return response
