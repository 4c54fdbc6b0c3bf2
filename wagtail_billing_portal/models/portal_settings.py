from __future__ import annotations

from typing import Any

from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.contrib.settings.models import BaseSiteSetting, register_setting

from ..conf import conf
from .portal_choices import (
    BillingAnchor,
    CancelMode,
    CancelReason,
    CancelSettlement,
    Feature,
    Place,
    Proration,
    ReasonsField,
    TrialChange,
)
from .portal_panels import EDIT_HANDLER


def account_choices() -> list[tuple[str, str]]:
    """The aliases of ``ACCOUNTS``; only the alias is stored, never a key."""
    return [(alias, alias) for alias in conf.ACCOUNTS] or [("default", "default")]


def all_reasons() -> list[str]:
    return list(CancelReason.values)


@register_setting(icon="credit-card", order=700)
class PortalSettings(BaseSiteSetting, ClusterableModel):
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
    contact_page = models.ForeignKey(
        "wagtailcore.Page",
        verbose_name=_("contact page"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_(
            "Linked at the foot of every portal page, and wherever members are told to "
            "contact you. Empty: no such link."
        ),
    )
    offer_subscribe = models.BooleanField(
        _("offer new subscriptions"),
        default=True,
        help_text=_("Members can choose a plan and pay for it. Off: prices only."),
    )
    offer_change_plan = models.BooleanField(
        _("offer changing plan"),
        default=True,
        help_text=_(
            "Members switch between the plans of a plan group, and add and remove "
            "extras. They see what it costs before they confirm."
        ),
    )
    offer_change_quantity = models.BooleanField(
        _("offer changing the quantity"),
        default=True,
        help_text=_(
            "Members change how many units they pay for, within the bounds of the "
            "plan group."
        ),
    )
    offer_pause = models.BooleanField(
        _("offer pausing"),
        default=False,
        help_text=_(
            "Members pause for the lengths under “Pausing”. Whoever is paused can "
            "resume, whether or not this is ticked."
        ),
    )
    offer_promotion_codes = models.BooleanField(
        _("offer promotion codes"),
        default=True,
        help_text=_("Members type in a code on the page of their subscription."),
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
    change_place = models.CharField(
        _("members change plans"),
        max_length=10,
        choices=Place.choices,
        default=Place.BOTH,
        help_text=_("Also quantities. Extras stay on your pages."),
    )
    pause_place = models.CharField(
        _("members pause"),
        max_length=10,
        choices=Place.choices,
        default=Place.BOTH,
        help_text=_("What Stripe's page can't do members do on your pages."),
    )
    cancel_place = models.CharField(
        _("members cancel"),
        max_length=10,
        choices=Place.choices,
        default=Place.BOTH,
        help_text=_("On your pages they can be made any of your offers."),
    )
    wait_if_cheaper = models.BooleanField(
        _("a cheaper plan waits"),
        default=True,
        help_text=_(
            "Members keep what they paid for until the period ends; then it changes. "
            "Off: it changes at once."
        ),
    )
    wait_if_shorter = models.BooleanField(
        _("a shorter interval waits"),
        default=True,
        help_text=_("The same for who switches from yearly to monthly, for example."),
    )
    wait_if_fewer = models.BooleanField(
        _("a smaller quantity waits"),
        default=True,
        help_text=_("The same for who needs fewer units."),
    )
    proration = models.CharField(
        _("the difference is charged"),
        max_length=20,
        choices=Proration.choices,
        default=Proration.ALWAYS_INVOICE,
        help_text=_(
            "For changes that are made at once. Members see the amount before they "
            "confirm. Subscriptions paid by invoice are charged with the next invoice."
        ),
    )
    billing_anchor = models.CharField(
        _("billing day"),
        max_length=20,
        choices=BillingAnchor.choices,
        default=BillingAnchor.UNCHANGED,
        help_text=_(
            "For changes within the same interval; another interval always begins a "
            "new period."
        ),
    )
    trial_change = models.CharField(
        _("a free trial"),
        max_length=20,
        choices=TrialChange.choices,
        default=TrialChange.END_TRIAL,
        help_text=_("When the plan is changed during it. Members are told."),
    )
    pause_without_end = models.BooleanField(
        _("pause without an end"),
        default=False,
        help_text=_("Members may also pause until they resume."),
    )
    pauses_a_year = models.PositiveSmallIntegerField(
        _("pauses a year"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(365)],
        help_text=_("How often one subscription may be paused. Empty: any number."),
    )
    cancel_mode = models.CharField(
        _("when cancelled"),
        max_length=20,
        choices=CancelMode.choices,
        default=CancelMode.AT_PERIOD_END,
        help_text=_(
            "When a cancelled subscription ends. Members read the last day of access "
            "before they confirm."
        ),
    )
    cancel_settlement = models.CharField(
        _("time not used"),
        max_length=20,
        choices=CancelSettlement.choices,
        default=CancelSettlement.NOTHING,
        help_text=_("When a subscription ends at once. Members read the amount."),
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

    edit_handler = EDIT_HANDLER

    select_related = ["contact_page", "plans_page", "return_page"]

    class Meta:
        verbose_name = _("billing portal")

    def __str__(self) -> str:
        return str(_("Billing portal"))

    def offers(self, feature: Feature) -> bool:
        """Whether members of this site may use ``feature``."""
        return bool(getattr(self, f"offer_{feature.value}"))

    @property
    def offered_pause_lengths(self) -> list[Any]:
        """Each ``PauseLength`` that members may choose; one month if nothing is said."""
        lengths = list(self.pause_lengths.all())
        if lengths or self.pause_without_end:
            return lengths
        return [self.pause_lengths.model(interval="month", interval_count=1)]

    @property
    def allows_cancel_now(self) -> bool:
        """Whether a member may end it at once."""
        return self.cancel_mode != CancelMode.AT_PERIOD_END

    @property
    def allows_cancel_at_end(self) -> bool:
        """Whether a member may end it with the period that was paid for."""
        return self.cancel_mode != CancelMode.IMMEDIATELY

    @property
    def offered_reasons(self) -> list[tuple[str, str]]:
        """Value and words of each reason a member may pick; empty: none is asked."""
        if not self.ask_cancel_reason:
            return []
        asked = [
            (value, str(label))
            for value, label in CancelReason.choices
            if value in self.cancel_reasons
        ]
        own = [(it.value, it.text) for it in self.own_reasons.all()]
        # "Another reason" is for whom no other fits, so it comes last.
        place = -1 if asked and asked[-1][0] == CancelReason.OTHER else len(asked)
        return [*asked[:place], *own, *asked[place:]]
