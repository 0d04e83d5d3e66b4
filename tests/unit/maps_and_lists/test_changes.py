"""What changed between two editions: planted changes are listed, each once, and nothing else."""

from __future__ import annotations

import json
import shutil
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from liantu.kernel import output
from liantu.kernel.edition import Edition
from liantu.kernel.passport import why
from liantu.maps_and_lists.changes import Changes, changes
from liantu.maps_and_lists.changes_parts import FigureReason, RowReason
from liantu.maps_and_lists.changes_told import told
from tests.unit.maps_and_lists.district import DAY, District, two_chains

LISTS = ("firms_entered", "firms_left", "firms_moved", "firms_raised", "firms_lowered", "nodes_changed", "nodes_new", "nodes_gone", "projects_new", "projects_moved",
         "projects_state", "projects_gone", "projects_lamp", "cases_opened", "cases_closed", "cases_overdue", "policies_new", "policies_expired")
SETTLED, OPEN = ("done", "called_back", "closed"), ("registered", "doing", "suspended")


def listed(found: Changes) -> dict[str, list[object]]:
    """Every list that is not empty, by what each change is about."""
    keys = {"firms": "enterprise", "nodes": "code", "projects": "project", "cases": "case", "policies": "policy"}
    return {name: [getattr(c, keys[name.split("_")[0]]) for c in getattr(found, name)] for name in LISTS if getattr(found, name)}


def test_equal_editions_have_no_changes_and_compute_nothing(site, monkeypatch):
    one, two = two_chains().edition(site, "1.0"), two_chains().edition(site, "2.0")
    changes(one, two)
    asked: list[str] = []
    monkeypatch.setattr(output, "compute", lambda declared, *_: asked.append(declared.name))
    found = changes(one, two)
    assert found.empty and found.lines() == [] and not asked
    assert len(found.figures) > 20 and found.figures[0].before_id != found.figures[0].after_id


def test_planted_changes_are_listed(site):
    before, after = two_chains(), two_chains()
    new = after.put("enterprise", name="己", above_scale=True)
    after.put("placement", enterprise=new, chain_node=3, grade="confirmed")
    after.drop("placement", 3)
    after.drop("enterprise", 3)
    after.row("placement", 5)["chain_node"] = 1
    after.row("enterprise", 4)["above_scale"] = True
    after.row("project", 1)["stage"] = "started"
    after.put("stage_event", project=1, stage="started", happened_on=date(2026, 4, 1), evidence="施工许可证", verified="verified")
    after.put("project", name="演艺中心", chain=2, stage="talks")
    after.put("case", code="W2", title="缺工人", chain=2, state="registered")
    after.put("policy", name="稳岗补贴", valid_from=date(2026, 4, 1))
    found = changes(before.edition(site, "1.0"), after.edition(site, "2.0", date(2026, 4, 30)))
    assert listed(found) == {"firms_entered": [6], "firms_left": [3], "firms_moved": [5], "firms_raised": [4], "nodes_changed": ["d/a"], "projects_new": [2], "projects_moved": [1], "projects_lamp": [1],
                             "cases_opened": [2], "cases_overdue": [1], "policies_new": [2], "policies_expired": [1]}
    node = found.nodes_changed[0]
    assert (node.before, node.after) == ("weak", "fair")
    rows = [r for r in node.reasons if isinstance(r, RowReason)]
    assert ("enterprise", "changed", 1, ("丁",)) in [(r.table, r.kind, r.count, r.names) for r in rows] and any(r.kind == "entered" and "己" in r.names[0] for r in rows)
    assert ("above_scale_firms", 0, 2) in [(r.column.name, r.before, r.after) for r in node.reasons if isinstance(r, FigureReason)]
    moved = found.projects_moved[0]
    assert moved.before and moved.after and (moved.before.stage, moved.after.stage, moved.after.evidence, moved.after.verification) == ("signed", "started", "施工许可证", "verified")
    one = {(r.table, r.entered, r.left, r.changed) for r in found.records}
    assert one == {("enterprise", 1, 1, 1), ("placement", 1, 1, 1), ("project", 1, 0, 1), ("stage_event", 1, 0, 0), ("case", 1, 0, 0), ("policy", 1, 0, 0)}


