"""What each version shows: columns, whole outputs, small cells, order, files."""

import json

import polars as pl
import pytest

from liantu.kernel import access
from liantu.kernel.columns import Column
from liantu.kernel.output import outputs, run, shows
from liantu.kernel.problems import UserError
from liantu.kernel.release import release
from liantu.kernel.small_cells import figures, labels_of, withheld
from liantu.kernel.tables import all_tables
from liantu.papers.export import export
from tests.robust.district import edition_of, frames


@pytest.fixture
def edition(site):
    return edition_of(frames(3), site / "editions", "2026-1.0")


class Person:
    is_authenticated = is_active = True
    is_superuser = False

    def __init__(self, *groups, staff=False):
        self.is_staff, self._liantu_groups = staff, frozenset(groups)


def test_internal_is_the_whole_result(edition):
    for name in ("chain_map", "firm_list"):
        assert release(name, edition).frame.equals(run(name, edition).frame)
        assert release(name, edition).hidden == frozenset()


def test_whole_outputs(edition):
    with pytest.raises(UserError) as refused:
        release("case_list", edition, "public")
    assert refused.value.code == "not-in-version"
    assert release("case_list", edition, "department").version == "department"
    with pytest.raises(UserError):
        release("firm_parts", edition, "department")


def test_a_single_firms_figures_leave_no_trace(edition):
    for version in ("department", "public"):
        result = release("firm_list", edition, version)
        assert {"output", "revenue", "tax"}.isdisjoint(c.name for c in result.columns)
        assert result.frame["output"].null_count() == result.frame.height
        assert result.frame["enterprise"].is_sorted()  # the list's own order is by output


def test_small_cells_are_null_and_named(edition):
    whole, shown = run("chain_map", edition).frame, release("chain_map", edition, "public")
    few = {code for code, firms, output in whole.select("code", "firms", "output").iter_rows() if 0 < firms < 3}
    hidden = {key for key, column in shown.hidden if column == "output"}
    assert few and few <= hidden < set(whole["code"])
    values = dict(shown.frame.select("code", "output").iter_rows())
    truth = dict(whole.select("code", "output").iter_rows())
    assert {code for code, value in values.items() if value is None} == hidden
    assert all(values[code] == truth[code] for code in truth if code not in hidden)
    statuses = dict(shown.frame.select("code", "status").iter_rows())
    assert {code for code, status in statuses.items() if status is None} == hidden
    assert "status_rule" not in {c.name for c in shown.columns} and "largest_share" not in {c.name for c in shown.columns}
    inside = release("chain_map", edition, "department")
    assert inside.frame["status"].null_count() == 0 and {k for k, c in inside.hidden if c == "output"} == hidden


def test_versions_and_outputs_agree_on_a_cell(edition):
    cells = {}
    for version in ("department", "public"):
        for name in ("chain_map", "gap_list"):
            if version == "public" and name == "gap_list":
                continue
            result = release(name, edition, version)
            for code, value in result.frame.select("code", "output").iter_rows():
                cells.setdefault(code, set()).add(value)
    assert all(len(values) == 1 for values in cells.values())


def test_every_declared_sum_is_the_sum_it_says(edition):
    assert withheld(edition, "department").wrong == frozenset()
    for found in figures(edition).values():
        for figure in found:
            assert len(labels_of(run(figure.output.name, edition).frame, figure.sum)) == run(figure.output.name, edition).frame.height


def test_a_figure_that_is_not_its_sum_is_withheld_whole(edition, monkeypatch):
    from liantu.kernel import small_cells

    twice = run("chain_map", edition)
    wrong = twice.frame.with_columns(pl.col("output") * 2)
    monkeypatch.setattr(small_cells, "run", lambda name, e: run(name, e) if name != "chain_map" else type(twice)(twice.output, e, wrong))
    found = small_cells._solve(edition, "department")
    assert ("chain_map", "output") in found.wrong


