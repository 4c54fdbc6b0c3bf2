"""One-click log-in. Each view checks ``settings.DEMO`` itself, however it is reached."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.contrib.auth import get_user_model, login, logout
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from weekly_loaf.demo.cast import role_of

View = Callable[[HttpRequest], HttpResponse]


def only_in_the_demo(view: View) -> View:
    """Not found, unless this site is a demo."""

    @wraps(view)
    def guarded(request: HttpRequest) -> HttpResponse:
        if not settings.DEMO:
            raise Http404
        return view(request)

    return guarded


@only_in_the_demo
@require_POST
def become(request: HttpRequest) -> HttpResponse:
    """Log in as one of the cast, or out again when nobody is named."""
    logout(request)
    if email := request.POST.get("who"):
        role = role_of(email)
        if role is None:
            raise Http404
        user = get_object_or_404(get_user_model(), username=role.email)
        login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    return redirect(_way_back(request))


def _way_back(request: HttpRequest) -> str:
    there = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(there, {request.get_host()})
    return there if is_ours else "/"
