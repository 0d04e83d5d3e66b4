"""Small relations, equal on Polars and on DuckDB."""

from __future__ import annotations

from datetime import date, timedelta

import duckdb
import narwhals as nw
import polars as pl
import pytest

from liantu.kernel.relations import day_number, first_of, joined, mapped, months_before


@pytest.fixture(params=["polars", "duckdb"])
def rows(request, tmp_path):
    """Open a frame on an engine and read a relation back as tuples."""
    def opened(frame: pl.DataFrame):
        if request.param == "polars":
            return nw.from_native(frame.lazy())
        frame.write_parquet(tmp_path / "t.parquet")
        return nw.from_native(duckdb.connect().read_parquet(str(tmp_path / "t.parquet")))

    def read(relation) -> list[tuple]:
        native = nw.to_native(relation)
        return sorted(native.collect().rows() if request.param == "polars" else native.fetchall(), key=str)

    return opened, read


def test_day_number_is_the_ordinal(rows):
    opened, read = rows
    days = [date(1900, 2, 28) + timedelta(days=37 * n) for n in range(1500)] + [date(2000, 2, 29), date(2024, 12, 31), date(2100, 3, 1), None]
    found = read(opened(pl.DataFrame({"day": days}, schema={"day": pl.Date})).select("day", day_number(nw.col("day")).alias("n")))
    assert len(found) == len(days)
    assert all(n == (day.toordinal() if day else None) for day, n in found)


@pytest.mark.parametrize(("day", "months", "before"), [(date(2026, 10, 31), 2, date(2026, 8, 31)), (date(2026, 4, 30), 2, date(2026, 2, 28)), (date(2024, 3, 31), 1, date(2024, 2, 29)),
                                                       (date(2026, 1, 15), 1, date(2025, 12, 15)), (date(2026, 1, 15), 13, date(2024, 12, 15)), (date(2026, 12, 1), 0, date(2026, 12, 1))])
def test_months_before(day, months, before):
    assert months_before(day, months) == before


def test_first_of_takes_the_first_that_holds_and_unknown_does_not_hold(rows):
    opened, read = rows
    table = opened(pl.DataFrame({"id": [1, 2, 3, 4], "a": [True, False, None, None], "b": [True, True, True, None]}))
    assert read(table.select("id", first_of([("a", nw.col("a")), ("b", nw.col("b"))], "none").alias("x"))) == [(1, "a"), (2, "b"), (3, "b"), (4, "none")]


def test_mapped_gives_null_for_the_rest(rows):
    opened, read = rows
    assert read(opened(pl.DataFrame({"a": ["x", "y", None]})).select("a", mapped(nw.col("a"), {"x": 3}).alias("n"))) == [("x", 3), ("y", None), (None, None)]


def test_joined_orders_by_sum_then_text_drops_doubles_and_stops_at_the_limit(rows):
    opened, read = rows
    table = opened(pl.DataFrame({"firm": [1, 1, 1, 1, 1, 2, 2, 3, None], "name": ["乙", "甲", "乙", "丙", None, "丁", "甲", None, "甲"], "amount": [2.0, 3.0, 2.0, None, 9.0, None, None, 1.0, 1.0]}))
    assert read(joined(table, "firm", "name", order="amount", limit=2)) == [(1, "乙、甲"), (2, "丁、甲")]
    assert read(joined(table, "firm", "name", order="amount", limit=9, mark="；")) == [(1, "乙；甲；丙"), (2, "丁；甲")]
