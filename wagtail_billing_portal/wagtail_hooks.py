from __future__ import annotations

from wagtail import hooks
from wagtail.admin.viewsets.chooser import ChooserViewSet

from .admin.prices import price_chooser
from .admin.private_pages import keep_private


@hooks.register("register_admin_viewset")
def register_price_chooser() -> ChooserViewSet:
    return price_chooser


hooks.register("on_serve_page", keep_private)


@hooks.register("register_icons")
def register_icons(icons: list[str]) -> list[str]:
    return [*icons, "wagtail_billing_portal/icons/credit-card.svg"]
