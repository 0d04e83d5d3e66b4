"""Frozen editions: whole, numbered once, equal for equal records, opened by number or day."""

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from liantu.kernel.edition import compare, edition_meant, formal_before, frame_of, freeze, list_editions, open_edition, save_edition, schema_of
from liantu.kernel.problems import UserError
from liantu.kernel.tables import table_of
from tests.robust.kit import firm_sheet

FRAME = pl.DataFrame({"id": [1, 2], "name": ["甲", "乙"]})


def test_equal_records_give_the_same_edition(take):
    take(firm_sheet(range(3)))
    first = freeze()
    assert freeze().number == first.number == "W000001"
    take(firm_sheet(range(3), 地址="新址"), "二.csv")
    second = freeze()
    assert second.number == "W000002"
    [difference] = [d for d in compare(first, second) if d.table == "enterprise"]
    assert (difference.entered, difference.left, {c[1] for c in difference.changed}) == ([], [], {"address"})
    assert first.manifest.tables["park"] == second.manifest.tables["park"]
    assert freeze(number="2026-1.0").manifest.content == second.manifest.content


def test_a_formal_number_is_used_once(site, db):
    freeze(number="2026-1.0", approver="张三", note="一季度")
    with pytest.raises(UserError) as error:
        freeze(number="2026-1.0")
    assert error.value.code == "edition-exists"
    assert [m.approver for m in list_editions()] == ["张三"]


def test_opening(site, db):
    with pytest.raises(UserError) as error:
        open_edition()
    assert error.value.code == "no-edition"
    old = freeze(number="2025-4.0", as_of=date(2025, 12, 31))
    new = freeze(number="2026-1.0", as_of=date(2026, 3, 31))
    assert open_edition().number == new.number
    assert open_edition(as_of=date(2026, 1, 15)).number == open_edition("2025-4.0").number == old.number
    assert open_edition(site / "editions" / "2025-4.0.json").number == old.number
    for wrong in ("2024-1.0", "none.json"):
        with pytest.raises(UserError) as error:
            open_edition(wrong)
        assert error.value.code == "unknown-edition"
    with pytest.raises(UserError) as error:
        open_edition(as_of=date(2020, 1, 1))
    assert error.value.code == "no-edition"
    with pytest.raises(UserError) as error:
        new.table("no_table")
    assert error.value.code == "unknown-table"


def test_needs_no_django(tmp_path):
    edition = save_edition({"firm": FRAME}, number="1", root=tmp_path)
    assert open_edition(root=tmp_path).table("firm").equals(FRAME)
    assert [p.name for p in (tmp_path / "objects").iterdir()] == [f"{edition.manifest.tables['firm']['sha256']}.parquet"]
    assert {p.name for p in tmp_path.iterdir()} == {"objects", "1.json"}


def test_a_lost_object_is_told(tmp_path):
    edition = save_edition({"firm": FRAME}, root=tmp_path)
    edition.path("firm").unlink()
    with pytest.raises(UserError) as error:
        edition.table("firm")
    assert error.value.code == "edition-damaged"


def test_a_later_format_is_refused(tmp_path):
    save_edition({"firm": FRAME}, number="1", root=tmp_path)
    manifest = json.loads((tmp_path / "1.json").read_text()) | {"format": 99}
    (tmp_path / "1.json").write_text(json.dumps(manifest))
    with pytest.raises(UserError) as error:
        list_editions(tmp_path)
    assert error.value.code == "edition-format"


def test_types_of_values(db):
    table = table_of("annual_figure")
    row = [1, 7, 2025, *[None] * (len(table.columns) - 2)]
    row[1 + list(table.names).index("revenue")] = Decimal("12.3456")
    frame = frame_of(table, [tuple(row)])
    assert dict(frame.schema) == schema_of(table)
    assert (frame["revenue"][0], frame["enterprise"][0], frame["source"][0]) == (12.3456, 7, None)
    assert frame_of(table, []).schema == frame.schema


