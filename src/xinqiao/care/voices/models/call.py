"""A pupil's own call for someone."""

from django.db import models

from xinqiao.foundation.access.scoped import SCOPED_DATA, ScopedModel
from xinqiao.foundation.core.data_classes import D1
from xinqiao.register.people.models import Student


class HelpCall(ScopedModel):
    """That a pupil called, and the receipt that was given. What was said stands, sealed, in the basis of the signal.

    `key` belongs to the page that sent it, `digest` is an HMAC of what was sent: the same again gets the same receipt.
    """

    DATA = {**SCOPED_DATA, "student": D1, "key": D1, "digest": D1, "receipt": D1, "called_at": D1}
    SCOPE = ("student__place",)

    student = models.ForeignKey(Student, on_delete=models.PROTECT, related_name="help_calls")
    key = models.CharField(max_length=64)
    digest = models.BinaryField[bytes, bytes](max_length=32)
    receipt = models.CharField(max_length=12, unique=True)
    called_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(name="helpcall_once", fields=["student", "key"])]

    def __str__(self) -> str:
        return self.receipt
