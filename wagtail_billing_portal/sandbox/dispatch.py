"""One door for every request, whichever way it came in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.db import transaction
from django.utils.http import http_date

from . import (
    clock,
    connect,
    contract,
    expand,
    faults,
    idempotency,
    legacy,
    publishable,
    routing,
    store,
)
from .answer import Answer
from .conf import conf
from .contract import Contract
from .contract.shapes import PageOf
from .errors import (
    BrokenContract,
    InvalidRequest,
    Locked,
    SandboxError,
    UnrecognizedUrl,
)
from .request import Request
from .routing import Operation
from .signals import answer_held_up, request_answered
from .world import World, open_world

Json = dict[str, Any]

PAGING = {"created", "ending_before", "limit", "starting_after"}
MOST_COMPLAINTS = 8


def handle(
    method: str,
    url: str,
    headers: Mapping[str, str] | None,
    body: str | bytes | None = None,
) -> Answer:
    """Answer a request as Stripe would."""
    request = Request.read(method, url, headers, body)
    try:
        answer = _serve(request)
    except SandboxError as error:
        known = None if error.status == 401 else request.id
        answer = Answer.refusing(error, known)
    if request.is_publishable:
        answer = publishable.shown(answer, request.headers.get("Accept-Language", ""))
    if key := request.headers.get("Idempotency-Key"):
        answer = answer.with_headers(Idempotency_Key=key)
    return answer.with_headers(
        Content_Type="application/json",
        Date=answer.headers.get("Date", http_date(clock.wall())),
        Request_Id=request.id,
        Stripe_Version=contract.API_VERSION,
    )


def _serve(request: Request) -> Answer:
    if not conf.is_open:
        raise Locked
    failure = faults.meet(request.method, request.path)
    if failure is not None:
        failure.before()
    own = request.account
    request.check_headers()
    account = connect.acting_account(own, request.wanted_account)
    operation, ids = _route(request)
    promise = contract.contract_of(operation.method, operation.path)
    form, gone = request.params(), {}
    secret = publishable.admit(operation, form) if request.is_publishable else None
    if request.is_dated:
        form = legacy.translate(request.method, request.path, form)
        gone = legacy.taken_out(request.method, request.path, form)
    params = contract.read_params(form, promise.params)
    _refuse_unsupported(params, operation, promise)
    params.update(gone)
    paths = params.pop("expand", [])
    expand.check_paths(paths, promise.returns)
    about: Json = {
        "request_id": request.id,
        "idempotency_key": request.idempotency_key,
        "path": request.path,
        "mentions": [*ids, *_texts(params)],
    }
    with idempotency.in_flight(request), open_world(account, **about) as world:
        date = http_date(world.now)
        world.is_browser = request.is_publishable
        if secret is not None:
            publishable.check_secret(world, operation, ids[0], secret)
        answer = idempotency.recall(world, request)
        if answer is None:
            call = _Call(world, operation, ids, params, promise, paths)
            done = answer = call.answer()
            if failure is not None and failure.hides_the_answer:
                answer = Answer.refusing(faults.ServerFailure(), request.id)
            if done.status in idempotency.KEPT:
                idempotency.remember(world, request, answer)
            for work in world.afterwards if done.status == 200 else ():
                work()
    if failure is not None:
        if failure.is_late:
            about = {"method": request.method, "path": request.path}
            answer_held_up.send(type(failure), **about)
        failure.after()
        date = http_date(clock.now(account))
    return answer.with_headers(Date=date)


def _route(request: Request) -> tuple[Operation, list[str]]:
    found = routing.match(request.method, request.path)
    if found is None:
        raise UnrecognizedUrl(request.method, request.path)
    operation, ids = found
    return operation, list(ids.values())


def _texts(value: Any) -> Iterator[str]:
    """Every text in the parameters, among them the ids of whom they concern."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _texts(item)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)


def _refuse_unsupported(params: Json, operation: Operation, promise: Contract) -> None:
    handled = handled_by(operation, promise)
    for name in params:
        if name not in handled:
            raise InvalidRequest(
                f"The sandbox does not support `{name}` yet.", param=name
            )


def handled_by(operation: Operation, promise: Contract) -> frozenset[str]:
    """The top-level parameters that an operation does something about."""
    paging = PAGING if isinstance(promise.returns, PageOf) else set()
    return operation.handles | {"expand"} | paging


class _Call:
    """One execution of an operation: all of it, or nothing."""

    def __init__(
        self,
        world: World,
        operation: Operation,
        ids: list[str],
        params: Json,
        promise: Contract,
        paths: list[str],
    ) -> None:
        self.world = world
        self.operation = operation
        self.ids = ids
        self.params = params
        self.promise = promise
        self.paths = paths

    def answer(self) -> Answer:
        """The answer; a refusal undoes what was done unless it says otherwise."""
        try:
            with transaction.atomic():
                try:
                    return Answer.of(self._result())
                except SandboxError as error:
                    if not error.keep:
                        raise
                    return Answer.refusing(error, self.world.request_id)
        except SandboxError as error:
            return Answer.refusing(error, self.world.request_id)

    def _result(self) -> Json:
        obj = self.operation.handler(self.world, self.params, *self.ids)
        obj = expand.expand(self.world, obj, self.promise.returns, self.paths)
        served: Json = store.public(obj)
        if conf.STRICT:
            self._check(served)
        request_answered.send(self.operation, operation=self.operation, served=served)
        return served

    def _check(self, served: Json) -> None:
        found = contract.complaints(served, self.promise.returns)
        if found:
            request = f"{self.operation.method} {self.operation.path}"
            raise BrokenContract(
                f"The sandbox's answer to {request} is not Stripe's: "
                + " ".join(found[:MOST_COMPLAINTS])
            )
