"""Effects of events beyond mirroring; each module registers its own with ``@on``."""
