"""What goes wrong between a client and Stripe, on demand.

The switches lie in the database, so that a test, another process or a person at the
control address can turn them while the site runs. Webhooks have their own: ``chaos``.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields, replace
from fnmatch import fnmatchcase
from typing import Any, ClassVar

from django.db import transaction

from . import clock, store
from .errors import InvalidRequest, SandboxError

Json = dict[str, Any]

KIND = "_faults"
ERROR_BEFORE_WRITE = "error_before_write"
ERROR_AFTER_WRITE = "error_after_write"
TIMEOUT_AFTER_WRITE = "timeout_after_write"
RESET_BEFORE_WRITE = "reset_before_write"
LATE_AFTER_WRITE = "late_after_write"
#: Those after which nobody knows what was done.
LOSSES = (
    ERROR_BEFORE_WRITE,
    ERROR_AFTER_WRITE,
    TIMEOUT_AFTER_WRITE,
    RESET_BEFORE_WRITE,
)
KINDS = (*LOSSES, LATE_AFTER_WRITE)


class ServerFailure(SandboxError):
    """Stripe's own mistake, which says nothing about what was done."""

    type = "api_error"
    status = 500

    def __init__(self) -> None:
        super().__init__("An unknown error occurred.")


class RateLimited(SandboxError):
    """Too many requests in this second."""

    status = 429
    headers: ClassVar[dict[str, str]] = {"Stripe-Rate-Limited-Reason": "global-rate"}

    def __init__(self) -> None:
        super().__init__(
            "Request rate limit exceeded. Learn more about rate limits here "
            "https://stripe.com/docs/rate-limits.",
            code="rate_limit",
        )


class ConnectionLost(Exception):
    """No answer at all; ``after`` seconds of silence come before the end."""

    def __init__(self, message: str, *, after: float = 0) -> None:
        super().__init__(message)
        self.after = after


@dataclass(frozen=True)
class Failure:
    """What happens to the next ``times`` requests to a method and path.

    ``error_before_write`` answers 500 and has done nothing, ``error_after_write``
    answers 500 and has done everything, ``timeout_after_write`` has done everything
    and says nothing for ``silence`` milliseconds, ``reset_before_write`` has done
    nothing and says nothing. ``late_after_write`` has done or read everything, and
    answers after ``silence`` milliseconds, by when that may be true no more. Stars in
    ``method`` and ``path`` stand for anything.
    """

    kind: str
    method: str = "POST"
    path: str = "*"
    times: int = 1
    silence: int = 0

    def strikes(self, method: str, path: str) -> bool:
        """Whether this request is among those that fail."""
        return fnmatchcase(method, self.method) and fnmatchcase(path, self.path)

    def before(self) -> None:
        """Fail here if the request is not to be worked on."""
        if self.kind == ERROR_BEFORE_WRITE:
            raise ServerFailure
        if self.kind == RESET_BEFORE_WRITE:
            raise ConnectionLost("Connection reset by peer.")

    def after(self) -> None:
        """Fail here if the client is not to hear what was done."""
        if self.kind == TIMEOUT_AFTER_WRITE:
            raise ConnectionLost("Request timed out.", after=self.silence / 1000)
        if self.is_late:
            time.sleep(self.silence / 1000)

    @property
    def is_late(self) -> bool:
        """Whether the answer leaves a while after it was made."""
        return self.kind == LATE_AFTER_WRITE

    @property
    def hides_the_answer(self) -> bool:
        """Whether a 500 stands in the answer's place, for the key's retries too."""
        return self.kind == ERROR_AFTER_WRITE


@dataclass(frozen=True)
class Faults:
    """Every switch; as made, nothing goes wrong.

    ``latency`` is in milliseconds, for the next ``latency_times`` requests or, at 0,
    for all. ``rate_limit`` is how many requests a second may bring, ``search_lag`` how
    many seconds of its clock an object takes to be found.
    """

    latency: int = 0
    latency_times: int = 0
    rate_limit: int = 0
    search_lag: int = 0
    failures: tuple[Failure, ...] = ()


NONE = Faults()
CALM: Json = {**asdict(NONE), "failures": []}


def current() -> Faults:
    """What is switched on now, in every account and process."""
    stored = store.row("", KIND, KIND)
    return _faults(stored.data["faults"]) if stored else NONE


def switch(faults: Faults) -> Faults:
    """Let these things go wrong from now on, and no others."""
    _write({"faults": asdict(faults), "second": 0, "count": 0})
    return faults


