"""
Stripe's side of the wire: posts a stream's bodies, signed, and times each answer.

A process of its own, without Django, so that it takes nothing from the server's; run
as ``python -m tests.benchmarks.sender`` with an order in JSON on standard input. Each
of several senders is a thread with a connection of its own, which it keeps for as
long as the server does.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock, Thread

WEBHOOK, FLOOR = "/billing/webhooks/default/", "/floor/"
SECRET = b"whsec_sandbox_default"
#: Refused at once; who hears that knows that nothing else is worked on.
NOTHING = b"GET /floor/ HTTP/1.1\r\nHost: localhost\r\n\r\n"


@dataclass(frozen=True)
class Order:
    """Which part of a stream goes where."""

    stream: str
    first: int
    number: int
    port: int = 0
    path: str = WEBHOOK
    senders: int = 1


@dataclass(frozen=True)
class Sent:
    """What came of it."""

    #: Unix seconds when the first left.
    began: float
    #: From the first that left to the last answer.
    seconds: float
    #: Until the server takes the next request, done with what follows an answer.
    seconds_busy: float
    #: Seconds of each answer, connecting included.
    answers: list[float]

    @property
    def rate(self) -> float:
        return len(self.answers) / self.seconds


def send(order: Order) -> Sent:
    """Have another process carry out ``order``. Raises when an answer is not 200."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.sender"],
        input=json.dumps(asdict(order)),
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return Sent(**json.loads(done.stdout))


class Connection:
    """A connection that stays open for as long as the server wishes."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.socket: socket.socket | None = None

    def post(self, request: bytes) -> int:
        """Send a request and read the whole answer; its status."""
        if self.socket is None:
            self.socket = socket.create_connection(("127.0.0.1", self.port))
            self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket.sendall(request)
        read = b""
        while b"\r\n\r\n" not in read:
            read += self._read(self.socket)
        head, _blank, body = read.partition(b"\r\n\r\n")
        fields = _fields(head)
        while len(body) < int(fields.get(b"content-length", 0)):
            body += self._read(self.socket)
        if fields.get(b"connection") == b"close":
            self.socket.close()
            self.socket = None
        return int(head.split(b" ", 2)[1])

    def _read(self, open_socket: socket.socket) -> bytes:
        if not (read := open_socket.recv(65536)):
            raise ConnectionError("The server hung up.")
        return read


@dataclass
class Sending:
    """Several senders at one heap of requests."""

    port: int
    waiting: Iterator[bytes]
    answers: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)

    def work(self) -> None:
        """Send what is next until nothing is, or something went wrong."""
        connection = Connection(self.port)
        while not self.wrong:
            with self.lock:
                request = next(self.waiting, None)
            if request is None:
                return
            began = time.perf_counter()
            try:
                status = connection.post(request)
            except OSError as error:
                self.wrong.append(str(error))
                return
            self.answers.append(time.perf_counter() - began)
            if status != 200:
                self.wrong.append(str(status))


def carry_out(order: Order) -> Sent:
    """Send here and now."""
    # Signed beforehand, so that nothing but sending is timed.
    sending = Sending(order.port, iter(list(_requests(order))))
    threads = [Thread(target=sending.work) for _number in range(order.senders)]
    moment, began = time.time(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if sending.wrong:
        sys.exit(f"{order.path} answered {sending.wrong[0]}")
    seconds = time.perf_counter() - began
    Connection(order.port).post(NOTHING)
    busy = time.perf_counter() - began
    return Sent(moment, seconds, busy, sending.answers)


def _requests(order: Order) -> Iterator[bytes]:
    moment = int(time.time())
    chosen = range(order.first, order.first + order.number)
    with Path(order.stream).open() as lines:
        for number, line in enumerate(lines):
            if number in chosen:
                yield _request(order.path, json.loads(line).encode(), moment)


def _request(path: str, body: bytes, moment: int) -> bytes:
    signed = f"{moment}.".encode() + body
    signature = hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: localhost\r\n"
        "Content-Type: application/json; charset=utf-8\r\n"
        "User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r\n"
        "Connection: keep-alive\r\n"
        f"Stripe-Signature: t={moment},v1={signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _fields(head: bytes) -> dict[bytes, bytes]:
    lines = (line.partition(b":") for line in head.lower().split(b"\r\n")[1:])
    return {name: value.strip() for name, _colon, value in lines}


if __name__ == "__main__":
    print(json.dumps(asdict(carry_out(Order(**json.load(sys.stdin))))))
