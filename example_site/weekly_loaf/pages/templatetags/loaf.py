"""What the header and footer of every page need, portal pages included."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import template
from django.conf import settings
from django.template import Context
from django.urls import translate_url
from wagtail.models import Page, Site

from weekly_loaf.pages import places

register = template.Library()


@dataclass(frozen=True)
class MenuLink:
    """One link of the header."""

    title: str
    url: str
    is_current: bool


@dataclass(frozen=True)
class LanguageLink:
    """This page, or failing that the front page, in one of the languages."""

    code: str
    name: str
    url: str
    is_current: bool


@register.simple_tag(takes_context=True)
def menu(context: Context) -> list[MenuLink]:
    """The front page's children that are marked *show in menus*."""
    request = context["request"]
    home = Site.find_for_request(request).root_page.localized
    return [_menu_link(page, request) for page in home.get_children().live().in_menu()]


@register.simple_tag(takes_context=True)
def language_links(context: Context) -> list[LanguageLink]:
    """The language switch."""
    request = context["request"]
    page = context.get("page")
    current = context["LANGUAGE_CODE"]
    return [
        LanguageLink(code, name, _address(page, request, code), code == current)
        for code, name in settings.LANGUAGES
    ]


@register.simple_tag
def pricing_url() -> str:
    """The address of the plans, or an empty string while there is none."""
    page = places.pricing_page()
    return page.url if page else ""


@register.simple_tag
def account_url() -> str:
    """The address of the account page, or an empty string while there is none."""
    page = places.account_page()
    return page.url if page else ""


@register.simple_tag
def articles_url() -> str:
    """The address of the list of articles."""
    page = places.article_index_page()
    return page.url if page else ""


def _menu_link(page: Page, request: Any) -> MenuLink:
    url = page.get_url(request)
    return MenuLink(page.title, url, request.path.startswith(url))


def _address(page: Page | None, request: Any, code: str) -> str:
    if not isinstance(page, Page) or page.pk is None:
        return str(translate_url(request.get_full_path(), code))
    translation = page.get_translations(inclusive=True).live()
    match = translation.filter(locale__language_code=code).first()
    return (match or page).get_url(request)
