"""November: what changes is told exactly, and nothing that is told touches anything else."""

from __future__ import annotations

from pathlib import Path

import pytest

from liantu.demo import Planted, generate, next_month
from liantu.demo.generator import Built, build
from liantu.demo.month import Month, make_month, supply_shares
from liantu.demo.work import FIRST_DAY, SECOND_DAY, STAGES

SETTINGS = {"seed": 5, "firms": 300, "months": 24, "supply_links": 1500}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Built, Planted, Month, Path]:
    folder = tmp_path_factory.mktemp("month")
    planted = generate(folder, **SETTINGS)
    next_month(folder, planted, 9)
    built = build(SETTINGS)
    return built, Planted.load(folder / "planted.json"), make_month(built, planted), folder


def test_the_answers_are_written_down(made: tuple[Built, Planted, Month, Path]) -> None:
    built, planted, month, _ = made
    assert planted.changes == month.changes(built)
    assert all(planted.changes[name] for name in ("firms_entered", "firms_left", "firms_raised", "firms_moved", "nodes_changed", "projects_new", "projects_moved", "projects_state",
                                                  "cases_opened", "cases_closed", "cases_overdue", "policies_new", "policies_expired"))


def test_nobody_is_chosen_twice(made: tuple[Built, Planted, Month, Path]) -> None:
    _, planted, month, _ = made
    chosen = [f.uscc for f in (*month.raised, *month.new, *(f for f, _ in month.gone), *(f for f, *_ in month.moved), *(f for f, _ in month.side_lines))]
    assert len(set(chosen)) == len(chosen)
    assert not {f.uscc for f in month.new} & set(planted.firms)
    assert not {m["uscc"] for m in planted.chain_masters} & set(chosen)


def test_nodes_change_for_the_reason_given(made: tuple[Built, Planted, Month, Path]) -> None:
    built, planted, month, _ = made
    kinds = {ref: p.kind for ref, p in built.plan.nodes.items()}
    for ref, before, _, why in month.nodes:
        assert kinds[ref] == {"closed": "weak", "moved": "single", "side_line": "missing", "new_firm": "missing"}[why]
        assert before == {"weak": "weak", "single": "at_risk", "missing": "missing"}[kinds[ref]]
    shares = supply_shares(built)
    assert shares and all(0 <= s <= 1 for s in shares.values())
    assert all(ref not in shares or shares[ref] == 0 for ref in planted.missing_nodes)


def test_projects_move_one_stage_within_the_month(made: tuple[Built, Planted, Month, Path]) -> None:
    _, _, month, _ = made
    for project, before in month.advanced:
        assert project.stage == before + 1 < len(STAGES) and FIRST_DAY < project.days[project.stage] <= SECOND_DAY and not project.why
    assert all(e.proof for e in month.events)


def test_closed_cases_carry_proof_and_new_ones_are_open(made: tuple[Built, Planted, Month, Path]) -> None:
    built, _, month, _ = made
    assert all(c.closed and FIRST_DAY < c.closed <= SECOND_DAY and c.proof for c in month.cases_closed)
    assert all(not c.closed and c.raised > FIRST_DAY for c in month.cases_new)
    assert not {c.code for c in month.cases_new} & {c.code for c in built.work.cases}


def test_sheets_say_it_in_other_headers(made: tuple[Built, Planted, Month, Path]) -> None:
    import openpyxl

    *_, folder = made
    book = openpyxl.load_workbook(folder / "next_month" / "18_企业诉求问题台账_202611.xlsx")
    first = openpyxl.load_workbook(folder / "sheets" / "18_企业诉求问题台账_202610.xlsx")
    heads = [{c.value for c in b.worksheets[0][3]} for b in (book, first)]
    assert heads[0] & heads[1] == {"序号"}
