"""The bar at the top of every page of the demo."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django import template
from django.conf import settings
from django.template import Context

from weekly_loaf.demo.cast import CAST, role_of

register = template.Library()


@register.inclusion_tag("demo/bar.html", takes_context=True)
def demo_bar(context: Context) -> dict[str, Any]:
    """Who one is, who one could be, and where the editor's side is."""
    if not settings.DEMO:
        return {"is_demo": False}
    request = context["request"]
    user = getattr(request, "user", None)
    username = user.get_username() if user and user.is_authenticated else ""
    return {
        "is_demo": True,
        "has_sandbox": settings.USES_SANDBOX,
        "cast": CAST,
        "role": role_of(username),
        "username": username,
        "here": request.get_full_path(),
    }


@register.filter
def moment(seconds: int) -> datetime:
    """Unix seconds as a time that Django's date filters understand."""
    return datetime.fromtimestamp(seconds, tz=UTC)
