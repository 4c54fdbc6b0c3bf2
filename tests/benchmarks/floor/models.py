from __future__ import annotations

from django.db import models


class FloorEvent(models.Model):
    """An event, so that a repeated one is noticed."""

    id = models.CharField(primary_key=True, max_length=255)
    type = models.CharField(max_length=255)
    created = models.BigIntegerField()
    payload = models.JSONField()

    def __str__(self) -> str:
        return self.id


class FloorObject(models.Model):
    """An object as its last event to arrive showed it, which may be the wrong one."""

    id = models.CharField(primary_key=True, max_length=255)
    kind = models.CharField(max_length=64)
    as_of = models.BigIntegerField()
    data = models.JSONField()

    def __str__(self) -> str:
        return self.id
