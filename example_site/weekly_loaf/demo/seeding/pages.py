"""The English pages; ``translations`` makes the German ones from them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, TypeVar
from urllib.parse import urlsplit

from django.conf import settings
from django.core.files.images import ImageFile
from django.utils import timezone
from wagtail.images import get_image_model
from wagtail.images.models import AbstractImage
from wagtail.models import Page, Site

from weekly_loaf.demo.seeding.texts import PICTURES, article_texts, page_texts
from weekly_loaf.pages.models import (
    AccountPage,
    ArticleIndexPage,
    ArticlePage,
    HomePage,
    PricingPage,
    StandardPage,
)

P = TypeVar("P", bound=Page)


def seed_pages() -> None:
    """Home, articles, plans, account and about, without the portal's blocks."""
    texts = page_texts()
    home = _home(texts["home"])
    articles = _page(home, ArticleIndexPage, texts["articles"], show_in_menus=True)
    for article in article_texts():
        _article(articles, article)
    plans = texts["pricing"]
    _page(home, PricingPage, plans, body=[_paragraph(plans["afterwards"])])
    _page(home, AccountPage, texts["account"], show_in_menus=False)
    about = texts["about"]
    body = [_paragraph(text) for text in about["text"]]
    _page(home, StandardPage, about, body=body)


def _home(texts: dict[str, Any]) -> HomePage:
    root = Page.get_first_root_node()
    home = _page(root, HomePage, texts, show_in_menus=False)
    _serve(home)
    # The page that Wagtail puts on a new site to welcome its developer.
    for welcome in root.get_children().exact_type(Page):
        welcome.delete()
    return home


def _serve(home: HomePage) -> None:
    """Make it the front page, at the address where the site runs this time."""
    origin = urlsplit(settings.ORIGIN)
    site = Site.objects.get(is_default_site=True)
    site.root_page = home
    site.site_name = settings.WAGTAIL_SITE_NAME
    site.hostname = origin.hostname or "localhost"
    site.port = origin.port or (443 if origin.scheme == "https" else 80)
    site.save()


def _page(parent: Page, kind: type[P], texts: dict[str, Any], **fields: Any) -> P:
    """The page of this kind and address, made and published if it is missing."""
    slug = texts["slug"][0]
    if found := kind.objects.child_of(parent).filter(slug=slug).first():
        return found
    own = {field.name for field in kind._meta.get_fields()}
    written = {
        name: text[0]
        for name, text in texts.items()
        if name in own and name not in {"slug", "body"}
    }
    fields.setdefault("show_in_menus", True)
    return _publish(parent, kind(slug=slug, **written, **fields))


def _article(index: ArticleIndexPage, texts: dict[str, Any]) -> None:
    _page(
        index,
        ArticlePage,
        {name: texts[name] for name in ("slug", "title", "standfirst")},
        show_in_menus=False,
        author=texts["author"],
        date=timezone.localdate() - timedelta(days=texts["days_ago"]),
        members_only=texts["members_only"],
        illustration=_picture(texts),
        illustration_text=texts["picture_shows"][0],
        search_description=texts["standfirst"][0],
        body=[_block(*block) for block in texts["body"]],
    )


def _publish(parent: Page, page: P) -> P:
    parent.add_child(instance=page)
    page.save_revision().publish()
    return page


def _picture(texts: dict[str, Any]) -> AbstractImage:
    Image = get_image_model()
    title = texts["title"][0]
    if found := Image.objects.filter(title=title).first():
        return found
    with (PICTURES / texts["picture"]).open("rb") as file:
        return Image.objects.create(
            title=title,
            description=texts["picture_shows"][0],
            file=ImageFile(file, name=texts["picture"]),
        )


def _block(kind: str, english: str, _german: str, source: str = "") -> dict[str, Any]:
    if kind == "quote":
        return {"type": kind, "value": {"quote": english, "source": source}}
    if kind == "paragraph":
        return _paragraph([english])
    return {"type": kind, "value": english}


def _paragraph(text: list[str]) -> dict[str, Any]:
    return {"type": "paragraph", "value": f"<p>{text[0]}</p>"}
