"""Whatever stands in a file: a reading or a UserError comes back, never anything else."""

from __future__ import annotations

import math
from datetime import date, datetime
from decimal import Decimal

from hypothesis import example, given, settings
from hypothesis import strategies as st

from liantu.kernel.annotate import annotated_workbook
from liantu.kernel.intake import Reading, read_tables
from liantu.kernel.problems import UserError
from liantu.kernel.sheets import SheetGrid, Workbook, read_workbook
from liantu.kernel.values import parse_value
from tests.intake import make_sheets
from tests.intake.make_sheets import GOOD
from tests.intake.tables import TABLES

make_sheets.load()
FILES = {name: GOOD[name].make() for name in ("plain_register", "xls", "percent_formats", "xml_2003", "html_gb2312")}

LABELS = sorted({label for table in TABLES for column in table.columns for label in (column.zh, *column.aliases)})
WRITTEN = st.sampled_from(["合计", "小计", "其中：甲", "—", "无", "3.2亿", "约2000万", "(1.5)", "2025.3", "2025年3月", "1-3月", "914403001922038216", "9.14403E+17", "甲有限公司", "同上", "#REF!",
                           "=A1", "单位：万元", "（千元）", "大型", "√", "注：说明", "３．５％", "1e400", "99999999999999999999999", "二〇二五年", "12:30", "％", "()", "亿", "月", "年"])
CELLS = st.one_of(st.none(), WRITTEN, st.sampled_from(LABELS), st.text(max_size=12), st.integers(), st.floats(), st.booleans(), st.dates(), st.datetimes())
GRIDS = st.lists(st.lists(CELLS, max_size=9), max_size=14)
HEADED = st.tuples(st.lists(st.one_of(st.sampled_from(LABELS), st.sampled_from(["1月", "2月", "2024年营业收入", "序号", ""])), min_size=2, max_size=9), GRIDS).map(lambda t: [t[0], *t[1]])
SPANS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6), st.integers(0, 3), st.integers(0, 3)).map(lambda t: (t[0], t[1], t[0] + t[2], t[1] + t[3])), max_size=4)


@settings(max_examples=300, deadline=None)
@given(st.one_of(GRIDS, HEADED), SPANS, st.sampled_from(["", "2025年3月.xlsx", "城东街道.xls"]), st.sampled_from([None, *(t.name for t in TABLES)]))
def test_any_grid_gives_a_reading(rows: list[list[object]], merged: list[tuple[int, int, int, int]], name: str, table: str | None) -> None:
    book = Workbook(name, "", "xlsx", [SheetGrid("表", rows, merged)])  # type: ignore[arg-type]
    reading = read_tables(book, TABLES, as_table=table)
    assert isinstance(reading, Reading)
    for problem in reading.problems:
        assert problem.line() and problem.line("en")
    for row in reading.rows:
        assert all(value is None or not isinstance(value, float) for value in row.values.values())
        assert row.ok == all(p.severity != "error" for p in row.problems)
        assert all(any(p is q for q in reading.problems) for p in row.problems)


@settings(max_examples=300, deadline=None)
@given(CELLS, st.sampled_from([c for t in TABLES for c in t.columns]), st.sampled_from([None, "万元", "%", "亩", "吨"]))
@example(float("nan"), TABLES[0].columns[9], None)
@example(math.inf, TABLES[0].columns[12], None)
def test_any_cell_gives_a_value_of_its_kind(cell: object, column: object, unit: str | None) -> None:
    parsed = parse_value(cell, column, unit=unit)  # type: ignore[arg-type]
    kinds = {"money": Decimal, "number": Decimal, "share": Decimal, "integer": int, "year": int, "flag": bool, "words": tuple, "date": date}
    expected = kinds.get(column.kind, str)  # type: ignore[attr-defined]
    assert parsed.value is None or (isinstance(parsed.value, expected) and not isinstance(parsed.value, datetime))
    assert not isinstance(parsed.value, Decimal) or parsed.value.is_finite()


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda s: s.encode("utf-8", "ignore")),
                 st.binary(max_size=60).map(lambda b: b"PK\x03\x04" + b), st.binary(max_size=600).map(lambda b: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b),
                 st.text(alphabet="<>/tabletrtdhml \"=1甲", max_size=120).map(lambda s: ("<html><table>" + s).encode())))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    try:
        book = read_workbook(data, "某文件")
    except UserError as refusal:
        assert refusal.message and refusal.code.startswith(("file-", "too-"))
    else:
        assert book.sheets


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(list(FILES)), st.data())
def test_damaged_files_are_read_or_refused(name: str, data: st.DataObject) -> None:
    good = bytearray(FILES[name])
    for _ in range(data.draw(st.integers(1, 6))):
        good[data.draw(st.integers(0, len(good) - 1))] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(good)))
    for variant in (bytes(good), bytes(good[:cut])):
        try:
            book = read_workbook(variant, "某文件.xlsx")
        except UserError:
            continue
        assert isinstance(read_tables(book, TABLES), Reading)


@settings(max_examples=60, deadline=None)
@given(HEADED, SPANS)
def test_any_reading_can_be_annotated(rows: list[list[object]], merged: list[tuple[int, int, int, int]]) -> None:
    lines = "\n".join(",".join('"' + str(c if c is not None else "").replace('"', "'").replace("\x00", "") + '"' for c in row) for row in rows).encode("utf-8", "ignore")
    try:
        reading = read_tables(read_workbook(lines, "某文件.csv"), TABLES)
    except UserError:
        return
    assert annotated_workbook(lines, reading).startswith(b"PK")
