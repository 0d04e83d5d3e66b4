"""The kernel's own records: files, drafts, batches, changes and what the desk remembers.

A *batch* is one accepted import (or one form, template or undo); a *change* is one saved difference of one row, with the
sheet and row it came from. Together they are the road from a number back to its cell.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models


class StoredFile(models.Model):
    """A file as it was handed in, kept by content so that a passport can show the cell years later."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=255)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=8)
    at = models.DateTimeField(auto_now_add=True)


class Draft(models.Model):
    """A file on the import desk that nobody has accepted yet."""

    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL)
    at = models.DateTimeField(auto_now_add=True)
    as_table = models.CharField(max_length=64, null=True)
    corrections = models.JSONField(default=dict)
    state = models.CharField(max_length=12, default="open", choices=[("open", "待处理"), ("accepted", "已入库"), ("discarded", "已放弃")])
    summary = models.JSONField(default=dict)


class Batch(models.Model):
    """One act of writing records: all of it is there, or nothing."""

    KINDS = [("import", "导入"), ("form", "登记"), ("template", "产业链模板"), ("placement", "入链判断"), ("merge", "合并企业"), ("split", "拆开合并"), ("apart", "判为两家"), ("undo", "撤销")]
    kind = models.CharField(max_length=12, choices=KINDS)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    file = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT)
    note = models.CharField(max_length=200, null=True)
    layouts = models.JSONField(default=dict)
    created = models.IntegerField(default=0)
    updated = models.IntegerField(default=0)
    deleted = models.IntegerField(default=0)
    undoes = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="undone_by")

    @property
    def number(self) -> str:
        return f"B{self.pk:06d}"


class Change(models.Model):
    """One saved difference of one row. ``before``/``after`` hold only the columns that changed.

    ``sheet``/``row`` say where it came from; the letters of its columns stand once per sheet in the batch's ``layouts``.
    """

    CREATED, UPDATED, DELETED = "c", "u", "d"
    batch = models.ForeignKey(Batch, on_delete=models.PROTECT, related_name="changes")
    table = models.CharField(max_length=40)
    record = models.BigIntegerField()
    kind = models.CharField(max_length=1)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    sheet = models.CharField(max_length=100, null=True)
    row = models.IntegerField(null=True)
    cells = models.JSONField(null=True)

    class Meta:
        indexes = [models.Index(fields=["table", "record"])]


class Remembered(models.Model):
    """A person's decision which column a header means, for a table; asked once, kept for good."""

    table = models.CharField(max_length=40)
    header = models.CharField(max_length=200)
    column = models.CharField(max_length=80, null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+")
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["table", "header"], name="one_memory_per_header")]


class WriteLock(models.Model):
    """One row that every writer locks first, so that plans made inside the transaction stay true until it commits."""

    name = models.CharField(max_length=20, primary_key=True)
