from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    MultiFieldPanel,
    PageChooserPanel,
)
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ..conf import conf


class Feature(models.TextChoices):
    """What a site can offer its members; each can be switched off."""

    SUBSCRIBE = "subscribe", _("New subscriptions")
    CANCEL = "cancel", _("Cancelling")
    INVOICES = "invoices", _("Invoices")
    HOSTED_PORTAL = "hosted_portal", _("Stripe's own portal")


class CancelMode(models.TextChoices):
    """When a cancelled subscription ends."""

    AT_PERIOD_END = "at_period_end", _("At the end of the period that was paid for")


class CancelReason(models.TextChoices):
    """Stripe's eight reasons for leaving, in a member's words."""

    TOO_EXPENSIVE = "too_expensive", _("It's too expensive")
    UNUSED = "unused", _("I don't use it enough")
    MISSING_FEATURES = "missing_features", _("Something I need is missing")
    SWITCHED_SERVICE = "switched_service", _("I've found something else")
    TOO_COMPLEX = "too_complex", _("It's too complicated")
    LOW_QUALITY = "low_quality", _("The quality isn't what I expected")
    CUSTOMER_SERVICE = "customer_service", _("I'm unhappy with the customer service")
    OTHER = "other", _("Another reason")


class ReasonsField(models.JSONField):
    """A list of ``CancelReason`` values, ticked in the admin."""

    def formfield(self, **kwargs: Any) -> forms.Field:
        return forms.MultipleChoiceField(
            choices=CancelReason.choices,
            widget=forms.CheckboxSelectMultiple,
            required=False,
            label=self.verbose_name,
            help_text=self.help_text,
            initial=self.get_default(),
        )


def account_choices() -> list[tuple[str, str]]:
    """The aliases of ``ACCOUNTS``; only the alias is stored, never a key."""
    return [(alias, alias) for alias in conf.ACCOUNTS] or [("default", "default")]


def all_reasons() -> list[str]:
    return list(CancelReason.values)


@register_setting(icon="credit-card", order=700)
class PortalSettings(BaseSiteSetting):
    """What the billing portal of one site offers, and says."""

    stripe_account = models.CharField(
        _("Stripe account"),
        max_length=50,
        choices=account_choices,
        default="default",
        help_text=_(
            "Whose customers and prices this site shows. Developers add accounts in "
            "the settings file."
        ),
    )
    headline = models.CharField(
        _("headline"),
        max_length=60,
        blank=True,
        help_text=_("Shown at the top of the portal. Empty: “Your billing”."),
    )
    terms_of_service_url = models.URLField(
        _("terms of service"),
        blank=True,
        help_text=_("Linked at the foot of every portal page, and on Stripe's pages."),
    )
    privacy_policy_url = models.URLField(
        _("privacy policy"),
        blank=True,
        help_text=_("Linked at the foot of every portal page, and on Stripe's pages."),
    )
    return_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("account page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Where members arrive after paying or after leaving Stripe's pages. Empty: "
            "the portal's overview."
        ),
    )
    plans_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("plans page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "The page with the pricing table. Members without a subscription are shown "
            "the way there. Empty: no such button."
        ),
    )
    offer_subscribe = models.BooleanField(
        _("offer new subscriptions"),
        default=True,
        help_text=_("Members can choose a plan and pay for it. Off: prices only."),
    )
    offer_cancel = models.BooleanField(
        _("offer cancelling"),
        default=True,
        help_text=_(
            "Members can cancel, and undo it until the end. In many countries the law "
            "wants this on."
        ),
    )
    offer_invoices = models.BooleanField(
        _("offer invoices"),
        default=True,
        help_text=_("Members see their invoices and download them."),
    )
    offer_hosted_portal = models.BooleanField(
        _("offer Stripe's own portal"),
        default=True,
        help_text=_("A button leads to the same account on Stripe's pages."),
    )
    cancel_mode = models.CharField(
        _("when cancelled"),
        max_length=20,
        choices=CancelMode.choices,
        default=CancelMode.AT_PERIOD_END,
        help_text=_("Members read the last day of access before they confirm."),
    )
    ask_cancel_reason = models.BooleanField(
        _("ask for a reason"),
        default=True,
        help_text=_("Answering is always optional."),
    )
    cancel_reasons = ReasonsField(
        _("reasons offered"),
        default=all_reasons,
        blank=True,
        help_text=_("In the order shown here; members see these words."),
    )

    stripe_configuration = models.CharField(max_length=255, blank=True, editable=False)

    panels = [
        MultiFieldPanel(
            [
                FieldPanel("stripe_account"),
                FieldPanel("headline"),
                PageChooserPanel("plans_page"),
                PageChooserPanel("return_page"),
            ],
            heading=_("The portal"),
        ),
        MultiFieldPanel(
            [
                HelpPanel(
                    _("What is switched off has no button and no page for anyone.")
                ),
                FieldPanel("offer_subscribe"),
                FieldPanel("offer_cancel"),
                FieldPanel("offer_invoices"),
                FieldPanel("offer_hosted_portal"),
            ],
            heading=_("What members can do"),
        ),
        MultiFieldPanel(
            [
                FieldPanel("cancel_mode"),
                FieldPanel("ask_cancel_reason"),
                FieldPanel("cancel_reasons"),
            ],
            heading=_("Cancelling"),
        ),
        MultiFieldPanel(
            [FieldPanel("terms_of_service_url"), FieldPanel("privacy_policy_url")],
            heading=_("Legal links"),
        ),
    ]

    select_related = ["plans_page", "return_page"]

    class Meta:
        verbose_name = _("billing portal")

    def __str__(self) -> str:
        return str(_("Billing portal"))

    def offers(self, feature: Feature) -> bool:
        """Whether members of this site may use ``feature``."""
        return bool(getattr(self, f"offer_{feature.value}"))

    @property
    def offered_reasons(self) -> list[tuple[str, str]]:
        """Value and words of each reason a member may pick; empty: none is asked."""
        if not self.ask_cancel_reason:
            return []
        return [
            (value, str(label))
            for value, label in CancelReason.choices
            if value in self.cancel_reasons
        ]
