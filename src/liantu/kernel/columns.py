"""What a table and its columns are, as plain data: the form that intake, templates, exports and the manual read.

Models declare columns through :mod:`liantu.kernel.fields`; this module knows neither Django nor any table by name.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

Kind = Literal[
    "name",  # a name of a firm or place: brackets and spaces are normalised
    "text",  # a short text
    "long_text",  # 经营范围 and the like
    "words",  # several words in one cell, separated by 、，,；; or line breaks
    "uscc",  # 统一社会信用代码
    "code",  # any other code: kept as text, never as a number
    "money",  # 万元
    "number",  # a quantity with a unit
    "integer",
    "share",  # 0-1; "35%" and 35 under a % header are 0.35
    "date",
    "month",  # a period: 2025-03
    "year",
    "choice",
    "flag",  # 是/否/√
    "reference",  # a row of another table, told by its name or code
]

Secrecy = Literal["public", "internal", "confidential"]


@dataclass(frozen=True)
class Choice:
    """One allowed value: the stored ``value``, its words, and other words that mean it."""

    value: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sum:
    """A figure is made of ``column`` summed over those rows of the output or table ``rows`` whose columns equal the figure's own row.

    ``by`` pairs a column of ``rows`` with a column of the figure's row; ``firm`` names the column of ``rows`` that says whose
    part it is. ``total_known``: the sum of all rows is public knowledge, whoever publishes it.
    """

    rows: str
    column: str
    by: tuple[tuple[str, str], ...]
    firm: str = "firm"
    total_known: bool = False


def sum_of(rows: str, column: str, *, total_known: bool = False, **by: str) -> Sum:
    """``sum_of("firm_parts", "output", node_code="code")``: the parts whose ``node_code`` is this row's ``code``."""
    return Sum(rows, column, tuple(sorted(by.items())), total_known=total_known)


@dataclass(frozen=True)
class Column:
    """One declared column of a table.

    ``unit`` is the unit in which values are stored (money is always 万元; shares have unit "1").
    ``adds_up`` marks a figure that sums or relates single firms' figures; ``sums`` says of what it is made, and only with it the
    small-cell rule can guard the figure so that other versions than the internal one show it. ``follows`` names columns of
    the same row without which it is not shown either.
    ``cumulative`` marks series handed down as 1–N月 totals. ``source_limit`` says what the value may be used for.
    """

    name: str
    zh: str
    en: str
    kind: Kind = "text"
    unit: str | None = None
    aliases: tuple[str, ...] = ()
    choices: tuple[Choice, ...] = ()
    required: bool = False
    reference: str | None = None
    secrecy: Secrecy = "internal"
    source_limit: str = ""
    help: str = ""
    max_length: int | None = None
    adds_up: bool = False
    sums: tuple[Sum, ...] = ()
    follows: tuple[str, ...] = ()

    @property
    def numeric(self) -> bool:
        return self.kind in ("money", "number", "integer", "share")

    def renamed(self, name: str) -> Column:
        return replace(self, name=name)


@dataclass(frozen=True)
class Table:
    """A declared table: its words, its columns in order, and its natural key.

    ``companions`` are tables that refer to this one and whose columns often stand on the same sheet
    (a firm's register with the year's revenue beside it). ``context`` names columns that a sheet often gives once, in its
    title or file name, instead of in every row (a period, a township).
    """

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ()
    companions: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    room: str = ""
    help: str = ""
    title_words: tuple[str, ...] = field(default=())

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        known = "、".join(c.name for c in self.columns)
        raise KeyError(f"表 {self.name} 没有列 {name}；现有：{known}")

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(c.name for c in self.columns)