def test_head_figures_have_ids_that_resolve(site):
    before, after = two_chains(), two_chains()
    after.row("placement", 5)["chain_node"] = 3
    one, two = before.edition(site, "1.0"), after.edition(site, "2.0")
    figure = next(f for f in changes(one, two, "c").figures_changed if f.column.name == "firms")
    assert (figure.before, figure.after, figure.label(), figure.chain_code) == (4, 3, "企业数", "c")
    for edition, number, value in ((one, figure.before_id, 4), (two, figure.after_id, 3)):
        passport = why(figure.output, figure.key, edition, column=figure.column.name)
        assert number.startswith(passport.id + ".") and passport.value == value


def test_one_chain_sees_who_came_from_another(site):
    after = two_chains()
    after.row("placement", 5)["chain_node"] = 3
    one, two = two_chains().edition(site, "1.0"), after.edition(site, "2.0")
    assert listed(changes(one, two)) == {"firms_moved": [5]}
    assert listed(changes(one, two, "c")) == {"firms_left": [5]}
    arrived = changes(one, two, "d").firms_entered[0]
    assert arrived.before and arrived.after and (arrived.before.node_code, arrived.after.node_code) == ("c/b", "d/a")


def test_a_case_is_opened_settled_and_taken_up_again(site):
    one, two, three = two_chains(), two_chains(), two_chains()
    one.put("case", code="W2", title="旧", state="closed")
    two.put("case", code="W2", title="旧", state="doing")
    two.row("case", 1)["state"] = "done"
    two.put("case", code="W3", title="新", state="done")
    first, second = one.edition(site, "1.0"), two.edition(site, "2.0")
    assert listed(changes(first, second)) == {"cases_opened": [2, 3], "cases_closed": [1, 3]}
    assert "重新办理：旧" in "".join(changes(first, second).lines())
    assert listed(changes(first, three.edition(site, "3.0"))) == {}, "a row taken off the register is a change of records, not a settled case"


@pytest.mark.parametrize(("was", "now", "expected"), [
    ({"valid_from": "2026-04-10"}, {}, {"policies_new": [1]}),
    ({"valid_until": "2026-04-29"}, {}, {"policies_expired": [1]}),
    ({"valid_until": "2026-04-30"}, {}, {}),
    ({"valid_until": "2026-03-30"}, {}, {}),
    ({"valid_from": "2026-06-01"}, {}, {}),
    ({}, {"valid_until": "2026-04-01"}, {"policies_expired": [1]}),
    ({"valid_until": "2026-03-30"}, {"valid_until": "2027-03-30"}, {"policies_new": [1]}),
])
def test_policies_follow_the_two_days(site, was, now, expected):
    def district(dates: dict[str, str]) -> District:
        made = two_chains()
        made.row("policy", 1).update({"valid_from": None, "valid_until": None, **{k: date.fromisoformat(v) for k, v in dates.items()}})
        made.row("case", 1)["due_on"] = None
        return made

    found = changes(district(was).edition(site, "1.0"), district({**was, **now}).edition(site, "2.0", date(2026, 4, 30)))
    assert listed(found) == expected


def test_an_edition_from_before_a_table_was_declared(site):
    from liantu.kernel.edition import save_edition

    old = {name: frame for name, frame in two_chains().frames().items() if name not in ("project", "stage_event", "case", "policy")}
    found = changes(save_edition(old, root=site, number="0.9", as_of=DAY), two_chains().edition(site, "1.0"))
    assert listed(found) == {"projects_new": [1], "cases_opened": [1], "policies_new": [1]}


def test_told_in_both_languages_and_as_data(site):
    after = two_chains()
    after.drop("placement", 3)
    after.row("enterprise", 3)["status"] = "moved"
    found = changes(two_chains().edition(site, "1.0"), after.edition(site, "2.0"))
    zh, en = found.lines(), found.lines("en")
    assert "【退出的企业】丙：原在 电池链·隔膜。" in zh and any(line.startswith("【状态变了的环节】隔膜（电池链）：薄弱 → 缺失（入链减少 1 行：丙") for line in zh)
    assert "[Firms that left] 丙: stood at Battery / Separator." in en and len(zh) == len(en)
    assert "【主要数字】另有" in "".join(found.lines(limit=1)) and len(found.lines(limit=1)) < len(zh)
    data = json.loads(json.dumps(found.to_dict(), ensure_ascii=False))
    assert data["firms_left"][0]["before"]["node_code"] == "c/a" and data["before"]["number"] == "1.0" and data["figures"][0]["column"]


