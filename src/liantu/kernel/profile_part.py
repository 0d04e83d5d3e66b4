"""One map or list of a set: an output with a place's own title, columns, filter and order; and the rows that it holds on an edition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import reduce
from operator import and_
from typing import Any

import polars as pl

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Output, Result, Version, output_of, run
from liantu.kernel.problems import UserError
from liantu.kernel.release import may_have, release

FORMS = ("not", "min", "max", "has", "empty")
CHAIN = "chain_code"
YES, NO = ("是", "yes", "true"), ("否", "no", "false")


@dataclass(frozen=True)
class Part:
    """One map or list of a profile's set.

    ``columns`` are (name, own header or "") in order; empty takes the output's. ``where`` are (column, value | list | {not, min,
    max, has, empty}). ``options`` say more to who draws or prints it; ``common: true`` keeps rows of no chain in every chain.
    """

    code: str
    output: str
    title: str
    title_en: str
    columns: tuple[tuple[str, str], ...] = ()
    where: tuple[tuple[str, Any], ...] = field(default=(), hash=False)
    sort: tuple[str, ...] = ()
    limit: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict, hash=False)
    at: str = ""


@dataclass(frozen=True)
class Gap:
    """A title of a place's set for which there is no output here; it is said, not faked."""

    kind: str
    title: str
    title_en: str
    note: str


def _refused(part: Part, text: str, hint: str) -> UserError:
    return UserError(f"{part.at}{'：' if part.at else ''}「{part.title}」{text}", code="bad-part", hint=hint)


def part_result(part: Part, edition: Edition, chain: str | None = None, version: Version = "internal") -> Result:
    """The rows of a part on an edition, of one chain or of all, as a version may show them; none where the version has not the output.

    Outside the internal version nothing is filtered by a firm's figure or a sum of them, since membership would tell it; hidden columns
    are null in what is released and so do not order.
    """
    output = output_of(part.output)
    if not may_have(output, version):
        whole = run(part.output, edition)
        return replace(whole, frame=whole.frame.clear(), version=version)
    released = release(part.output, edition, version)
    conditions = list(part_conditions(part, output, version))
    if chain is not None:
        conditions.append(_of_chain(part, output, chain))
    frame = released.frame
    if conditions:
        rows = run(part.output, edition).frame
        following = [c.name for c in output.columns if c.follows]  # such words are withheld with their figure, and so is membership by them
        if following and version != "internal":
            rows = rows.drop(following).join(frame.select(*output.key, *following), on=list(output.key), how="left")
        kept = rows.filter(reduce(and_, conditions)).select(output.key)
        frame = frame.join(kept, on=list(output.key), how="semi")
    order = [*(part.sort or output.sort), *output.key]
    frame = frame.sort([name.removeprefix("-") for name in order], descending=[name.startswith("-") for name in order], nulls_last=True)
    return replace(released, frame=frame.head(part.limit) if part.limit else frame)


def _of_chain(part: Part, output: Output, chain: str) -> pl.Expr:
    if CHAIN not in [c.name for c in output.columns]:
        raise _refused(part, f"用的输出 {output.name} 没有 {CHAIN} 列，不能按产业链取。", "请换一个输出。")
    of_chain = pl.col(CHAIN) == chain
    return of_chain | pl.col(CHAIN).is_null() if part.options.get("common") else of_chain.fill_null(False)


def part_conditions(part: Part, output: Output, version: Version = "internal") -> list[pl.Expr]:
    """The part's filter as expressions. Raises UserError for an unknown column, form or choice, or a firm's figure (or a sum of them) outside the internal version."""
    found = []
    for name, wish in part.where:
        column = _column(part, output, name)
        if version != "internal" and (column.secrecy == "confidential" or column.sums or column.adds_up):
            raise _refused(part, f"按「{column.zh}」筛选，这一列是企业数据或其合计，公开版和部门版不能按它筛选。", "请改用别的列，或只出内部版。")
        found.append(_condition(part, column, wish))
    return found


