"""Scripts against the API: requests in which values come back from earlier answers."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote_plus

from wagtail_billing_portal.sandbox.dispatch import handle

Json = dict[str, Any]
Spelling = Callable[[str, int], str]

REFERENCE = re.compile(r"\$\{(\w+):([\w:]+)\}")


@dataclass(frozen=True)
class Step:
    """One request. ``${name:items:data:0:id}`` is a value of an earlier answer."""

    name: str
    request: str
    params: Json = field(default_factory=dict)
    fails: str | None = None


def post(name: str, path: str, /, *, fails: str | None = None, **params: Any) -> Step:
    return Step(name, f"POST /v1/{path}", params, fails)


def get(name: str, path: str, /, **params: Any) -> Step:
    return Step(name, f"GET /v1/{path}", params)


def delete(name: str, path: str, /, **params: Any) -> Step:
    return Step(name, f"DELETE /v1/{path}", params)


def indexed(key: str, position: int) -> str:
    return f"{key}[{position}]"


def unnumbered(key: str, position: int) -> str:
    return f"{key}[]"


def run(script: list[Step], key: str, spelling: Spelling) -> None:
    """Send a script's requests as plain forms, as any program would."""
    answers: dict[str, Json] = {}
    for step in script:
        answers[step.name] = send(step, key, spelling, answers)


def send(step: Step, key: str, spelling: Spelling, answers: dict[str, Json]) -> Json:
    method, path = filled(step.request, answers).split(" ")
    form = "&".join(
        f"{quote_plus(name, safe='[]')}={quote_plus(filled(value, answers))}"
        for name, value in pairs(step.params, spelling)
    )
    url, body = (path, form) if method == "POST" else (f"{path}?{form}", None)
    answer = handle(method, url, {"Authorization": f"Bearer {key}"}, body)
    got: Json = json.loads(answer.body)
    failure = got.get("error", {}).get("type")
    assert failure == step.fails, f"{step.name}: {got}"
    return got


def pairs(value: Any, spelling: Spelling, key: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from pairs(inner, spelling, f"{key}[{name}]" if key else name)
    elif isinstance(value, list):
        for position, inner in enumerate(value):
            yield from pairs(inner, spelling, spelling(key, position))
    elif isinstance(value, bool):
        yield key, str(value).lower()
    else:
        yield key, str(value)


def filled(text: str, answers: dict[str, Json]) -> str:
    return REFERENCE.sub(lambda found: _look_up(answers, found), text)


def _look_up(answers: dict[str, Json], found: re.Match[str]) -> str:
    value: Any = answers[found[1]]
    for part in found[2].split(":"):
        value = value[int(part)] if isinstance(value, list) else value[part]
    return str(value)
