from __future__ import annotations

from django.contrib.auth.models import Permission
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.viewsets.base import ViewSet

from .admin.events import EventsMenuItem, stripe_events
from .admin.health import warn_if_unwell
from .admin.prices import price_chooser
from .admin.private_pages import keep_private


@hooks.register("register_admin_viewset")
def register_viewsets() -> list[ViewSet]:
    return [price_chooser, stripe_events]


hooks.register("on_serve_page", keep_private)
hooks.register("construct_homepage_panels", warn_if_unwell)


@hooks.register("register_reports_menu_item")
def register_events_menu_item() -> EventsMenuItem:
    return EventsMenuItem(
        _("Stripe events"),
        reverse(stripe_events.get_url_name("index")),
        name="stripe-events",
        icon_name="credit-card",
        order=1200,
    )


@hooks.register("register_permissions")
def register_permissions() -> QuerySet[Permission]:
    return Permission.objects.filter(
        content_type__app_label="wagtail_billing_portal",
        codename__in=["view_stripeevent", "change_stripeevent"],
    )


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, "wagtail_billing_portal/icons/credit-card.svg"]
