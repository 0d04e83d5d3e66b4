"""From models to tables: the registry that faces, intake and editions read instead of naming models."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import Any

from django.apps import apps
from django.db import models

from liantu.kernel.columns import Column, Table
from liantu.kernel.problems import UserError


class Record(models.Model):
    """Base of all records. ``revision`` rises with each change, so two editors cannot overwrite each other unseen.

    A subclass declares ``class Table`` with ``zh``, ``en``, ``key`` (natural key columns) and, where useful,
    ``companions``, ``context``, ``title_words``, ``caption`` (column shown for a row) and ``identify`` (name of the
    classmethod that finds rows by what sheets say).
    """

    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        caption = getattr(self.Table, "caption", None) or self.Table.key[0]  # type: ignore[attr-defined]
        return str(getattr(self, caption))


def table_name(model: type[models.Model]) -> str:
    """``MonthlyFigure`` is the table ``monthly_figure``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", model.__name__).lower()


@cache
def models_by_table() -> dict[str, Any]:
    """All record models by table name, in the order of the apps."""
    return {table_name(m): m for m in apps.get_models() if issubclass(m, Record)}


def model_of(name: str) -> Any:
    """The model of a table; an unknown name is answered with the names that exist."""
    try:
        return models_by_table()[name]
    except KeyError:
        raise UserError(f"没有名为「{name}」的表。", code="unknown-table",
                        hint="可用：" + "、".join(models_by_table())) from None


def _column(field: Any) -> Column:
    reference = table_name(field.related_model) if field.is_relation else None
    declared: Column = field.liantu
    return replace(declared, name=field.name, reference=reference)


@cache
def table_of(name: str) -> Table:
    """The declared table, without companions."""
    model = model_of(name)
    columns = tuple(_column(f) for f in model._meta.get_fields() if hasattr(f, "liantu"))
    declared = model.Table
    return Table(
        name=name, zh=declared.zh, en=declared.en, columns=columns, key=tuple(declared.key),
        companions=tuple(getattr(declared, "companions", ())), context=tuple(getattr(declared, "context", ())),
        title_words=tuple(getattr(declared, "title_words", ())), room=model._meta.app_label,
        help=(model.__doc__ or "").strip(),
    )


def all_tables() -> dict[str, Table]:
    """Every declared table by name."""
    return {name: table_of(name) for name in models_by_table()}


@cache
def sheet_table(name: str) -> Table:
    """The table as a sheet may hold it: own columns, the codes beside references, and companions' columns.

    A reference to a table that is identified by a second column (a firm by its credit code) also offers
    ``reference.code``; a companion's columns arrive as ``companion.column``.
    """
    table = table_of(name)
    columns: list[Column] = []
    for column in table.columns:
        columns.append(column)
        columns.extend(_identifier_columns(column))
    for companion in table.companions:
        other = table_of(companion)
        back = {c.name for c in other.columns if c.reference == name}
        for column in other.columns:
            if column.name not in back:
                columns.append(replace(column, name=f"{companion}.{column.name}", required=False))
                columns.extend(replace(c, name=f"{companion}.{c.name}") for c in _identifier_columns(column))
    return replace(table, columns=tuple(columns))


def _identifier_columns(column: Column) -> list[Column]:
    if column.reference is None:
        return []
    second = getattr(model_of(column.reference).Table, "second_identifier", None)
    if second is None:
        return []
    declared = table_of(column.reference).column(second)
    prefix = "" if column.name == column.reference else column.zh.removesuffix("名称")
    aliases = tuple(f"{column.zh.removesuffix('名称')}{a}" for a in (declared.zh, *declared.aliases)) if prefix else (
        declared.zh, *declared.aliases)
    return [replace(declared, name=f"{column.name}.{second}", zh=f"{prefix}{declared.zh}", aliases=aliases, required=False)]


def importable_tables() -> list[Table]:
    """The tables that the import desk offers, in the order of the registry."""
    return [sheet_table(n) for n, m in models_by_table().items() if getattr(m.Table, "importable", True)]
