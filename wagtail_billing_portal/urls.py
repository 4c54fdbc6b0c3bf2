"""The portal's addresses: ``path("billing/", include("wagtail_billing_portal.urls"))``."""

from __future__ import annotations

from django.urls import path

from .views.cancel import CancelConfirmView, CancelView
from .views.cancel_offer import CancelOfferView
from .views.changes import (
    ChangeConfirmView,
    ChangePlanView,
    ExtrasView,
    QuantityView,
    UndoChangeView,
)
from .views.checkout import CheckoutReturnView, SubscribeView
from .views.codes import ApplyCodeView, RemoveDiscountView
from .views.hosted_portal import (
    HostedCancelView,
    HostedChangeView,
    HostedConfirmView,
    HostedPauseView,
    HostedPortalReturnView,
    HostedPortalView,
    HostedReturnView,
)
from .views.invoices import InvoicePayView, InvoicePdfView, InvoicesView
from .views.overview import OverviewView
from .views.pausing import PauseView, ResumeView
from .views.subscriptions import SubscribeAgainView, SubscriptionView, UndoCancelView
from .views.usage import UsageView
from .views.webhooks import stripe_webhook

app_name = "wagtail_billing_portal"

urlpatterns = [
    path("", OverviewView.as_view(), name="overview"),
    path("subscribe/", SubscribeView.as_view(), name="subscribe"),
    path("checkout/return/", CheckoutReturnView.as_view(), name="checkout_return"),
    path("subscriptions/<str:id>/", SubscriptionView.as_view(), name="subscription"),
    path("subscriptions/<str:id>/change/", ChangePlanView.as_view(), name="change"),
    path("subscriptions/<str:id>/quantity/", QuantityView.as_view(), name="quantity"),
    path("subscriptions/<str:id>/extras/", ExtrasView.as_view(), name="extras"),
    path(
        "subscriptions/<str:id>/change/confirm/",
        ChangeConfirmView.as_view(),
        name="change_confirm",
    ),
    path(
        "subscriptions/<str:id>/undo-change/",
        UndoChangeView.as_view(),
        name="undo_change",
    ),
    path("subscriptions/<str:id>/usage/", UsageView.as_view(), name="usage"),
    path("subscriptions/<str:id>/cancel/", CancelView.as_view(), name="cancel"),
    path(
        "subscriptions/<str:id>/cancel/offer/",
        CancelOfferView.as_view(),
        name="cancel_offer",
    ),
    path(
        "subscriptions/<str:id>/cancel/confirm/",
        CancelConfirmView.as_view(),
        name="cancel_confirm",
    ),
    path(
        "subscriptions/<str:id>/undo-cancel/",
        UndoCancelView.as_view(),
        name="undo_cancel",
    ),
    path("subscriptions/<str:id>/pause/", PauseView.as_view(), name="pause"),
    path("subscriptions/<str:id>/resume/", ResumeView.as_view(), name="resume"),
    path("subscriptions/<str:id>/code/", ApplyCodeView.as_view(), name="apply_code"),
    path(
        "subscriptions/<str:id>/remove-discount/",
        RemoveDiscountView.as_view(),
        name="remove_discount",
    ),
    path(
        "subscriptions/<str:id>/subscribe-again/",
        SubscribeAgainView.as_view(),
        name="subscribe_again",
    ),
    path(
        "subscriptions/<str:id>/stripe/change/",
        HostedChangeView.as_view(),
        name="hosted_change",
    ),
    path(
        "subscriptions/<str:id>/stripe/change/confirm/",
        HostedConfirmView.as_view(),
        name="hosted_confirm",
    ),
    path(
        "subscriptions/<str:id>/stripe/cancel/",
        HostedCancelView.as_view(),
        name="hosted_cancel",
    ),
    path(
        "subscriptions/<str:id>/stripe/pause/",
        HostedPauseView.as_view(),
        name="hosted_pause",
    ),
    path(
        "subscriptions/<str:id>/stripe/return/",
        HostedReturnView.as_view(),
        name="hosted_return",
    ),
    path("invoices/", InvoicesView.as_view(), name="invoices"),
    path("invoices/<str:id>/pdf/", InvoicePdfView.as_view(), name="invoice_pdf"),
    path("invoices/<str:id>/pay/", InvoicePayView.as_view(), name="invoice_pay"),
    path("stripe/", HostedPortalView.as_view(), name="hosted_portal"),
    path(
        "stripe/return/",
        HostedPortalReturnView.as_view(),
        name="hosted_portal_return",
    ),
    path("webhooks/<slug:alias>/", stripe_webhook, name="webhook"),
]
