"""What the robustness tests share: sheets made up on the spot, and the register told as plain data."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from liantu.kernel.batch import plain, stored_name, write, writing
from liantu.kernel.models import Batch, Change
from liantu.kernel.tables import model_of, models_by_table, table_of

CODE_SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
FIRM_HEADER = ("统一社会信用代码", "企业名称", "经营范围", "地址", "注册资本（万元）", "成立日期", "企业规模")


def credit_code(number: int) -> str:
    """A well-formed credit code (both check digits right) for the n-th made-up firm."""
    organisation = f"MA{number % 10**6:06d}"
    signs = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
    rest = (11 - sum(w * signs.index(c) for w, c in zip((3, 7, 9, 10, 5, 8, 4, 2), organisation, strict=True)) % 11) % 11
    code = f"91360{100 + number // 10**6 % 900}{organisation}{'X' if rest == 10 else rest}"
    total = sum(pow(3, at, 31) * CODE_SIGNS.index(c) for at, c in enumerate(code))
    return code + CODE_SIGNS[(31 - total % 31) % 31]


def firm_row(number: int, **other: Any) -> dict[str, Any]:
    """One row of a register sheet."""
    row = {"统一社会信用代码": credit_code(number), "企业名称": f"云澜第{number}精密制造有限公司", "经营范围": f"第{number}类精密零件制造、销售", "地址": f"云澜区工业大道{number}号",
           "注册资本（万元）": str(100 + number % 977), "成立日期": f"{2000 + number % 24}-{1 + number % 12:02d}-{1 + number % 28:02d}", "企业规模": ("大型", "中型", "小型", "微型")[number % 4]}
    return {**row, **other}


def csv_bytes(rows: Iterable[Mapping[str, Any]], header: Sequence[str] | None = None) -> bytes:
    """Rows as a CSV file in UTF-8."""
    rows = list(rows)
    out = io.StringIO()
    writer = csv.DictWriter(out, list(header or rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()


def firm_sheet(numbers: Iterable[int], **other: Any) -> bytes:
    """A register sheet of made-up firms."""
    return csv_bytes([firm_row(n, **other) for n in numbers], [*FIRM_HEADER, *(k for k in other if k not in FIRM_HEADER)])


def xlsx_bytes(rows: Sequence[Sequence[Any]], sheet: str = "Sheet1") -> bytes:
    """Rows as an xlsx whose texts are stored as texts."""
    import xlsxwriter

    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}) as book:
        page = book.add_worksheet(sheet)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, str):
                    page.write_string(r, c, value)
                elif value is not None:
                    page.write(r, c, value)
    return buffer.getvalue()


def register(*tables: str, ids: bool = True) -> dict[str, dict[int, dict[str, Any]]]:
    """The records as plain data by table and id; columns without a value are left out."""
    told = {}
    for name in tables or models_by_table():
        columns = [c.name for c in table_of(name).columns]
        rows = model_of(name).objects.order_by("id").values_list("id", *(stored_name(name, c) for c in columns))
        told[name] = {pk: {c: plain(v) for c, v in zip(columns, values, strict=True) if v not in (None, "")} for pk, *values in rows}
    return told


def replay(*, standing: bool = False) -> dict[str, dict[int, dict[str, Any]]]:
    """The records as the history tells them: every change of every batch, applied in order to nothing.

    ``standing``: only of batches that were not undone (and no undo).
    """
    told: dict[str, dict[int, dict[str, Any]]] = {name: {} for name in models_by_table()}
    changes = Change.objects.filter(batch__undone_by=None).exclude(batch__kind="undo") if standing else Change.objects.all()
    for change in changes.order_by("id").iterator(chunk_size=5000):
        rows = told[change.table]
        if change.kind == Change.DELETED:
            del rows[change.record]
        elif change.kind == Change.CREATED:
            assert change.record not in rows
            rows[change.record] = {c: v for c, v in (change.after or {}).items() if v not in (None, "")}
        else:
            merged = {**rows[change.record], **(change.after or {})}
            rows[change.record] = {c: v for c, v in merged.items() if v not in (None, "")}
    return told


def form_batch(planned: Sequence[Any], **other: Any) -> Batch:
    """Write planned rows as a form does."""
    with writing():
        batch = Batch.objects.create(kind="form", **other)
        write(batch, planned)
    return batch