def _column(part: Part, output: Output, name: str) -> Column:
    try:
        return output.column(name)
    except UserError as error:
        raise _refused(part, f"：看到列「{name}」，输出 {output.name} 没有这一列。", error.hint) from None


def _condition(part: Part, column: Column, wish: Any) -> pl.Expr:
    cell = pl.col(column.name)
    if not isinstance(wish, dict):
        return _among(part, column, wish)
    steps: list[pl.Expr] = []
    for form, value in wish.items():
        if form == "not":
            steps.append(~_among(part, column, value))
        elif form == "min":
            steps.append((cell >= _value(part, column, value)).fill_null(False))
        elif form == "max":
            steps.append((cell <= _value(part, column, value)).fill_null(False))
        elif form == "has":
            steps.append(cell.cast(pl.String).str.contains(str(value), literal=True).fill_null(False))
        elif form == "empty":
            steps.append(cell.is_null() if value else cell.is_not_null())
        else:
            raise _refused(part, f"：{column.name} 的条件看到「{form}」，不认识。", "可写：一个值、几个值的列表，或 " + "、".join(f"{f}:" for f in FORMS) + "。")
    if not steps:
        raise _refused(part, f"：{column.name} 的条件是空的。", "请写一个值，或删去这一行。")
    return reduce(and_, steps)


def _among(part: Part, column: Column, wish: Any) -> pl.Expr:
    """Whether a cell is one of the wished values; ``null`` wishes the empty cell."""
    values = list(wish) if isinstance(wish, list | tuple) else [wish]
    told = [_value(part, column, v) for v in values if v is not None]
    cell = pl.col(column.name)
    known = cell.is_in(told).fill_null(False) if told else pl.lit(False)
    return known | cell.is_null() if None in values else known


def _value(part: Part, column: Column, value: Any) -> Any:
    """A value of a filter as the column holds it; choices may be told by their words."""
    if column.kind == "choice":
        for choice in column.choices:
            if str(value) in (choice.value, choice.zh, choice.en, *choice.aliases):
                return choice.value
        raise _refused(part, f"：{column.name} 看到「{value}」，不是这一列的选项。", "现有：" + "、".join(f"{c.value}（{c.zh}）" for c in column.choices))
    if column.kind == "flag" and not isinstance(value, bool):
        if str(value).lower() in (*YES, *NO):
            return str(value).lower() in YES
        raise _refused(part, f"：{column.name} 看到「{value}」，应为 是 或 否。", "")
    if (column.numeric or column.kind == "year") and (not isinstance(value, int | float) or isinstance(value, bool)):
        raise _refused(part, f"：{column.name} 看到「{value}」，应为数字{f'（{column.unit}）' if column.unit and column.unit != '1' else ''}。", "")
    if column.kind == "date" and not isinstance(value, date):
        raise _refused(part, f"：{column.name} 看到「{value}」，应为日期，如 2026-01-01。", "")
    if column.kind in ("money", "number", "share"):
        return float(value)
    return value if column.numeric or column.kind in ("flag", "date", "year") else str(value)


def part_faults(part: Part) -> list[str]:
    """What is wrong with a part: unknown output, columns, filter, order, and outputs that cannot be taken by chain."""
    try:
        output = output_of(part.output)
    except UserError as error:
        return [_told(_refused(part, f"：没有名为「{part.output}」的输出。", error.hint))]
    found = []
    names = [c.name for c in output.columns]
    for name in [name for name, _ in part.columns] + [s.removeprefix("-") for s in part.sort]:
        if name not in names:
            found.append(_told(_refused(part, f"：看到列「{name}」，输出 {part.output} 没有这一列。", "现有：" + "、".join(names))))
    for condition in part.where:
        try:
            part_conditions(replace(part, where=(condition,)), output)
        except UserError as error:
            found.append(_told(error))
    if CHAIN not in names:
        found.append(_told(_refused(part, f"：输出 {part.output} 没有 {CHAIN} 列，不能按产业链取。", "请换一个输出。")))
    return found


def _told(error: UserError) -> str:
    return error.message + error.hint
