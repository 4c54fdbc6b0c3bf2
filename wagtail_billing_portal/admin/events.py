"""The inbox in the admin: Stripe's events, how far behind they are, and *try again*.

What an event holds may be personal, so its payload is never shown here.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import django_filters
from django.contrib.admin.utils import quote, unquote
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django.views import View
from wagtail.admin import messages
from wagtail.admin.filters import DateRangePickerWidget, WagtailFilterSet
from wagtail.admin.menu import MenuItem
from wagtail.admin.ui.tables import (
    ButtonsColumnMixin,
    Column,
    DateColumn,
    StatusTagColumn,
    TitleColumn,
)
from wagtail.admin.views.generic import InspectView, PermissionCheckedMixin
from wagtail.admin.views.generic.base import BaseOperationView
from wagtail.admin.views.reports import ReportView
from wagtail.admin.viewsets.base import ViewSet
from wagtail.admin.widgets.button import ListingButton

from ..conf import conf
from ..mirror import inbox
from ..models import EventStatus, StripeEvent
from ..tasks import drain_inbox
from .accounts import hidden_accounts
from .health import POLICY, health_for, health_table, may_see_events

NAME = "wagtail_billing_portal_events"


class OnEvents(PermissionCheckedMixin):
    """For whoever was given Django's permission to view or to change Stripe events."""

    model = StripeEvent
    permission_policy = POLICY
    any_permission_required = ["view", "change"]

    @property
    def may_retry(self) -> bool:
        allowed: bool = self.user_has_permission("change")
        return allowed

    def get_base_queryset(self) -> QuerySet[StripeEvent]:
        """The events of the accounts that this user has to do with."""
        events = StripeEvent.objects.defer("payload")
        return events.exclude(stripe_account__in=hidden_accounts(self.request.user))

    def get_object(self, queryset: QuerySet[StripeEvent] | None = None) -> StripeEvent:
        return get_object_or_404(
            self.get_base_queryset(), pk=unquote(self.kwargs["pk"])
        )


