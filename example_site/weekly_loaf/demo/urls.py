from __future__ import annotations

from importlib import import_module

from django.conf import settings
from django.urls import path

from weekly_loaf.demo import views

app_name = "demo"
urlpatterns = [path("become/", views.become, name="become")]

if settings.USES_SANDBOX:
    sandbox = import_module("weekly_loaf.demo.sandbox_views")
    urlpatterns += [
        path("sandbox/", sandbox.state, name="sandbox"),
        path("sandbox/deliveries/", sandbox.deliveries, name="deliveries"),
    ]
