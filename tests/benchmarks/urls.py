"""The suite's site, with the floor beside the portal's webhook."""

from __future__ import annotations

from django.urls import path

from tests.urls import urlpatterns as site

from .floor.views import floor

urlpatterns = [path("floor/", floor), *site]
