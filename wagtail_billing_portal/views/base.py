from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
)
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.generic import View
from laces.components import Component

from ..accounts import BillingAccount
from ..adapter import get_adapter
from ..conf import conf
from ..exceptions import BillingError, UnknownStripeObject
from ..models import Feature, Subscription
from ..sections.asking import account_of
from ..sections.base import address, page_address

__all__ = ["ActionView", "PortalView", "SectionsView", "SeeOther", "account_of"]


class SeeOther(HttpResponseRedirect):
    """A redirect that turns a POST into a GET, whatever the client."""

    status_code = 303


class PortalView(View):
    """What all pages of the portal share: a member, a feature, a private answer."""

    #: The switch in the portal settings without which this page does not exist.
    feature: ClassVar[Feature | None] = None

    @cached_property
    def account(self) -> BillingAccount:
        return account_of(self.request)

    def dispatch(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        response = self._answer(request, *args, **kwargs)
        add_never_cache_headers(response)
        return response

    def _answer(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        if self.feature and not self.account.settings.offers(self.feature):
            raise Http404("This site does not offer that.")
        if not self.account.is_member:
            return self.ask_to_log_in()
        try:
            return self._do_or_refuse(request, *args, **kwargs)
        except UnknownStripeObject as error:
            raise Http404(str(error)) from error

    def _do_or_refuse(
        self, request: HttpRequest, *args: Any, **kwargs: Any
    ) -> HttpResponseBase:
        try:
            return super().dispatch(request, *args, **kwargs)
        except UnknownStripeObject:
            raise
        except BillingError as error:
            # Leads nowhere when the address names what is not the member's.
            back = self.get_failure_url()
            messages.error(request, str(error.user_message))
            return SeeOther(back)

    def ask_to_log_in(self) -> HttpResponse:
        """To the login page and back; a form that was sent is not repeated."""
        back = self.request.get_full_path()
        if self.request.method != "GET":
            back = self.next_url or reverse("wagtail_billing_portal:overview")
        return redirect_to_login(back, get_adapter().get_login_url())

    def get_failure_url(self) -> str:
        """Where a member reads what went wrong."""
        return self.next_url or reverse("wagtail_billing_portal:overview")

    @cached_property
    def next_url(self) -> str:
        """Where the form asks to go afterwards; another host's address is ignored."""
        wished = self.request.POST.get("next", "")
        allowed = url_has_allowed_host_and_scheme(
            wished,
            allowed_hosts={self.request.get_host()},
            require_https=self.request.is_secure(),
        )
        return wished if allowed else ""

    def absolute(self, url: str) -> str:
        return self.request.build_absolute_uri(url)

    @property
    def home_url(self) -> str:
        """The page that the portal settings name, in the member's language."""
        page = self.account.settings.return_page
        return page_address(page, self.request) or address("overview")


class SectionsView(PortalView):
    """A page that is a title and sections."""

    template_name = "wagtail_billing_portal/pages/page.html"
    title: str = ""
    intro: str = ""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        return self.render(self.get_sections())

    def get_sections(self) -> list[Component]:
        """Override to say what the page is made of."""
        return []

    def get_title(self) -> str:
        return str(self.title)

    def get_intro(self) -> str:
        return str(self.intro)

    def get_back(self) -> tuple[str, str]:
        """Address and name of the page above this one."""
        return reverse("wagtail_billing_portal:overview"), _("your billing")

    def render(self, sections: list[Component], *, status: int = 200) -> HttpResponse:
        back, back_text = self.get_back()
        context = {
            "account": self.account,
            "back": back,
            "back_text": back_text,
            "contact_url": page_address(
                self.account.settings.contact_page, self.request
            ),
            "intro": self.get_intro(),
            "layout_template": conf.LAYOUT_TEMPLATE,
            "sections": sections,
            "title": self.get_title(),
        }
        return TemplateResponse(
            self.request, self.template_name, context, status=status
        )


class ActionView(PortalView):
    """Changes something, so it answers POST alone."""

    http_method_names = ["post", "options"]


class OfSubscription:
    """The address names a subscription: the member's own, or the page is not there."""

    account: BillingAccount
    kwargs: dict[str, Any]

    @cached_property
    def subscription(self) -> Subscription:
        return self.account.subscription_with(self.kwargs["id"])

    @property
    def subscription_url(self) -> str:
        return reverse(
            "wagtail_billing_portal:subscription", args=[self.subscription.pk]
        )
