"""Signing up, logging in, and the way to one's own account page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth import views as auth_views
from django.contrib.auth.mixins import LoginRequiredMixin
from django.http import HttpResponse
from django.urls import reverse_lazy
from django.views.generic import FormView, RedirectView

from weekly_loaf.members.forms import LogInForm, SignUpForm
from weekly_loaf.pages.places import account_page


class LogInView(auth_views.LoginView):
    """Django's log-in, with the address as user name."""

    form_class = LogInForm
    template_name = "members/log_in.html"
    redirect_authenticated_user = True


class SignUpView(auth_views.RedirectURLMixin, FormView[SignUpForm]):
    """Makes a member, logs them in, and goes on to where they were going."""

    form_class = SignUpForm
    template_name = "members/sign_up.html"
    next_page = reverse_lazy(settings.LOGIN_REDIRECT_URL)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs, next=self.get_redirect_url())

    def form_valid(self, form: SignUpForm) -> HttpResponse:
        login(self.request, form.save())
        return super().form_valid(form)


class AccountView(LoginRequiredMixin, RedirectView):
    """The account page in the reader's language."""

    def get_redirect_url(self, *args: Any, **kwargs: Any) -> str:
        page = account_page()
        return page.url if page else "/"


log_in = LogInView.as_view()
log_out = auth_views.LogoutView.as_view()
sign_up = SignUpView.as_view()
account = AccountView.as_view()
