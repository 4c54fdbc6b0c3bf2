"""Name and address, in the customer portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.errors import ResourceMissing
from wagtail_billing_portal.sandbox.forms import DetailsForm
from wagtail_billing_portal.sandbox.pages.cards import asking
from wagtail_billing_portal.sandbox.pages.frame import page
from wagtail_billing_portal.sandbox.pages.portal_frame import (
    around,
    finished,
    portal_view,
)
from wagtail_billing_portal.sandbox.pages.visit import Visit
from wagtail_billing_portal.sandbox.resources.customers import update_customer


@portal_view
def portal_details(request: HttpRequest, visit: Visit) -> HttpResponse:
    """Change what invoices say about the customer, as far as the business allows."""
    feature = visit.feature("customer_update")
    if not feature["enabled"]:
        raise ResourceMissing("customer", "details")
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        customer=visit.customer,
        allowed=feature["allowed_updates"],
    )
    if request.method == "POST" and form.is_valid():
        update_customer(visit.world, form.changes, visit.customer["id"])
        return finished(request, visit, gettext("Your details are saved"))
    context = {"form": form, **around(visit), **asking(request, form)}
    return page(request, "portal_details", context)
