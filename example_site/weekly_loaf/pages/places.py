"""The pages that the site's own furniture links to, in the reader's language."""

from __future__ import annotations

from typing import TypeVar

from wagtail.models import Locale, Page

from weekly_loaf.pages.models import AccountPage, ArticleIndexPage, PricingPage

P = TypeVar("P", bound=Page)


def pricing_page() -> PricingPage | None:
    """Where the plans are."""
    return _in_active_language(PricingPage)


def account_page() -> AccountPage | None:
    """Where a member's own things are."""
    return _in_active_language(AccountPage)


def article_index_page() -> ArticleIndexPage | None:
    """Where all articles are."""
    return _in_active_language(ArticleIndexPage)


def _in_active_language(kind: type[P]) -> P | None:
    return kind.objects.live().filter(locale=Locale.get_active()).first()
