"""How the portal settings are laid out in the admin."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import (
    FieldPanel,
    HelpPanel,
    InlinePanel,
    MultiFieldPanel,
    ObjectList,
    PageChooserPanel,
    TabbedInterface,
)

EDIT_HANDLER = TabbedInterface(
    [
        ObjectList(
            [
                FieldPanel("stripe_account"),
                FieldPanel("headline"),
                PageChooserPanel("plans_page"),
                PageChooserPanel("return_page"),
                PageChooserPanel("contact_page"),
                MultiFieldPanel(
                    [
                        FieldPanel("terms_of_service_url"),
                        FieldPanel("privacy_policy_url"),
                    ],
                    heading=_("Legal links"),
                ),
            ],
            heading=_("The portal"),
        ),
        ObjectList(
            [
                HelpPanel(
                    _(
                        "What is switched off has no button and no page for anyone. "
                        "What was begun before can still be taken back: members "
                        "resume, keep what they cancelled, and undo what waits."
                    )
                ),
                FieldPanel("offer_subscribe"),
                FieldPanel("offer_change_plan"),
                FieldPanel("offer_change_quantity"),
                FieldPanel("offer_promotion_codes"),
                FieldPanel("offer_pause"),
                FieldPanel("offer_cancel"),
                FieldPanel("offer_invoices"),
                FieldPanel("offer_hosted_portal"),
                MultiFieldPanel(
                    [
                        FieldPanel("change_place"),
                        FieldPanel("pause_place"),
                        FieldPanel("cancel_place"),
                    ],
                    heading=_("Where members do it, if Stripe's portal is offered"),
                ),
                HelpPanel(
                    template="wagtail_billing_portal/admin/stripe_page.html",
                    heading=_("What Stripe's own page does otherwise"),
                ),
            ],
            heading=_("What members can do"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "plan_groups",
                    heading=_("Plan groups"),
                    label=_("Plan group"),
                    help_text=_(
                        "Members switch between the plans of one group. A plan "
                        "that is in no group can be kept, but not be switched to."
                    ),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("wait_if_cheaper"),
                        FieldPanel("wait_if_shorter"),
                        FieldPanel("wait_if_fewer"),
                    ],
                    heading=_("What waits for the end of the period"),
                ),
                MultiFieldPanel(
                    [
                        FieldPanel("proration"),
                        FieldPanel("billing_anchor"),
                        FieldPanel("trial_change"),
                    ],
                    heading=_("What is charged"),
                ),
            ],
            heading=_("Changes"),
        ),
        ObjectList(
            [
                InlinePanel(
                    "pause_lengths",
                    heading=_("Lengths"),
                    label=_("Length"),
                    help_text=_("Members choose one of these. None: one month."),
                ),
                FieldPanel("pause_without_end"),
                FieldPanel("pauses_a_year"),
            ],
            heading=_("Pausing"),
        ),
        ObjectList(
            [
                FieldPanel("cancel_mode"),
                FieldPanel("cancel_settlement"),
                FieldPanel("ask_cancel_reason"),
                FieldPanel("cancel_reasons"),
                InlinePanel(
                    "own_reasons",
                    heading=_("Your own reasons"),
                    label=_("Reason"),
                    help_text=_("Shown before “Another reason”."),
                ),
                InlinePanel(
                    "retention_offers",
                    heading=_("Offers"),
                    label=_("Offer"),
                    help_text=_(
                        "The first one that fits the reason is offered, once, "
                        "with a plain way to go on cancelling."
                    ),
                ),
            ],
            heading=_("Cancelling"),
        ),
    ]
)
