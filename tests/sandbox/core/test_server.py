from __future__ import annotations

import signal
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import requests
import stripe

from tests.tools.sandbox_process import sandbox_process

pytestmark = pytest.mark.sockets

KEY = "sk_test_sandbox_http"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with sandbox_process(TMPDIR=str(tmp_path)) as served:
        yield served


class Hasty(stripe.RequestsClient):
    """Tries again at once."""

    def _sleep_time_seconds(self, num_retries: int) -> float:
        return 0


@pytest.fixture
def site() -> Iterator[HTTPServer]:
    """Somebody else's site, which gets a webhook."""
    got = threading.Event()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.server.body = self.rfile.read(int(self.headers["Content-Length"]))
            self.server.signature = self.headers["Stripe-Signature"]
            self.send_response(200)
            self.end_headers()
            got.set()

        def log_message(self, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Hook)
    server.got = got
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


def test_the_sandbox_serves_other_processes_and_leaves_nothing_behind(
    served, site, tmp_path
):
    process, origin = served
    client = stripe.StripeClient(KEY, base_addresses={"api": origin})
    endpoint = client.v1.webhook_endpoints.create(
        {
            "url": f"http://127.0.0.1:{site.server_port}/",
            "enabled_events": ["product.created"],
        }
    )

    product = client.v1.products.create({"name": "Gold"})

    assert client.v1.products.retrieve(product.id).name == "Gold"
    assert site.got.wait(10)
    event = stripe.Webhook.construct_event(site.body, site.signature, endpoint.secret)
    assert event.data.object.id == product.id
    assert (
        requests.get(f"{origin}/v1/nonsense", auth=(KEY, ""), timeout=5).status_code
        == 404
    )
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0
    assert list(tmp_path.iterdir()) == []


LOST = [
    {"kind": "reset_before_write", "path": "/v1/products"},
    {"kind": "timeout_after_write", "path": "/v1/products"},
    {"kind": "timeout_after_write", "path": "/v1/products", "silence": 60_000},
]


def test_a_client_whose_connection_is_lost_tries_again_and_nothing_is_done_twice(
    served,
):
    _, origin = served
    switches = f"{origin}/_sandbox/faults"

    for failure in LOST:
        client = stripe.StripeClient(
            KEY,
            base_addresses={"api": origin},
            http_client=Hasty(timeout=1 if "silence" in failure else 30),
            max_network_retries=5,
        ).v1
        requests.post(switches, json={"failures": [failure]}, timeout=30)
        product = client.products.create({"name": failure["kind"]})

        assert requests.get(switches, timeout=30).json()["failures"] == []
        assert client.products.list({"limit": 1}).data[0].id == product.id
    assert len(client.products.list().data) == len(LOST)


@pytest.mark.parametrize("path", ["v1/unicorns", "v2/billing/meter_events"])
def test_what_is_not_there_is_said_in_stripes_way(served, path):
    _, origin = served

    answer = requests.post(f"{origin}/{path}", auth=(KEY, ""), timeout=10)

    assert answer.status_code == 404
    assert answer.json()["error"]["type"] == "invalid_request_error"