def inject(
    kind: str,
    *,
    method: str = "POST",
    path: str = "*",
    times: int = 1,
    silence: int = 0,
) -> Failure:
    """Let the next ``times`` requests to a path fail, after those already to fail."""
    failure = _checked(Failure(kind, method, path, times, silence))
    faults = current()
    switch(replace(faults, failures=(*faults.failures, failure)))
    return failure


def clear() -> Faults:
    """Let everything go well again."""
    return switch(NONE)


@contextmanager
def during(faults: Faults) -> Iterator[None]:
    """Let these things go wrong inside the block, and afterwards what did before."""
    before = current()
    switch(faults)
    try:
        yield
    finally:
        switch(before)


def meet(method: str, path: str) -> Failure | None:
    """Hold a request up if it is to be; returns how it shall fail, if it shall."""
    stored = store.row("", KIND, KIND)
    if stored is None or stored.data["faults"] == CALM:
        return None
    with transaction.atomic():
        store.lock("", KIND, KIND)
        state = _state()
        faults = _faults(state["faults"])
        limited = _is_limited(state, faults)
        found = None if limited else _next(faults, method, path)
        _write({**state, "faults": asdict(_used_up(faults, found))})
    if faults.latency:
        time.sleep(faults.latency / 1000)
    if limited:
        raise RateLimited
    return found


def read(sent: Json) -> Faults:
    """Faults as the control address gets them."""
    rest = {name: value for name, value in sent.items() if name != "failures"}
    _check_names(Faults, rest)
    for name, value in rest.items():
        _check_number(name, value)
    failures = sent.get("failures", [])
    if not isinstance(failures, list):
        raise InvalidRequest("Invalid array", param="failures")
    return Faults(**rest, failures=tuple(map(_failure, failures)))


def _failure(sent: Any) -> Failure:
    if not isinstance(sent, dict) or not isinstance(sent.get("kind"), str):
        raise InvalidRequest("Missing required param: kind.", param="failures")
    _check_names(Failure, sent)
    for name, value in sent.items():
        if name in ("times", "silence"):
            _check_number(name, value)
        elif not isinstance(value, str):
            raise InvalidRequest(f"Invalid value: {value!r}", param=name)
    return _checked(Failure(**sent))


def _checked(failure: Failure) -> Failure:
    if failure.kind not in KINDS:
        raise InvalidRequest(
            f"Invalid kind: must be one of {', '.join(KINDS)}", param="kind"
        )
    return failure


def _check_names(of: type[Faults | Failure], sent: Json) -> None:
    known = {field.name for field in fields(of)}
    for name in sent:
        if name not in known:
            raise InvalidRequest(f"Received unknown parameter: {name}", param=name)


def _check_number(name: str, value: Any) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidRequest(f"Invalid integer: {value!r}", param=name)


def _next(faults: Faults, method: str, path: str) -> Failure | None:
    return next((it for it in faults.failures if it.strikes(method, path)), None)


def _used_up(faults: Faults, failure: Failure | None) -> Faults:
    """What is left to go wrong after one more request."""
    failures = list(faults.failures)
    if failure is not None:
        place = failures.index(failure)
        rest = replace(failure, times=failure.times - 1)
        failures[place : place + 1] = [rest] if rest.times > 0 else []
    return replace(
        faults,
        latency=0 if faults.latency_times == 1 else faults.latency,
        latency_times=max(faults.latency_times - 1, 0),
        failures=tuple(failures),
    )


def _is_limited(state: Json, faults: Faults) -> bool:
    """Count this request; whether it is one too many for the second."""
    second = clock.wall()
    state["count"] = state["count"] + 1 if state["second"] == second else 1
    state["second"] = second
    return 0 < faults.rate_limit < int(state["count"])


def _faults(stored: Json) -> Faults:
    failures = tuple(Failure(**failure) for failure in stored["failures"])
    return Faults(**{**stored, "failures": failures})


def _state() -> Json:
    stored = store.row("", KIND, KIND)
    empty: Json = {"faults": asdict(NONE), "second": 0, "count": 0}
    return dict(stored.data) if stored else empty


def _write(state: Json) -> None:
    row = {**state, "id": KIND, "object": KIND}
    store.ensure("", row)
    if (stored := store.row("", KIND, KIND)) is not None:
        store.write(stored, row)
