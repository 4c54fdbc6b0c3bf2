from __future__ import annotations

from typing import ClassVar

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models


class StoredObject(models.Model):
    """One object of one sandbox account; events, clocks and switches are rows too.

    The object itself is ``data``; the other columns repeat what lookups need.
    """

    seq = models.BigAutoField(primary_key=True)
    account = models.CharField(max_length=64)
    kind = models.CharField(max_length=64)
    object_id = models.CharField(max_length=255)
    created = models.BigIntegerField()
    customer = models.CharField(max_length=255, blank=True, default="")
    subscription = models.CharField(max_length=255, blank=True, default="")
    invoice = models.CharField(max_length=255, blank=True, default="")
    status = models.CharField(max_length=64, blank=True, default="")
    test_clock = models.CharField(max_length=255, blank=True, default="")
    due_at = models.BigIntegerField(null=True, blank=True)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    deleted = models.BooleanField(default=False)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["account", "kind", "object_id"],
                name="billing_sandbox_one_object",
            )
        ]
        indexes: ClassVar = [
            models.Index(fields=["account", "kind", "-seq"]),
            models.Index(fields=["account", "kind", "customer"]),
            models.Index(fields=["account", "kind", "subscription"]),
            models.Index(fields=["account", "kind", "invoice"]),
            models.Index(fields=["kind", "status"]),
            models.Index(
                fields=["account", "test_clock", "due_at", "seq"],
                condition=models.Q(due_at__isnull=False, deleted=False),
                name="billing_sandbox_due",
            ),
            models.Index(fields=["object_id", "kind"]),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
