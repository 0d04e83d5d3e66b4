"""A stopped film maker worked out by hand: who steps in, what is bought elsewhere, what stays short, and what nobody claims to know."""

from __future__ import annotations

import copy
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.resilience.substitutes import Substitutes, substitutes_for
from tests.unit.maps_and_lists.district import District

DAY = date(2026, 10, 31)
STOPPED, CELL, PACK, OTHER, KNOWN, DECLARES, SURE, PERHAPS, GUESSED, SILENT, CLOSED = range(1, 12)
NAMES = ("停产膜厂", "电芯厂", "包装厂", "未报客户", "老供方", "自报厂", "同环节厂", "可能厂", "待核厂", "无数厂", "关门厂")


def film() -> District:
    """Film (node c/膜): 60 to the cell works, 40 to the packer, an untold amount to a third, 30 to a customer elsewhere."""
    made = District()
    made.put("chain", code="c", name="电池链")
    for at, name in enumerate(("膜", "芯"), 1):
        made.put("chain_node", code=f"c/{name}", chain=1, name=name, position=at, weight=1)
    for name in NAMES:
        made.put("enterprise", name=name, status="closed" if name == "关门厂" else "active")
    for firm, output in ((STOPPED, 900.0), (KNOWN, 500.0), (DECLARES, 9000.0), (SURE, 100.0), (PERHAPS, 100.0), (GUESSED, 9000.0), (CLOSED, 9000.0)):
        made.put("annual_figure", enterprise=firm, year=2025, output=output)
    for firm, grade in ((STOPPED, "confirmed"), (SURE, "confirmed"), (PERHAPS, "likely"), (GUESSED, "to_verify"), (SILENT, "confirmed"), (CLOSED, "confirmed")):
        made.put("placement", enterprise=firm, chain_node=1, grade=grade)
    trade: list[tuple[int | None, int | None, float | None]] = [(STOPPED, CELL, 60.0), (STOPPED, PACK, 40.0), (STOPPED, OTHER, None), (STOPPED, None, 30.0), (KNOWN, CELL, 25.0), (None, CELL, 10.0)]
    for supplier, customer, amount in trade:
        made.put("supply_link", supplier=supplier, customer=customer, supplier_name=NAMES[supplier - 1] if supplier else "外地膜厂", customer_name=NAMES[customer - 1] if customer else "外地客户", item="基膜",
                 chain_node=1, amount=amount, year=2025)
    made.put("supply_capacity", enterprise=DECLARES, item="基膜", chain_node=None, spare=20.0, qualified="包装厂、别家", switch_days=20, as_of=date(2026, 9, 1))
    return made


def of(made: District, tmp_path: Path, stopped: dict[int, float] | None = None, **more: Any) -> Substitutes:
    return substitutes_for(made.edition(tmp_path, as_of=DAY), {STOPPED: 0.0} if stopped is None else stopped, **more)


def parts(found: Substitutes) -> dict[tuple[int, int], float]:
    return {(s.supplier, s.customer): round(s.amount, 6) for s in found.supplies}


def test_worked_by_hand(tmp_path: Path) -> None:
    """To spare: 20 declared; 50, 10 and 10 as a tenth of output; elsewhere half of 10. So 90 of 100 come from here, 5 from elsewhere (it only sells film to the cell works, but can sell to both), 5 stay short."""
    found = of(film(), tmp_path)
    assert found.totals() == [{"item": "基膜", "amount": 100.0, "local": pytest.approx(90.0), "outside": pytest.approx(5.0), "short": pytest.approx(5.0), "unknown": 1}]
    by_supplier = {s.supplier: (s.spare, s.basis, s.evidence, s.grade) for s in found.supplies}
    assert by_supplier[DECLARES] == (20.0, "declared", "qualified", None) and by_supplier[SURE] == (10.0, "estimated", "confirmed", "confirmed")
    assert by_supplier[PERHAPS] == (10.0, "estimated", "likely", "likely") and by_supplier[KNOWN][:2] == (50.0, "estimated")
    got = parts(found)
    assert got[KNOWN, CELL] == 50.0 and got[DECLARES, PACK] == 20.0  # each where it is known already
    assert sum(got.values()) == pytest.approx(90.0) and not {GUESSED, CLOSED, SILENT, STOPPED} & {supplier for supplier, _ in got}
    assert found.sold_outside == 30.0 and found.gap <= 1e-9
    assert [(c.supplier, c.grade, c.evidence) for c in found.to_ask] == [(SILENT, "confirmed", "confirmed")]
    untold = next(n for n in found.needs if n.customer == OTHER)
    assert untold.amount is None and untold.local == untold.short == 0 and "核实" in untold.why


