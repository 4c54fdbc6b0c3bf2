"""Which tests one worker of xdist must run itself."""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

#: Folders whose tests share something dear: a served site, an installed wheel.
TOGETHER = {"browser", "packaging"}


class ByFolder(LoadScopeScheduling):
    """Every test goes where there is room, but these folders stay together."""

    def _split_scope(self, nodeid: str) -> str:
        folder = nodeid.partition("/")[2].partition("/")[0]
        return folder if folder in TOGETHER else nodeid
