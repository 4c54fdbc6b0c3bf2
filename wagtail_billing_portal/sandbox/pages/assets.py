"""Files that the pages need, served wherever the pages are."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from wagtail_billing_portal.sandbox.contract import API_VERSION

FOLDER = Path(__file__).parent.parent / "static" / "billing_sandbox"
RELEASE = API_VERSION.partition(".")[2]
"""The name of the releases of Stripe.js that speak this version of the API."""

# In this order they are one script, whose names nobody outside sees.
PARTS = ("wire", "frames", "actions", "elements", "checkout", "stripe")
FRAME_FILES = {
    "frame.css": "elements",
    "appearance.js": "elements",
    "fields.js": "elements",
    "form.js": "elements",
    "main.js": "elements",
    "wire.js": "stripe_js",
}


@require_safe
@cache_control(max_age=300)
def stylesheet(request: HttpRequest) -> FileResponse:
    """The one stylesheet, also for a server that has no static files."""
    return FileResponse((FOLDER / "pages.css").open("rb"), content_type="text/css")


@require_safe
@cache_control(max_age=300)
def embedded_script(request: HttpRequest) -> FileResponse:
    """The few lines by which a frame tells its site that it is done."""
    file = (FOLDER / "embedded.js").open("rb")
    return FileResponse(file, content_type="text/javascript")


@require_safe
@cache_control(max_age=300)
def stripe_script(request: HttpRequest) -> HttpResponse:
    """The stand-in for Stripe.js: one script that defines ``window.Stripe``."""
    parts = [(FOLDER / "stripe_js" / f"{name}.js").read_text() for name in PARTS]
    script = "\n".join(["(() => {", '"use strict";', *parts, "})();", ""])
    return HttpResponse(script, content_type="text/javascript; charset=utf-8")


@require_safe
@cache_control(max_age=300)
def frame_file(request: HttpRequest, name: str) -> FileResponse:
    """A script or the stylesheet of the frame in which a card is typed."""
    if name not in FRAME_FILES:
        raise Http404
    file = (FOLDER / FRAME_FILES[name] / name).open("rb")
    kind = "css" if name.endswith(".css") else "javascript"
    return FileResponse(file, content_type=f"text/{kind}; charset=utf-8")
