from __future__ import annotations

from django.urls import path

from wagtail_billing_portal.sandbox.api import browser_api
from wagtail_billing_portal.sandbox.pages.assets import (
    RELEASE,
    embedded_script,
    frame_file,
    stripe_script,
    stylesheet,
)
from wagtail_billing_portal.sandbox.pages.authenticate import (
    authenticate_page,
    challenge_page,
)
from wagtail_billing_portal.sandbox.pages.checkout import checkout_page, recover_page
from wagtail_billing_portal.sandbox.pages.elements import payment_frame
from wagtail_billing_portal.sandbox.pages.embedded import embedded_page
from wagtail_billing_portal.sandbox.pages.invoices import invoice_file, invoice_page
from wagtail_billing_portal.sandbox.pages.payment_links import payment_link_page
from wagtail_billing_portal.sandbox.pages.portal import portal_page
from wagtail_billing_portal.sandbox.pages.portal_cancel import (
    portal_cancel,
    portal_keep,
)
from wagtail_billing_portal.sandbox.pages.portal_card import (
    portal_card,
    portal_card_default,
    portal_card_remove,
)
from wagtail_billing_portal.sandbox.pages.portal_details import portal_details
from wagtail_billing_portal.sandbox.pages.portal_login import (
    portal_code,
    portal_login,
    portal_recover,
)
from wagtail_billing_portal.sandbox.pages.portal_pause import (
    portal_pause,
    portal_resume,
)
from wagtail_billing_portal.sandbox.pages.portal_update import (
    portal_update,
    portal_update_confirm,
)
from wagtail_billing_portal.sandbox.pages.receipts import receipt_page

app_name = "billing_sandbox"

SUBSCRIPTION = "portal/<str:token>/subscriptions/<str:subscription_id>"

urlpatterns = [
    path(f"{RELEASE}/stripe.js", stripe_script, name="stripe_js"),
    path("v1/<path:rest>", browser_api),
    path("elements/payment/", payment_frame, name="payment_frame"),
    path("elements/<str:name>", frame_file, name="frame_file"),
    path("challenge/<str:client_secret>/", challenge_page, name="challenge"),
    path("pages.css", stylesheet, name="stylesheet"),
    path("checkout/<str:session_id>/", checkout_page, name="checkout"),
    path("embedded.js", embedded_script, name="embedded_script"),
    path("embedded/<str:client_secret>/", embedded_page, name="embedded"),
    path("pay/<str:token>/", payment_link_page, name="payment_link"),
    path("recover/<str:session_id>/<str:token>/", recover_page, name="recover"),
    path("authenticate/<str:intent_id>/", authenticate_page, name="authenticate"),
    path("invoices/<str:token>/", invoice_page, name="invoice"),
    path("invoices/<str:token>/pdf/", invoice_file, name="invoice_file"),
    path("receipts/<str:token>/", receipt_page, name="receipt"),
    path("portal/<str:token>/", portal_page, name="portal"),
    path("portal/<str:token>/card/", portal_card, name="portal_card"),
    path("portal/<str:token>/details/", portal_details, name="portal_details"),
    path(
        "portal/<str:token>/cards/<str:method_id>/default/",
        portal_card_default,
        name="portal_card_default",
    ),
    path(
        "portal/<str:token>/cards/<str:method_id>/remove/",
        portal_card_remove,
        name="portal_card_remove",
    ),
    path("portal/<str:token>/recover/", portal_recover, name="portal_recover"),
    path("portal-login/<str:token>/", portal_login, name="portal_login"),
    path("portal-code/<str:login_id>/", portal_code, name="portal_code"),
    path(f"{SUBSCRIPTION}/cancel/", portal_cancel, name="portal_cancel"),
    path(f"{SUBSCRIPTION}/keep/", portal_keep, name="portal_keep"),
    path(f"{SUBSCRIPTION}/pause/", portal_pause, name="portal_pause"),
    path(f"{SUBSCRIPTION}/resume/", portal_resume, name="portal_resume"),
    path(f"{SUBSCRIPTION}/update/", portal_update, name="portal_update"),
    path(
        f"{SUBSCRIPTION}/update/confirm/",
        portal_update_confirm,
        name="portal_update_confirm",
    ),
]
