"""Every ugly sheet gives exactly the rows and problems written beside it; every bad file is refused with its code."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from liantu.kernel.headers import Layout
from liantu.kernel.intake import Reading, read_tables
from liantu.kernel.problems import UserError
from liantu.kernel.sheets import read_workbook
from tests.intake import make_sheets
from tests.intake.make_sheets import BAD, GOOD, Case
from tests.intake.tables import TABLES

make_sheets.load()


def read(case: Case) -> Reading:
    """Read a case as the import desk would."""
    return read_tables(read_workbook(case.make(), case.file), TABLES, **case.options)


def said(values: dict[str, Any]) -> dict[str, Any]:
    return {c: v for c, v in values.items() if v is not None}


def places(reading: Reading, case: Case) -> list[str]:
    several = len(case.blocks) > 1 or case.skipped
    return sorted(f"{p.code}@{p.sheet + '!' if several and p.sheet else ''}{p.cell}" for p in reading.problems)


@pytest.mark.parametrize("name", GOOD)
def test_rows_and_problems(name: str) -> None:
    case = GOOD[name]
    reading = read(case)
    expected = [cells for block in case.blocks for cells in block.cells()]
    assert [(r.sheet, r.number, said(r.values)) for r in reading.rows] == expected
    assert {la.sheet: la.table for la in reading.layouts} == {b.sheet: b.table for b in case.blocks}
    assert places(reading, case) == sorted(case.problems)
    assert tuple(sheet for sheet, _ in reading.skipped_sheets) == case.skipped
    assert read_workbook(case.make(), case.file).kind == case.kind


@pytest.mark.parametrize("name", GOOD)
def test_values_have_the_types_of_their_columns(name: str) -> None:
    reading = read(GOOD[name])
    tables = {la.sheet: next(t for t in TABLES if t.name == la.table) for la in reading.layouts}
    for row in reading.rows:
        for column, value in said(row.values).items():
            kind = tables[row.sheet].column(column).kind
            expected = {"money": Decimal, "number": Decimal, "share": Decimal, "integer": int, "year": int, "flag": bool, "words": tuple}.get(kind)
            if expected:
                assert type(value) is expected, (column, value)


@pytest.mark.parametrize("name", GOOD)
def test_cells_point_at_what_was_read(name: str) -> None:
    """Each value's cell holds its text as seen (or the value itself), except headers, titles and merged or repeated cells."""
    from liantu.kernel.values import cell_text

    case = GOOD[name]
    book = {s.name: s for s in read_workbook(case.make(), case.file).sheets}
    for row in read(case).rows:
        for column, text in row.seen.items():
            place = row.cells[column]
            letters = place.rstrip("0123456789")
            r, c = int(place[len(letters):]) - 1, make_sheets.openpyxl.utils.column_index_from_string(letters) - 1
            grid = book[row.sheet]
            stood = cell_text(grid.rows[r][c]) if c < len(grid.rows[r]) else ""
            assert stood in {text, "〃"} or (stood == "" and grid.merged)


@pytest.mark.parametrize("name", BAD)
def test_refused(name: str) -> None:
    case = BAD[name]
    with pytest.raises(UserError) as caught:
        read_workbook(case.make(), case.file)
    assert caught.value.code == case.code
    assert caught.value.hint and case.file in caught.value.message


def test_limits_are_said_plainly() -> None:
    data = GOOD["plain_register"].make()
    for limits, code in (({"max_rows": 2}, "too-many-rows"), ({"max_bytes": 100}, "file-too-large")):
        with pytest.raises(UserError) as caught:
            read_workbook(data, "名录.xlsx", **limits)
        assert caught.value.code == code


def test_every_problem_has_words_in_both_languages() -> None:
    for case in GOOD.values():
        for problem in read(case).problems:
            for language in ("zh", "en"):
                assert "—" not in problem.message(language).replace("—」", "") and problem.hint(language)


def layout_of(rows: list[list[Any]], file: str = "名录.xlsx", sheet: str = "Sheet1") -> Layout:
    book = read_workbook(make_sheets.xlsx({sheet: rows}), file)
    return read_tables(book, TABLES).layouts[0]


def test_fingerprint_survives_months_orders_and_file_names() -> None:
    one = layout_of([["2025年3月产值月报"], ["企业名称", "3月产值（万元）", "用电量"], ["甲有限公司", 1, 2]], "月报20250405.xlsx")
    two = layout_of([["2025年4月产值月报"], ["企业名称", "用电量", "4月产值（万元）"], ["甲有限公司", 1, 2]], "月报（定稿）.xlsx", "四月")
    other = layout_of([["2025年4月产值月报"], ["企业名称", "用电量", "从业人数"], ["甲有限公司", 1, 2]])
    assert one.fingerprint == two.fingerprint != other.fingerprint


def test_unknown_columns_stay_listed() -> None:
    layout = layout_of([["企业名称", "信用代码", "联系人"], ["甲有限公司", "91330109MA2AX0018Y", "张某"]])
    assert [(g.source, g.column, g.how) for g in layout.guesses] == [
        ("企业名称", "name", "alias"), ("信用代码", "uscc", "alias"), ("联系人", None, "none")]
    assert all(g.why for g in layout.guesses)


def test_progress_reaches_the_end() -> None:
    steps: list[tuple[int, int]] = []
    case = GOOD["plain_register"]
    read_tables(read_workbook(case.make(), case.file), TABLES, progress=lambda done, total: steps.append((done, total)))
    assert steps[-1] == (2, 2)