FIRMS, NODES, ITEMS = 6, 4, 3
STAGES = ("talks", "signed", "started", "completed", "producing")
EDITS = ("add_firm", "drop_firm", "close_firm", "move_firm", "cross_scale", "add_project", "move_project", "pause_project", "drop_project", "open_case", "settle_case", "late_case",
         "add_policy", "withdraw_policy", "expire_policy")


@st.composite
def districts(draw: st.DrawFn) -> District:
    """A small district whose projects and cases carry no dates of their own, so that lamps follow from the stage alone."""
    made = District()
    for code in ("c", "d"):
        made.put("chain", code=code, name=f"{code}链")
    for n in range(NODES):
        made.put("chain_node", code=f"{'cd'[n % 2]}/n{n}", chain=1 + n % 2, name=f"环节{n}", position=n, weight=1)
    for n in range(FIRMS):
        firm = made.put("enterprise", name=f"企业{n}", status="active", above_scale=draw(st.booleans()))
        made.put("placement", enterprise=firm, chain_node=draw(st.integers(1, NODES)), grade="confirmed")
    for n in range(ITEMS):
        made.put("project", name=f"项目{n}", chain=draw(st.sampled_from([1, 2, None])), stage=draw(st.sampled_from(STAGES)), side_state="normal")
        made.put("case", code=f"W{n}", title=f"问题{n}", chain=draw(st.sampled_from([1, 2, None])), state=draw(st.sampled_from(OPEN)))
        made.put("policy", name=f"政策{n}", chain=draw(st.sampled_from([1, 2, None])), valid_from=date(2025, 1, 1))
    return made


def edit(draw: st.DrawFn, made: District, kind: str, left: dict[str, list[int]]) -> tuple[str, int] | None:
    """Apply one edit to a row that no other edit touches; (list it belongs in, id), or None when no such row is left."""
    verb, what = kind.split("_")
    table = {"firm": "enterprise", "scale": "enterprise", "project": "project", "case": "case", "policy": "policy"}[what]
    if verb in ("add", "open"):
        number = made.put(table, name=f"新{kind}{len(made.tables[table])}") if table != "case" else made.put(table, code=f"N{len(made.tables[table])}", title="新", state="registered")
        made.row(table, number).update({"enterprise": {"status": "active", "above_scale": draw(st.booleans())}, "project": {"stage": "talks"}}.get(table, {}))
        if table == "enterprise":
            made.put("placement", enterprise=number, chain_node=draw(st.integers(1, NODES)), grade="confirmed")
        return {"firm": "firms_entered", "project": "projects_new", "case": "cases_opened", "policy": "policies_new"}[what], number
    if not left[table]:
        return None
    number = left[table].pop(draw(st.integers(0, len(left[table]) - 1)))
    row = made.row(table, number)
    if kind == "move_firm":
        place = next(p for p in made.tables["placement"].values() if p["enterprise"] == number)
        place["chain_node"] = place["chain_node"] % NODES + 1
        return "firms_moved", number
    if kind in ("drop_firm", "drop_project", "withdraw_policy"):
        made.drop(table, number)
        if table == "enterprise":
            made.drop("placement", next(i for i, p in made.tables["placement"].items() if p["enterprise"] == number))
        return {"firm": "firms_left", "project": "projects_gone", "policy": "policies_expired"}[what], number
    if kind == "cross_scale":
        row["above_scale"] = not row["above_scale"]
        return "firms_raised" if row["above_scale"] else "firms_lowered", number
    column, value, name = {"close_firm": ("status", "closed", "firms_left"), "pause_project": ("side_state", "paused", "projects_state"),
                           "move_project": ("stage", STAGES[(STAGES.index(row.get("stage", "talks")) + 1) % len(STAGES)], "projects_moved"),
                           "settle_case": ("state", draw(st.sampled_from(SETTLED)), "cases_closed"), "late_case": ("due_on", date(2026, 3, 1), "cases_overdue"),
                           "expire_policy": ("valid_until", date(2026, 3, 30), "policies_expired")}[kind]
    row[column] = value
    return name, number


