"""What an editor can choose from in the portal settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _


class Feature(models.TextChoices):
    """What a site can offer its members; each can be switched off."""

    SUBSCRIBE = "subscribe", _("New subscriptions")
    CHANGE_PLAN = "change_plan", _("Changing plan")
    CHANGE_QUANTITY = "change_quantity", _("Changing the quantity")
    PAUSE = "pause", _("Pausing")
    PROMOTION_CODES = "promotion_codes", _("Promotion codes")
    CANCEL = "cancel", _("Cancelling")
    INVOICES = "invoices", _("Invoices")
    HOSTED_PORTAL = "hosted_portal", _("Stripe's own portal")


class Place(models.TextChoices):
    """Where members do something, where Stripe's own page is offered, too."""

    BOTH = "both", _("On your pages, with a link to Stripe's")
    OURS = "ours", _("On your pages alone")
    STRIPE = "stripe", _("On Stripe's page, wherever it can")


class CancelMode(models.TextChoices):
    """When a cancelled subscription ends."""

    AT_PERIOD_END = "at_period_end", _("At the end of the period that was paid for")
    IMMEDIATELY = "immediately", _("At once")
    EITHER = "either", _("The member chooses")


class CancelSettlement(models.TextChoices):
    """What becomes of the time that was paid for, when it ends at once."""

    NOTHING = "nothing", _("Nothing is given back")
    CREDIT = "credit", _("It is credited towards future invoices")
    REFUND = "refund", _("It is paid back")


class Proration(models.TextChoices):
    """How a change in the middle of a period is charged."""

    ALWAYS_INVOICE = "always_invoice", _("At once")
    CREATE_PRORATIONS = "create_prorations", _("With the next invoice")
    NONE = "none", _("Not at all; the new price counts from the next period")


class TrialChange(models.TextChoices):
    """What becomes of a free trial when the plan is changed during it."""

    END_TRIAL = "end_trial", _("It ends, and the new plan is charged at once")
    CONTINUE_TRIAL = "continue_trial", _("It goes on until its end")


class BillingAnchor(models.TextChoices):
    """Which day the periods begin on after a change."""

    UNCHANGED = "unchanged", _("The day stays")
    NOW = "now", _("A new period begins with the change")


class OfferKind(models.TextChoices):
    """What a member who is about to leave is offered instead."""

    COUPON = "coupon", _("A discount")
    FREE_MONTHS = "free_months", _("Free months")
    PAUSE = "pause", _("A pause")
    CHEAPER_PLAN = "cheaper_plan", _("A cheaper plan")


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
            label=capfirst(self.verbose_name),
            help_text=self.help_text,
            initial=self.get_default(),
        )
