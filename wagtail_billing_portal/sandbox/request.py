from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from django.utils.datastructures import CaseInsensitiveMapping

from . import legacy, wire
from .contract import API_VERSION
from .errors import InvalidRequest, NotAuthenticated
from .world import account_for_key, random_text

SECRET = ("sk_test_sandbox", "rk_test_sandbox")
PUBLISHABLE = "pk_test_sandbox"
# A browser that sends these as parameters need not ask first whether it may.
IN_THE_FORM = {"Stripe-Account": "_stripe_account", "Stripe-Version": "_stripe_version"}
FORM = "application/x-www-form-urlencoded"
LONGEST_KEY = 255


@dataclass(frozen=True)
class Request:
    """One call to the API as it came over the wire."""

    id: str
    method: str
    path: str
    query: str
    body: str | bytes
    headers: CaseInsensitiveMapping[str]

    @classmethod
    def read(
        cls,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: str | bytes | None,
    ) -> Request:
        """Take a request apart; the query and the body of a POST are one form."""
        try:
            parts = urlsplit(url)
        except ValueError:
            parts = urlsplit("/")
        return cls(
            id="req_" + random_text(14),
            method=method.upper(),
            path=parts.path.rstrip("/") or "/",
            query=parts.query,
            body=body or "",
            headers=CaseInsensitiveMapping(dict(headers or {})),
        )

    @cached_property
    def form(self) -> str:
        """What was sent in the query and in the body, as one form."""
        parts = [wire.text_of(self.query), wire.text_of(self.body)]
        return "&".join(filter(None, parts))

    @cached_property
    def account(self) -> str:
        """The account that the key opens."""
        key = self._key
        if not key:
            raise NotAuthenticated(
                "You did not provide an API key. You need to provide your API key in "
                "the Authorization header, using Bearer auth (e.g. 'Authorization: "
                "Bearer YOUR_SECRET_KEY')."
            )
        if not key.startswith((*SECRET, PUBLISHABLE)):
            raise NotAuthenticated(
                f"Invalid API Key provided: {key[:8]}****. The sandbox takes only keys "
                f"that begin with {SECRET[0]}."
            )
        return account_for_key(key)

    @property
    def is_publishable(self) -> bool:
        """Whether its key is one that anybody can read in a page."""
        return self._key.startswith(PUBLISHABLE)

    @property
    def wanted_account(self) -> str | None:
        """The connected account that the request is for, if it names one."""
        return self._header("Stripe-Account")

    @property
    def idempotency_key(self) -> str | None:
        """The key of a POST; other methods have no use for one."""
        key = self.headers.get("Idempotency-Key")
        if self.method != "POST" or not key:
            return None
        if len(key) > LONGEST_KEY or "\0" in key:
            raise InvalidRequest(
                f"The Idempotency-Key is not valid: a key has at most {LONGEST_KEY} "
                "characters."
            )
        return key

    @property
    def fingerprint(self) -> str:
        """The same for the same request, whatever the order of its parameters."""
        meaning = [self.method, self.path, sorted(wire.pairs(self.form))]
        return hashlib.sha256(json.dumps(meaning).encode()).hexdigest()

    def check_headers(self) -> None:
        """Refuse what the sandbox would otherwise have to ignore."""
        version = self._header("Stripe-Version") or API_VERSION
        if not legacy.is_version(version):
            raise InvalidRequest(
                f"Invalid Stripe API version: {version}. You can use the latest "
                f"version by passing in the header `Stripe-Version: {API_VERSION}`."
            )
        content_type = self.headers.get("Content-Type") or FORM
        if self.body and not content_type.lower().startswith(FORM):
            raise InvalidRequest(
                "Invalid request (check that your POST content type is "
                f"{FORM}). If you have any questions, we can help at "
                "https://support.stripe.com/."
            )

    @property
    def is_dated(self) -> bool:
        """Whether it may speak in the words of an earlier version."""
        return self._header("Stripe-Version") != API_VERSION

    def params(self) -> dict[str, Any]:
        """The nested, still untyped parameters."""
        form = wire.decode_form(self.form)
        if self.is_publishable:
            for name in ("key", *IN_THE_FORM.values()):
                form.pop(name, None)
        return form

    def _header(self, name: str) -> str | None:
        sent: str | None = self.headers.get(name)
        if sent is None and self.is_publishable:
            return self._plain.get(IN_THE_FORM[name])
        return sent

    @cached_property
    def _plain(self) -> dict[str, str]:
        """The parameters as they were sent, for a look before they are read."""
        try:
            return dict(wire.pairs(self.form))
        except InvalidRequest:
            return {}

    @cached_property
    def _key(self) -> str:
        scheme, _, credentials = self.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":
            return credentials.strip()
        if scheme.lower() == "basic":
            try:
                return base64.b64decode(credentials).decode().partition(":")[0]
            except ValueError:
                return ""
        key = "" if scheme else self._plain.get("key", "")
        return key if key.startswith("pk_") else ""
