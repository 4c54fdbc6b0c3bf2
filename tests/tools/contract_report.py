"""Which part of Stripe's contract a test run exercised, in one line at its end.

A plugin: it counts in every worker, adds up in the controller, and lets no answer or
event pass that Stripe would not give, also where the test itself swallowed it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from _pytest.terminal import TerminalReporter

from wagtail_billing_portal.sandbox import routing, signals

SHIPPED = "sandbox_contract"
MEANT = "breaks_contract"


class ContractReport:
    """Counts what is answered and emitted while it is registered."""

    def __init__(self) -> None:
        self.seen: dict[str, set[str]] = {
            "operations": set(),
            "kinds": set(),
            "events": set(),
            "violations": set(),
        }

    def connect(self) -> None:
        signals.request_answered.connect(self.answered)
        signals.event_emitted.connect(self.emitted)
        signals.contract_broken.connect(self.broken)

    def answered(self, operation: routing.Operation, served: Any, **_: Any) -> None:
        self.seen["operations"].add(f"{operation.method} {operation.path}")
        self.seen["kinds"].update(_kinds(served))

    def emitted(self, event: dict[str, Any], **_: Any) -> None:
        self.seen["events"].add(event["type"])
        self.seen["kinds"].update(_kinds(event["data"]["object"]))

    def broken(self, complaint: str, **_: Any) -> None:
        self.seen["violations"].add(complaint)

    @pytest.fixture(autouse=True)
    def _no_broken_contract(self, request: pytest.FixtureRequest) -> Iterator[None]:
        """A test may break the contract only if that is what it is about."""
        before = set(self.seen["violations"])
        yield
        found = self.seen["violations"] - before
        if request.node.get_closest_marker(MEANT):
            self.seen["violations"] = before
        else:
            assert not found, "\n".join(sorted(found))

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if (output := getattr(session.config, "workeroutput", None)) is not None:
            output[SHIPPED] = {name: sorted(it) for name, it in self.seen.items()}
        elif self.seen["violations"] and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        for name, found in getattr(node, "workeroutput", {}).get(SHIPPED, {}).items():
            self.seen[name].update(found)

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        if self.seen["operations"]:
            terminalreporter.write_line(self.line())
        for violation in sorted(self.seen["violations"]):
            terminalreporter.write_line(f"  {violation}", red=True)

    def line(self) -> str:
        """The run in one line."""
        known = {f"{op.method} {op.path}" for op in routing.operations()}
        count = {name: len(found) for name, found in self.seen.items()}
        return (
            f"sandbox contract: {len(self.seen['operations'] & known)} of {len(known)} "
            f"operations, {count['kinds']} object types, {count['events']} event types, "
            f"{count['violations']} violations"
        )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line(
        "markers", f"{MEANT}: makes the sandbox say what Stripe would not"
    )
    report = ContractReport()
    report.connect()
    # Kept alive by the plugin manager; the signals hold it weakly.
    config.pluginmanager.register(report, "sandbox-contract-report")


def _kinds(served: Any) -> set[str]:
    found: set[str] = set()
    waiting = [served]
    while waiting:
        value = waiting.pop()
        if isinstance(value, dict):
            if isinstance(kind := value.get("object"), str):
                found.add(kind)
            waiting.extend(value.values())
        elif isinstance(value, list):
            waiting.extend(value)
    return found