def statuses(made: District) -> dict[str, str]:
    """The rule said again, by hand: no figures and no purchases here, so a node is missing, weak (at most one firm above scale) or fair."""
    found = {}
    for number, node in made.tables["chain_node"].items():
        at = [made.row("enterprise", p["enterprise"]) for p in made.tables["placement"].values() if p["chain_node"] == number]
        large = [f for f in (f for f in at if f["status"] == "active") if f["above_scale"]]
        found[node["code"]] = "missing" if not any(f["status"] == "active" for f in at) else "weak" if len(large) <= 1 else "fair"
    return found


def lamps(made: District) -> dict[int, str]:
    """Undated projects are judged only once they are completed, or yellow while they are paused."""
    return {i: "green" if p["stage"] in STAGES[3:] else "yellow" if p.get("side_state") == "paused" else "none" for i, p in made.tables["project"].items()}


def edited_rows(one: District, two: District) -> dict[str, tuple[int, int, int]]:
    """(entered, left, changed) of every table, counted by hand."""
    found = {}
    for table, rows in two.tables.items():
        old = one.tables[table]
        counts = (len(rows.keys() - old.keys()), len(old.keys() - rows.keys()), sum(old[i] != row for i, row in rows.items() if i in old))
        if any(counts):
            found[table] = counts
    return found


@settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
@given(data=st.data())
def test_exactly_the_edits_are_listed(site, data):
    """Random known edits of a random district: each is listed once, in its list, and nothing else is."""
    before = data.draw(districts())
    after = before.copy()
    left = {table: list(before.tables[table]) for table in ("enterprise", "project", "case", "policy")}
    expected: dict[str, set[object]] = {}
    for kind in data.draw(st.lists(st.sampled_from(EDITS), max_size=8)):
        done = edit(data.draw, after, kind, left)
        if done:
            expected.setdefault(done[0], set()).add(done[1])
    one, two = statuses(before), statuses(after)
    lamp, light = lamps(before), lamps(after)
    expected |= {"nodes_changed": {c for c in one if one[c] != two[c]}, "projects_lamp": {i for i in lamp.keys() & light.keys() if lamp[i] != light[i]}}
    root = Path(tempfile.mkdtemp(dir=site))
    found = changes(before.edition(root, "1.0"), after.edition(root, "2.0"))
    told_twice = [name for name, ids in listed(found).items() if len(ids) != len(set(ids))]
    assert {name: set(ids) for name, ids in listed(found).items()} == {name: ids for name, ids in expected.items() if ids} and not told_twice
    assert {r.table: (r.entered, r.left, r.changed) for r in found.records} == edited_rows(before, after)
    assert {(f.chain_code, f.column.name) for f in found.figures_changed if f.column.name in ("missing", "weak", "fair")} == counted(before, after)
    assert len(found.lines()) == sum(map(len, listed(found).values())) + len(found.figures_changed) + len(found.records) == sum(len(g.lines) for g in told(found))
    assert found.empty == (not found.lines())
    shutil.rmtree(root)


def counted(before: District, after: District) -> set[tuple[str, str]]:
    """Which chains count another number of nodes of a status."""
    def count(made: District, chain: str, status: str) -> int:
        return sum(code.startswith(chain) and found == status for code, found in statuses(made).items())

    return {(chain, status) for chain in "cd" for status in ("missing", "weak", "fair") if count(before, chain, status) != count(after, chain, status)}


def test_a_day_can_change_a_lamp_without_any_row_changing(site):
    made = two_chains()
    made.row("project", 1)["finish_plan"] = date(2026, 4, 10)
    made.row("policy", 1)["valid_until"] = None
    one: Edition = made.edition(site, "1.0")
    found = changes(one, made.edition(site, "2.0", date(2026, 4, 30)))
    assert listed(found) == {"projects_lamp": [1], "cases_overdue": [1]} and found.records == ()
