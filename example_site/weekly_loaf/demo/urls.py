from __future__ import annotations

from django.urls import path

from weekly_loaf.demo import views

app_name = "demo"
urlpatterns = [path("become/", views.become, name="become")]
