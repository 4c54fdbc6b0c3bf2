from .registry import handling, on

__all__ = ["handling", "on"]