def test_unknown_parts_show_nothing(edition, monkeypatch):
    from liantu.kernel import release as module
    from liantu.kernel.small_cells import SmallCells

    monkeypatch.setattr(module, "withheld", lambda edition, version: SmallCells())
    result = module.release("chain_summary", edition, "public")
    assert result.frame["output"].null_count() == result.frame.height


def test_kept_by_content(edition, monkeypatch):
    from liantu.kernel import small_cells

    small_cells._solved.cache_clear()
    first = withheld(edition, "department")
    small_cells._solved.cache_clear()
    monkeypatch.setattr(small_cells, "_solve", None)  # must come from the file
    assert withheld(edition, "department") == first


def test_public_edition_after_edition(site):
    tables = frames(3)
    edition_of(tables, site / "editions", "2026-1.0")
    node = release("chain_map", edition_of(tables, site / "editions", "2026-1.1"), "public")
    shown = [code for code, output in node.frame.select("code", "output").iter_rows() if output]
    code = shown[0]  # one firm of this node changes its figure
    ids = dict(tables["chain_node"].select("code", "id").iter_rows())
    firm = tables["placement"].filter(pl.col("chain_node") == ids[code])["enterprise"][0]
    changed = pl.when(pl.col("enterprise") == firm).then(pl.col("output") + 5).otherwise(pl.col("output")).alias("output")
    after = edition_of(tables | {"annual_figure": tables["annual_figure"].with_columns(changed)}, site / "editions", "2026-2.0")
    assert (code, "output") in release("chain_map", after, "public").hidden
    assert (code, "output") not in release("chain_map", after, "department").hidden


def test_files_mark_what_is_withheld(edition):
    result = release("chain_map", edition, "public")
    data = json.loads(export("chain_map", edition, "json", columns=result.columns, result=result).data)
    assert data["version"] == "public" and [k for k, c in map(tuple, data["withheld"]) if c == "output"]
    assert "※" in export("chain_map", edition, "csv", columns=result.columns, result=result).data.decode("utf-8-sig")


@pytest.mark.parametrize(("person", "right"), [(Person(), "department"), (Person("编辑"), "department"), (Person("内部"), "internal"), (Person(staff=True), "internal")])
def test_nobody_gets_more_than_his_right(edition, person, right):
    assert access.version_for(person) == right
    assert access.released(person, "chain_map", edition).version == right
    assert access.released(person, "chain_map", edition, "public").version == "public"
    if right == "department":
        with pytest.raises(UserError) as refused:
            access.released(person, "chain_map", edition, "internal")
        assert refused.value.code == "not-visible"
        assert "output" not in {c.name for c in access.visible_columns(person, outputs()["chain_map"].columns)}
    with pytest.raises(UserError):
        access.version_asked(person, "secret")


def test_statistics_never_leave_the_internal_version():
    limited = [(name, c) for name, t in all_tables().items() for c in t.columns if "统计" in c.source_limit or "税务" in c.source_limit]
    limited += [(name, c) for name, o in outputs().items() for c in o.columns if "统计" in c.source_limit or "税务" in c.source_limit]
    assert limited
    for where, column in limited:
        assert not shows("department", column), (where, column.name)
    assert not shows("public", Column("x", "数", "X", "money", unit="万元", secrecy="public", source_limit="对外提供前须经同意"))


def test_sums_over_firms_say_of_what_they_are_made():
    """A column that only says that it adds up is shown by its own secrecy alone, so a confidential one stands in no version."""
    for output in outputs().values():
        for column in output.columns:
            for part in column.sums:
                declared = outputs().get(part.rows)
                names = {c.name for c in declared.columns} if declared else set(all_tables()[part.rows].names)
                assert {part.column, part.firm, *(there for there, _ in part.by)} <= names
                assert {here for _, here in part.by} <= {c.name for c in output.columns}
            assert set(column.follows) <= {c.name for c in output.columns}
