"""The kinds of page an editor of The Weekly Loaf can make."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.fields import StreamField
from wagtail.images import get_image_model_string
from wagtail.models import Page, PageQuerySet, Site
from wagtail_localize.fields import SynchronizedField

from wagtail_billing_portal.accounts import BillingAccount, account_for
from wagtail_billing_portal.blocks import BILLING_BLOCKS
from weekly_loaf.pages.blocks import text_blocks


class HomePage(Page):
    """The front page: the newest article large, the others below, then the plans."""

    strapline = models.CharField(
        _("strapline"),
        max_length=120,
        blank=True,
        help_text=_("Shown under the paper's name."),
    )
    teaser_heading = models.CharField(
        _("heading"),
        max_length=120,
        blank=True,
        help_text=_("Opens the invitation to subscribe, below the articles."),
    )
    teaser_text = models.TextField(_("text"), blank=True)

    content_panels = [
        *Page.content_panels,
        FieldPanel("strapline"),
        MultiFieldPanel(
            [FieldPanel("teaser_heading"), FieldPanel("teaser_text")],
            heading=_("Invitation to subscribe"),
        ),
    ]
    parent_page_types = ["wagtailcore.Page"]
    template = "pages/home_page.html"

    class Meta:
        verbose_name = _("home page")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        context["lead"], *context["articles"] = newest_articles(self)[:6] or [None]
        return context


class StandardPage(Page):
    """A page of text and of anything the billing portal offers."""

    intro = models.TextField(
        _("introduction"), blank=True, help_text=_("Shown large, under the title.")
    )
    body = StreamField(
        [*text_blocks(), *BILLING_BLOCKS], verbose_name=_("body"), blank=True
    )

    content_panels = [*Page.content_panels, FieldPanel("intro"), FieldPanel("body")]
    parent_page_types = ["loaf_pages.HomePage", "loaf_pages.StandardPage"]
    template = "pages/standard_page.html"

    class Meta:
        verbose_name = _("page")


class PricingPage(StandardPage):
    """The plans. Invitations to subscribe anywhere on the site lead here."""

    max_count_per_parent = 1
    parent_page_types = ["loaf_pages.HomePage"]
    template = "pages/standard_page.html"

    class Meta:
        verbose_name = _("plans page")


class AccountPage(StandardPage):
    """What a member has: the header's "Your account" leads here."""

    max_count_per_parent = 1
    parent_page_types = ["loaf_pages.HomePage"]
    template = "pages/standard_page.html"

    class Meta:
        verbose_name = _("account page")


class ArticleIndexPage(Page):
    """All articles, newest first."""

    intro = models.TextField(_("introduction"), blank=True)

    content_panels = [*Page.content_panels, FieldPanel("intro")]
    parent_page_types = ["loaf_pages.HomePage"]
    subpage_types = ["loaf_pages.ArticlePage"]
    template = "pages/article_index_page.html"

    class Meta:
        verbose_name = _("list of articles")

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        context["articles"] = newest_articles(self)
        return context


class ArticlePage(Page):
    """A piece for the paper; subscribers alone read a members' piece to its end."""

    standfirst = models.TextField(
        _("standfirst"), help_text=_("One or two sentences. Everybody sees these.")
    )
    author = models.CharField(_("author"), max_length=100)
    date = models.DateField(_("date"), default=timezone.localdate)
    illustration = models.ForeignKey(
        get_image_model_string(),
        verbose_name=_("illustration"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
    )
    illustration_text = models.CharField(
        _("what the illustration shows"),
        max_length=200,
        blank=True,
        help_text=_("Read aloud to people who cannot see it."),
    )
    members_only = models.BooleanField(
        _("for members"),
        default=False,
        help_text=_("Visitors see the standfirst and the first block only."),
    )
    body = StreamField(text_blocks(), verbose_name=_("body"))

    content_panels = [
        *Page.content_panels,
        FieldPanel("standfirst"),
        MultiFieldPanel([FieldPanel("author"), FieldPanel("date")]),
        MultiFieldPanel([FieldPanel("illustration"), FieldPanel("illustration_text")]),
        FieldPanel("members_only"),
        FieldPanel("body"),
    ]
    parent_page_types = ["loaf_pages.ArticleIndexPage"]
    subpage_types: list[str] = []
    override_translatable_fields = [SynchronizedField("author")]
    template = "pages/article_page.html"

    class Meta:
        verbose_name = _("article")

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        if self.members_only:  # A shared cache must not hand it to the next visitor.
            patch_cache_control(response, private=True)
        return response

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        context = super().get_context(request, *args, **kwargs)
        context["may_read"] = self.may_be_read(request)
        return context

    def may_be_read(self, request: HttpRequest) -> bool:
        """Whether whoever asks gets the whole text, rather than its beginning."""
        if not self.members_only or getattr(request, "is_preview", False):
            return True
        return _account_of(request).is_subscribed


def newest_articles(below: Page) -> PageQuerySet:
    """The published articles under a page, newest first."""
    return (
        ArticlePage.objects.live()
        .descendant_of(below)
        .select_related("illustration")
        .order_by("-date", "-pk")
    )


def _account_of(request: HttpRequest) -> BillingAccount:
    return account_for(request.user, site=Site.find_for_request(request))
