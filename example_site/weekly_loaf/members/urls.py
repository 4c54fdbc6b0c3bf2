from __future__ import annotations

from django.urls import path

from weekly_loaf.members import views

app_name = "members"
urlpatterns = [
    path("", views.account, name="account"),
    path("log-in/", views.log_in, name="log_in"),
    path("log-out/", views.log_out, name="log_out"),
    path("sign-up/", views.sign_up, name="sign_up"),
]
