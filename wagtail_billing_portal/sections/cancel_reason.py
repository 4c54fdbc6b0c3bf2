from __future__ import annotations

from .cancel_step import CancelStepSection


class CancelReasonSection(CancelStepSection):
    """First step of leaving: why, if the member likes to say."""

    template_name = "wagtail_billing_portal/sections/cancel_reason.html"
