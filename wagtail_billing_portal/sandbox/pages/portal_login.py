"""The way into the customer portal for whoever can read a customer's mail."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from wagtail_billing_portal.sandbox.billing import portal, portal_logins
from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.forms import EmailForm, LoginCodeForm
from wagtail_billing_portal.sandbox.pages.cards import asking
from wagtail_billing_portal.sandbox.pages.frame import (
    message_page,
    page,
    sandbox_page,
    see_other,
    spoken,
    world_with,
)
from wagtail_billing_portal.sandbox.pages.seller import seller_name
from wagtail_billing_portal.sandbox.pages.words import hinted
from wagtail_billing_portal.sandbox.world import World

Json = dict[str, Any]


@sandbox_page
def portal_login(request: HttpRequest, token: str) -> HttpResponse:
    """Ask for an address; the answer is the same for those that nobody has."""
    with world_with(portal.LOGIN_PAGE, token) as world, spoken(request):
        configuration = _configuration(world, token)
        form = EmailForm(request.POST if request.method == "POST" else None)
        if request.method == "POST" and form.is_valid():
            email = form.cleaned_data["email"]
            login = portal_logins.send_code(
                world,
                email,
                portal_logins.customer_with(world, email),
                configuration=configuration["id"],
                login_page=token,
            )
            return see_other(_code_url(login))
        context = {
            "form": form,
            "heading": configuration["business_profile"]["headline"],
            "seller": seller_name(),
            "narrow": True,
            **asking(request, form),
        }
        return page(request, "portal_login", context)


@require_POST
@sandbox_page
def portal_recover(request: HttpRequest, token: str) -> HttpResponse:
    """Send a code to whoever left a session lying too long."""
    with world_with(portal.PAGE, token) as world:
        customer = portal_logins.recoverable(world, token)
        if customer is None:
            raise ResourceMissing(portal.PAGE, token)
        session = world.get(portal.PAGE, token)["session"]
        login = portal_logins.send_code(
            world,
            customer["email"],
            customer,
            configuration=session["configuration"],
            page=token,
        )
    return see_other(_code_url(login))


@sandbox_page
def portal_code(request: HttpRequest, login_id: str) -> HttpResponse:
    """Let whoever knows the code into the portal."""
    with world_with(portal_logins.KIND, login_id) as world:
        login = world.get(portal_logins.KIND, login_id)
        with spoken(request, _locale_of(world, login)):
            form = LoginCodeForm(request.POST if request.method == "POST" else None)
            if request.method == "POST" and form.is_valid():
                code = form.cleaned_data["code"]
                if session := portal_logins.enter(world, login, code):
                    return see_other(session["url"])
                form.add_error("code", gettext("This code is not right."))
                login = world.get(portal_logins.KIND, login_id)
            if portal_logins.is_over(world, login):
                return _over(request, login)
            context = {
                "form": form,
                "email": hinted(login["email"]) if login["page"] else login["email"],
                "sandbox_code": login["code"] if login["customer"] else "",
                "seller": seller_name(),
                "narrow": True,
                **asking(request, form),
            }
            return page(request, "portal_code", context)


def _configuration(world: World, token: str) -> Json:
    configuration_id = world.get(portal.LOGIN_PAGE, token)["configuration"]
    configuration = world.get(portal.KIND, configuration_id)
    if not configuration["active"]:
        raise ResourceMissing(portal.LOGIN_PAGE, token)
    return configuration


def _over(request: HttpRequest, login: Json) -> HttpResponse:
    again = reverse("billing_sandbox:portal", args=[login["page"]])
    if login["page"] is None:
        again = reverse("billing_sandbox:portal_login", args=[login["login_page"]])
    return message_page(
        request,
        gettext("This code does not work any more"),
        gettext("It was good for a short time and a few tries. Ask for another one."),
        status=410,
        seller=seller_name(),
        next_url=again,
        next_text=gettext("Ask for a new code"),
    )


def _code_url(login: Json) -> str:
    return reverse("billing_sandbox:portal_code", args=[login["id"]])


def _locale_of(world: World, login: Json) -> str | None:
    if login["page"] is None:
        return None
    locale: str | None = world.get(portal.PAGE, login["page"])["session"]["locale"]
    return locale
