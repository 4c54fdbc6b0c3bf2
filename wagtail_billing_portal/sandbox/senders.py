"""The two ways a webhook leaves: through Django itself, or over the network."""

from __future__ import annotations

from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urlsplit

import requests
from django.core.handlers.base import BaseHandler
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpResponse
from django.utils import timezone, translation

TIMEOUT = 20
LONGEST_ERROR = 2000
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class Sent:
    """What came back: an HTTP status, or 0 and why there is none.

    After a failure that is final nobody tries again.
    """

    status: int
    error: str = ""
    is_final: bool = False

    @property
    def succeeded(self) -> bool:
        return 200 <= self.status < 300


def send_by_http(url: str, body: str, signature: str) -> Sent:
    """Post to the endpoint over the network."""
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Stripe-Signature": signature,
        "User-Agent": "Stripe/1.0 (sandbox)",
    }
    try:
        answer = requests.post(
            url,
            data=body.encode(),
            headers=headers,
            timeout=TIMEOUT,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        return Sent(0, str(error)[:LONGEST_ERROR])
    return _sent(answer.status_code, answer.text)


def send_in_process(url: str, body: str, signature: str) -> Sent:
    """Hand the request to this very Django site, whatever host the URL names.

    What the site does once its answer is sent is done before this returns. The
    request signals stay silent, because they would close the database connections of
    the request that caused the event.
    """
    handler = BaseHandler()
    handler.load_middleware()
    request = WSGIRequest(_environ(url, body.encode(), signature))
    with (
        translation.override(translation.get_language()),
        timezone.override(timezone.get_current_timezone()),
    ):
        response = handler.get_response(request)
        # All of ``response.close()`` but its signal.
        for close in response._resource_closers:  # type: ignore[attr-defined]
            close()
    content = response.content if isinstance(response, HttpResponse) else b""
    return _sent(response.status_code, content.decode(errors="replace"))


def _sent(status: int, text: str) -> Sent:
    sent = Sent(status)
    return sent if sent.succeeded else Sent(status, text[:LONGEST_ERROR])


def _environ(url: str, body: bytes, signature: str) -> dict[str, object]:
    parts = urlsplit(url)
    return {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": parts.path or "/",
        "QUERY_STRING": parts.query,
        "SCRIPT_NAME": "",
        "SERVER_NAME": parts.hostname or "localhost",
        "SERVER_PORT": str(parts.port or DEFAULT_PORTS.get(parts.scheme, 80)),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": parts.netloc,
        "REMOTE_ADDR": "127.0.0.1",
        "CONTENT_TYPE": "application/json; charset=utf-8",
        "CONTENT_LENGTH": str(len(body)),
        "HTTP_STRIPE_SIGNATURE": signature,
        "HTTP_USER_AGENT": "Stripe/1.0 (sandbox)",
        "wsgi.input": BytesIO(body),
        "wsgi.url_scheme": parts.scheme or "http",
        "wsgi.version": (1, 0),
        "wsgi.multithread": True,
        "wsgi.multiprocess": False,
        "wsgi.run_once": False,
    }
