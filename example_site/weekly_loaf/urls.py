"""Where everything of The Weekly Loaf lives; German pages live below ``/de/``."""

from __future__ import annotations

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.conf.urls.static import static
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

urlpatterns = [
    path("admin/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *static(settings.MEDIA_URL, document_root=settings.MEDIA_ROOT),
]

if settings.USES_SANDBOX:
    urlpatterns += [
        path("stripe-sandbox/", include("wagtail_billing_portal.sandbox.urls"))
    ]

if settings.DEMO:
    urlpatterns += [path("demo/", include("weekly_loaf.demo.urls"))]

urlpatterns += i18n_patterns(
    path("billing/", include("wagtail_billing_portal.urls")),
    path("members/", include("weekly_loaf.members.urls")),
    path("", include(wagtail_urls)),
    prefix_default_language=False,
)
