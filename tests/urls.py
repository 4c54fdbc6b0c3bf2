"""The test site's addresses, laid out as the documentation tells sites to."""

from __future__ import annotations

from importlib.util import find_spec

from django.contrib import admin
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("django-admin/", admin.site.urls),
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
]
if find_spec("wagtail_billing_portal.urls"):
    urlpatterns += [path("billing/", include("wagtail_billing_portal.urls"))]
if find_spec("wagtail_billing_portal.sandbox.urls"):
    urlpatterns += [
        path("stripe-sandbox/", include("wagtail_billing_portal.sandbox.urls"))
    ]
urlpatterns += [path("", include(wagtail_urls))]
