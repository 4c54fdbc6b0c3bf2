"""Name and address, in the customer portal."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext

from wagtail_billing_portal.sandbox.billing import tax_ids
from wagtail_billing_portal.sandbox.errors import InvalidRequest, ResourceMissing
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
    allowed = set(feature["allowed_updates"])
    if visit.came_by_mail:
        # The address that let somebody in is not theirs to change from here.
        allowed.discard("email")
    form = DetailsForm(
        request.POST if request.method == "POST" else None,
        customer=visit.customer,
        allowed=allowed,
        tax_ids=visit.tax_ids(),
    )
    if request.method == "POST" and form.is_valid() and _save(visit, form):
        return finished(request, visit, gettext("Your details are saved"))
    context = {"form": form, **around(visit), **asking(request, form)}
    return page(request, "portal_details", context)


def _save(visit: Visit, form: DetailsForm) -> bool:
    """Whether everything could be kept; the form says what could not."""
    world, customer = visit.world, visit.customer["id"]
    for tax_id in visit.tax_ids():
        if tax_id["id"] in form.gone_tax_ids:
            tax_ids.delete(world, tax_id)
    try:
        if form.new_tax_id:
            kind, value = form.new_tax_id
            tax_ids.create(world, kind, value, customer=customer)
    except InvalidRequest:
        form.add_error("tax_id_value", gettext("There are too many tax IDs already."))
        return False
    if form.changes:
        update_customer(world, form.changes, customer)
    return True
