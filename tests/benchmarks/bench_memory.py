"""How much a web server's worker grows while it takes events in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from django.db import connection

from .databases import fresh
from .figures import Figure, figure
from .sender import Order, send
from .servers import Site, a_site
from .stream import a_stream

#: Until everything is imported and every buffer has its size.
WARMING = 400
EVENTS = int(os.environ.get("BENCH_MEMORY_EVENTS", "2000"))
MEGABYTES = 3


def bench_memory() -> Iterator[Figure]:
    """Its own pages only: what it shares with others is nobody's growth."""
    with (
        a_stream(WARMING + EVENTS) as stream,
        a_site(fresh(), stripe=stream.stripe) as site,
    ):
        send(Order(stream.path, 0, WARMING, site.port))
        before = _megabytes(site)
        send(Order(stream.path, WARMING, EVENTS, site.port))
        growth = _megabytes(site) - before
    engine = connection.vendor
    yield figure(f"{engine}_worker_memory", before + growth, "MB")
    yield figure(f"{engine}_worker_memory_growth", growth, "MB", limit=MEGABYTES)


def _megabytes(site: Site) -> float:
    smaps = Path(f"/proc/{site.worker}/smaps_rollup").read_text()
    kilobytes = [
        int(line.split()[1])
        for line in smaps.splitlines()
        if line.startswith(("Private_Dirty:", "Private_Clean:"))
    ]
    return sum(kilobytes) / 1024