def test_the_same_records_on_any_database_give_the_same_content(take):
    """The hash of this small register is the same on SQLite and on PostgreSQL (ids aside)."""
    take(firm_sheet(range(3)))
    frame = freeze().table("enterprise").drop("id")
    assert frame["capital"].to_list() == [100.0, 101.0, 102.0]
    assert frame["established_on"].to_list() == [date(2000, 1, 1), date(2001, 2, 2), date(2002, 3, 3)]
    assert frame["size_class"].null_count() == 0


def two_formal(site):
    """W000001 (January), 2026-1.0 (March), W000002 (April), 2026-2.0 (June), W000003 (July)."""
    for number, month in ((None, 1), ("2026-1.0", 3), (None, 4), ("2026-2.0", 6), (None, 7)):
        save_edition({"x": FRAME.with_columns(n=pl.lit(month))}, number=number, as_of=date(2026, month, 28), root=site)
    return site


@pytest.mark.parametrize(("said", "number"), [("latest", "W000003"), ("Last", "W000003"), ("最新", "W000003"), ("latest-formal", "2026-2.0"), ("latest formal", "2026-2.0"), ("previous", "2026-2.0"),
                                             ("2026-1.0", "2026-1.0"), ("2026-06-27", "W000002"), ("2026-06-28", "2026-2.0"), ("2030-01-01", "W000003")])
def test_an_edition_is_meant_by_number_word_or_day(tmp_path, said, number):
    assert edition_meant(said, root=two_formal(tmp_path)).number == number


def test_an_unknown_edition_is_answered_with_the_nearest(tmp_path):
    two_formal(tmp_path)
    with pytest.raises(UserError) as error:
        edition_meant("2026-1", root=tmp_path)
    assert error.value.code == "unknown-edition" and "相近的：2026-1.0" in error.value.hint
    with pytest.raises(UserError) as error:
        edition_meant("2020-01-01", root=tmp_path)
    assert error.value.code == "no-edition"
    save_edition({"x": FRAME}, number="1", root=tmp_path / "one")
    with pytest.raises(UserError) as error:
        edition_meant("previous", root=tmp_path / "one")
    assert error.value.code == "one-edition"


def test_a_back_dated_edition_is_not_the_newest_of_a_later_day(tmp_path):
    save_edition({"x": FRAME}, number="march", as_of=date(2026, 3, 31), root=tmp_path)
    save_edition({"x": FRAME.head(1)}, number="backdated", as_of=date(2025, 12, 31), root=tmp_path)
    assert open_edition(as_of=date(2026, 4, 1), root=tmp_path).number == "march"
    assert open_edition(as_of=date(2026, 1, 1), root=tmp_path).number == "backdated"


def test_the_meeting_before(tmp_path):
    found = {m.number: m for m in list_editions(two_formal(tmp_path))}
    before = {number: (formal_before(m, root=tmp_path) or m).number for number, m in found.items()}
    assert before == {"W000001": "W000001", "2026-1.0": "W000001", "W000002": "2026-1.0", "2026-2.0": "2026-1.0", "W000003": "2026-2.0"}


def test_an_old_edition_opens_after_tables_and_columns_were_declared(tmp_path):
    """A table and a column declared later are there and empty; what is no table at all is answered in words."""
    chain = frame_of(table_of("chain"), ()).drop("name_en")
    edition = save_edition({"chain": chain.clear(), "other": FRAME}, number="old", root=tmp_path)
    assert list(edition.table("chain").schema) != list(chain.columns) and edition.table("chain").schema["name_en"] == pl.String
    assert edition.table("project").schema == pl.Schema(schema_of(table_of("project"))) and edition.table("project").is_empty()
    assert edition.has("other") and edition.has("project") and not edition.has("nothing")
    with pytest.raises(UserError):
        edition.table("nothing")