class EventFilterSet(WagtailFilterSet):
    """Narrows the report down to what somebody looks for."""

    status = django_filters.ChoiceFilter(
        label=_("Status"), choices=EventStatus.choices, empty_label=_("All")
    )
    stripe_account = django_filters.ChoiceFilter(
        label=_("Stripe account"), choices=[], empty_label=_("All")
    )
    type = django_filters.ChoiceFilter(
        label=_("Type"),
        choices=lambda: [(name, name) for name in inbox.handled_events()],
        empty_label=_("All"),
    )
    received_at = django_filters.DateFromToRangeFilter(
        label=_("Received"), widget=DateRangePickerWidget
    )

    class Meta:
        model = StripeEvent
        fields = ["status", "stripe_account", "type", "received_at"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        hidden = hidden_accounts(self.request.user)
        self.filters["stripe_account"].extra["choices"] = [
            (alias, alias) for alias in conf.ACCOUNTS if alias not in hidden
        ]


class EventColumn(ButtonsColumnMixin, TitleColumn):
    """An event's type, and *try again* where it was given up."""

    def get_buttons(
        self, instance: StripeEvent, parent_context: dict[str, Any]
    ) -> list[ListingButton]:
        may_retry = POLICY.user_has_permission(parent_context["request"].user, "change")
        if not may_retry or instance.status != EventStatus.FAILED:
            return []
        attrs = {
            "data-controller": "w-action",
            "data-action": "w-action#post",
            "data-w-action-url-value": _url("retry", instance),
            "data-w-action-next-value": reverse(f"{NAME}:index"),
        }
        return [ListingButton(_("Try again"), attrs=attrs)]


class EventsReport(OnEvents, ReportView):
    """What Stripe told, newest first, below how far behind the mirror is."""

    template_name = "wagtail_billing_portal/admin/events.html"
    page_title = _("Stripe events")
    header_icon = "credit-card"
    index_url_name = f"{NAME}:index"
    index_results_url_name = f"{NAME}:index_results"
    default_ordering = "-received_at"
    is_searchable = True
    search_fields = ["id"]
    filterset_class = EventFilterSet
    list_export = [
        "id",
        "type",
        "status",
        "stripe_account",
        "received_at",
        "attempts",
        "processed_at",
    ]
    export_filename = "stripe-events"

    @cached_property
    def columns(self) -> list[Column]:
        account = Column(
            "account", label=_("Stripe account"), accessor="stripe_account"
        )
        return [
            EventColumn(
                "type",
                label=_("Type"),
                width="35%",
                get_url=lambda event: _url("inspect", event),
            ),
            StatusTagColumn(
                "status",
                label=_("Status"),
                accessor="get_status_display",
                primary=lambda event: event.status == EventStatus.FAILED,
            ),
            Column(
                "error",
                label=_("Error"),
                # Long words break there, so that all fits on a phone.
                classname="title",
                accessor=lambda event: _last_line(event.error),
            ),
            *([account] if len(conf.ACCOUNTS) > 1 else []),
            DateColumn("received_at", label=_("Received"), sort_key="received_at"),
        ]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context_data(**kwargs)
        accounts = health_for(self.request.user)
        context["health_table"] = health_table(accounts)
        is_offered = self.may_retry and any(account.failed for account in accounts)
        context["retry_all_url"] = reverse(f"{NAME}:retry_all") if is_offered else ""
        return context


class EventView(OnEvents, InspectView):
    """One event, with all that is known of how it failed."""

    template_name = "wagtail_billing_portal/admin/event.html"
    page_title = _("Stripe event")
    header_icon = "credit-card"
    index_url_name = f"{NAME}:index"
    fields = [
        "id",
        "stripe_account",
        "api_version",
        "created",
        "received_at",
        "status",
        "attempts",
        "next_attempt_at",
        "processed_at",
        "error",
    ]
    labels = {"created": _("Happened"), "next_attempt_at": _("Next attempt")}

    def get_field_label(self, field_name: str, field: Any) -> Any:
        return self.labels.get(field_name) or super().get_field_label(field_name, field)

    def get_created_display_value(self) -> datetime:
        return datetime.fromtimestamp(self.object.created, UTC)

    def get_next_attempt_at_display_value(self) -> datetime | str:
        waits = self.object.status == EventStatus.PENDING
        return self.object.next_attempt_at if waits else "-"

    def get_processed_at_display_value(self) -> datetime | str:
        return self.object.processed_at or "-"

    def get_error_display_value(self) -> str:
        return format_html("<pre>{}</pre>", self.object.error or "-")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        is_offered = self.may_retry and self.object.status == EventStatus.FAILED
        context: dict[str, Any] = super().get_context_data(**kwargs)
        context["retry_url"] = _url("retry", self.object) if is_offered else ""
        return context


class RetryView(OnEvents, BaseOperationView):
    """Puts one event back in line, and has the line worked through."""

    any_permission_required = ["change"]
    success_url_name = f"{NAME}:inspect"

    def perform_operation(self) -> None:
        inbox.retry(self.object)
        transaction.on_commit(drain_inbox.enqueue)

    def add_success_message(self) -> None:
        self.object.refresh_from_db()
        if self.object.status == EventStatus.PROCESSED:
            messages.success(self.request, _("The event was applied."))
        elif self.object.attempts:
            messages.error(self.request, _("It failed again."))
        else:
            messages.success(self.request, _("The event is back in line."))


class RetryAllView(OnEvents, View):
    """Puts every event back in line that was given up."""

    any_permission_required = ["change"]

    def post(self, request: HttpRequest) -> HttpResponse:
        number = inbox.retry_all(self.get_base_queryset())
        transaction.on_commit(drain_inbox.enqueue)
        told = ngettext(
            "%(number)s event is tried again.",
            "%(number)s events are tried again.",
            number,
        )
        messages.success(request, told % {"number": number})
        return redirect(f"{NAME}:index")


class StripeEventViewSet(ViewSet):
    """Where those who look after the site see what Stripe told it."""

    url_prefix = "billing/events"

    def get_urlpatterns(self) -> list[URLPattern]:
        results = EventsReport.as_view(results_only=True)
        return [
            path("", EventsReport.as_view(), name="index"),
            path("results/", results, name="index_results"),
            path("retry/", RetryAllView.as_view(), name="retry_all"),
            path("<str:pk>/", EventView.as_view(), name="inspect"),
            path("<str:pk>/retry/", RetryView.as_view(), name="retry"),
        ]


class EventsMenuItem(MenuItem):
    """Leads to the report, for those it is for."""

    def is_shown(self, request: HttpRequest) -> bool:
        return may_see_events(request.user)


def _url(name: str, event: StripeEvent) -> str:
    return reverse(f"{NAME}:{name}", args=[quote(event.pk)])


def _last_line(traceback: str) -> str:
    return traceback.strip().rpartition("\n")[2]


stripe_events = StripeEventViewSet(NAME)