def test_what_is_not_certain_is_said(tmp_path: Path) -> None:
    found = of(film(), tmp_path)
    words = {s.supplier: s.why for s in found.supplies}
    assert "未经确认" in words[PERHAPS] and "估计" in words[PERHAPS] and "20 天" in words[DECLARES] and "自报" in words[DECLARES]
    assert "已确认" in words[SURE] and "未经确认" not in words[SURE]
    assert parameter("substitutes", DAY).basis == found.rule.basis == "liantu_default"
    lacking = [n for n in found.needs if n.short > 0]
    assert lacking and all("增供也不够" in n.why and "已经用尽" in n.why for n in lacking)


def test_rows_add_up(tmp_path: Path) -> None:
    found = of(film(), tmp_path)
    rows = found.rows()
    assert {kind: round(sum(r["amount"] or 0 for r in rows if r["kind"] == kind), 6) for kind in ("local", "outside", "short")} == {"local": 90.0, "outside": 5.0, "short": 5.0}
    for need in found.needs:
        assert (need.amount or 0) == pytest.approx(need.local + need.outside + need.short)
        assert need.local == pytest.approx(sum(s.amount for s in found.supplies if s.customer == need.customer))


def test_half_a_stop_needs_half(tmp_path: Path) -> None:
    half = of(film(), tmp_path, {STOPPED: 0.5})
    assert half.totals()[0]["amount"] == 50.0 and half.totals()[0]["short"] == 0 and half.sold_outside == 15.0
    assert of(film(), tmp_path, {STOPPED: 1.0}).needs == () and of(film(), tmp_path, {}).needs == ()
    both = of(film(), tmp_path, {STOPPED: 0.0, PACK: 0.0, KNOWN: 0.9})  # a stopped customer needs nothing, a hit supplier helps nobody and leaves a need of its own
    assert {n.customer: n.amount for n in both.needs} == {CELL: pytest.approx(60.0 + 2.5), OTHER: None}
    assert KNOWN not in {s.supplier for s in both.supplies}


def test_declarations_count_while_fresh_and_the_newest_wins(tmp_path: Path) -> None:
    old = film()
    old.row("supply_capacity", 1)["as_of"] = date(2025, 10, 30)
    assert DECLARES not in {s.supplier for s in of(old, tmp_path).supplies}  # neither sells film nor stands at the node
    newer = film()
    newer.put("supply_capacity", enterprise=DECLARES, item="基膜", capacity=200.0, spare_share=0.15, as_of=date(2026, 10, 1))
    assert {s.spare for s in of(newer, tmp_path).supplies if s.supplier == DECLARES} == {30.0}
    nothing = film()
    nothing.put("supply_capacity", enterprise=SURE, item="基膜", spare=0.0, as_of=date(2026, 10, 1))
    assert SURE not in {s.supplier for s in of(nothing, tmp_path).supplies}  # it says it has nothing: no guess in its place


def test_one_capacity_serves_its_customers_together(tmp_path: Path) -> None:
    """Two items of one firm's estimated capacity: together never more than it has."""
    made = film()
    made.put("supply_link", supplier=STOPPED, customer=CELL, supplier_name="停产膜厂", customer_name="电芯厂", item="隔膜", chain_node=1, amount=80.0, year=2025)
    found = of(made, tmp_path)
    for firm in (SURE, PERHAPS):
        assert sum(s.amount for s in found.supplies if s.supplier == firm) <= 10.0 + 1e-9
    assert {t["item"] for t in found.totals()} == {"基膜", "隔膜"} and {t["item"] for t in of(made, tmp_path, item="隔膜").totals()} == {"隔膜"}
    assert next(t for t in found.totals() if t["item"] == "隔膜")["outside"] == 0


def test_nearer_firms_come_first(tmp_path: Path) -> None:
    made = film()
    for link in (5, 6):
        made.drop("supply_link", link)
    made.row("enterprise", CELL).update(longitude=113.0, latitude=28.0)
    made.row("annual_figure", 5)["output"] = 2000.0
    made.row("annual_figure", 4)["output"] = 2000.0
    made.row("placement", 3)["grade"] = "confirmed"
    for near, far in ((SURE, PERHAPS), (PERHAPS, SURE)):
        here = copy.deepcopy(made)
        here.row("enterprise", near).update(longitude=113.1, latitude=28.0)
        here.row("enterprise", far).update(longitude=116.0, latitude=28.0)
        got = parts(of(here, tmp_path))
        assert got.get((near, CELL), 0) > got.get((far, CELL), 0)


def test_next_best_is_named(tmp_path: Path) -> None:
    made = film()
    made.row("annual_figure", 2)["output"] = 50_000.0  # one known supplier could do it all
    need = next(n for n in of(made, tmp_path).needs if n.customer == CELL)
    assert need.local == pytest.approx(60.0) and need.next_best in NAMES and need.next_best != "老供方" and need.dearer is not None and need.dearer > 0
    assert need.why == "区内富余产能可以补足"


def test_a_share_outside_its_range_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError) as told:
        of(film(), tmp_path, {STOPPED: 30.0})
    assert "0 到 1" in str(told.value) and "30.0" in str(told.value)
