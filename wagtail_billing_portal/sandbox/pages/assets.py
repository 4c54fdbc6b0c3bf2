"""Files that the pages need, served wherever the pages are."""

from __future__ import annotations

from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

FOLDER = Path(__file__).parent.parent / "static" / "billing_sandbox"


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
