"""`liantu self-check`: gather what the system found on the synthetic district and hold it against what was planted."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable
from itertools import combinations
from typing import Any

import polars as pl

from liantu.demo.pipeline_check import PIPELINE_WORDS
from liantu.demo.pipeline_gather import found_pipeline
from liantu.demo.planted import Planted
from liantu.demo.promise_check import DEMANDED, found_promises
from liantu.demo.self_check import Found, compare, table
from liantu.demo.target_check import TARGETS_DEMANDED
from liantu.demo.target_gather import found_targets
from liantu.demo.verdict_check import confusion_lines
from liantu.demo.watch_check import FRIENDS, WATCHED
from liantu.demo.watch_gather import found_watch
from liantu.demo.work_check import WORDS
from liantu.demo.work_gather import found_changes, found_work
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.home import folder, home
from liantu.kernel.output import run
from liantu.kernel.problems import UserError

EXACT = {*WORDS.values(), *PIPELINE_WORDS.values()}  # all of it must be found, and nothing else
REQUIRED = ({"缺失环节": 1.0, "独家供应": 1.0, "重复企业": 0.95, "信用代码有误": 0.95, "用电骤降": 1.0, "缺口判断": 0.85, "独家需求不足不招引": 1.0} | DEMANDED | TARGETS_DEMANDED | dict.fromkeys((*WATCHED.values(), *FRIENDS.values()), 1.0)
            | dict.fromkeys(EXACT, 1.0))
RECORDS = ("project", "stage_event", "project_need", "case", "cluster", "policy", "policy_item", "tech_route", "application", "outside_presence", "platform", "talent",
           "promise", "promise_actual", "material_stock", "order_book", "relocation_sign", "stop_report", "candidate_firm", "candidate_figure", "candidate_sign", "candidate_link", "candidate_landing",
           "node_profile", "node_input", "neighbour_priority", "regional_industry")


def run_self_check(say: Callable[[str], Any]) -> bool:
    """Print the table; True when every demanded share is reached."""
    planted_path, findings_path = folder("district") / "planted.json", home() / "findings.json"
    if not planted_path.exists() or not findings_path.exists():
        raise UserError(f"{home()} 里没有合成区。", code="no-demo", hint="请先执行 liantu demo --dir 目录。")
    planted = Planted.load(planted_path)
    formal = [m for m in list_editions() if m.kind == "formal"]
    edition = open_edition(formal[0].number if formal else None)
    findings = json.loads(findings_path.read_text(encoding="utf-8"))
    found = gather(edition, findings)
    found.power_falls, found.watch = found_watch(edition)
    found.promises = found_promises(edition)
    found.work = found_work(edition, findings, set(planted.presence))
    found.pipeline = found_pipeline(edition)
    found.targets = found_targets(edition)
    if len(formal) > 1 and planted.changes:
        found.work |= found_changes(edition, open_edition(formal[1].number))
    found.verdicts = dict(run("gap_verdict", edition).frame.select("code", "verdict").iter_rows())
    rows = compare(planted, found)
    say(edition.label())
    say(table(rows))
    for line in confusion_lines(planted.attraction.get("verdicts", {}), found.verdicts):
        say(line)
    demanded = [r for r in rows if r.what in REQUIRED]
    short = [f"{r.what} {r.share:.1%}（要求 {REQUIRED[r.what]:.0%}）" for r in demanded if r.share < REQUIRED[r.what]]
    short += [f"{r.what}误报 {r.false_findings}（要求 0）" for r in demanded if r.what in EXACT and r.false_findings]
    say("未达到：" + "；".join(short) if short else f"有要求的 {len(demanded)} 项全部达到：" + "、".join(f"{r.what} ≥ {REQUIRED[r.what]:.0%}" for r in demanded if r.what not in EXACT)
        + "，其余全部找到、没有误报")
    return not short


def gather(edition: Edition, findings: dict[str, Any]) -> Found:
    """What the outputs say on an edition, and what the desk said while importing."""
    status = run("chain_map", edition).frame
    single = run("single_supplier", edition).frame
    masters = run("chain_masters", edition).frame.filter(pl.col("meets_floor"))
    codes = [p for p in findings["problems"] if p["code"].startswith("uscc") or p["code"] == "code-repaired"]
    return Found(
        missing_nodes=set(status.filter(pl.col("status") == "missing")["code"]),
        single_suppliers=set(single.select("node_code", "uscc").iter_rows()),
        chain_masters=set(masters.select("chain_code", "uscc").iter_rows()),
        duplicates=_twins(findings),
        broken_codes={_place(p) for p in codes},
        placements=_placements(edition),
        totals=_totals(edition),
    )


def _place(problem: dict[str, Any]) -> tuple[str, str, int]:
    sheet = "" if problem["file"].endswith(".csv") else problem["sheet"] or ""
    return problem["file"], sheet, problem["row"]


def _twins(findings: dict[str, Any]) -> set[frozenset[Any]]:
    """Pairs that the desk took, or reported, as one firm: rows of one record, rows in conflict over one key, names alike."""
    rows: dict[int, list[tuple[tuple[str, str, int], str]]] = defaultdict(list)
    for file, sheet, row, record, name in findings["became"]:
        rows[record].append(((file, "" if file.endswith(".csv") else sheet, row), name))
    pairs: set[frozenset[Any]] = set()
    for known in rows.values():
        for (place, name), (other_place, other_name) in combinations(known, 2):
            pairs.add(frozenset((name, other_name)) if name != other_name else frozenset((place, other_place)))
    places = {(file, sheet, row): name for file, sheet, row, _, name in findings["became"]}
    for problem in findings["problems"]:
        if problem["code"] == "possible-duplicate":
            pairs.add(frozenset((problem["seen"], problem["details"]["before"])))
        elif problem["code"].startswith("duplicate") and problem.get("name"):
            other = _other_name(problem, places)
            if other:
                pairs.add(frozenset((problem["name"], other)))
    return {pair for pair in pairs if len(pair) > 1}


def _other_name(problem: dict[str, Any], places: dict[tuple[str, str, int], str]) -> str | None:
    """The name in the row that a duplicate problem points at (``sheet!B17`` or ``B17``)."""
    match = re.search(r"(?:(?:〔|「)?([^!〕」]+)(?:!|〕|」))?\s*[A-Z]+(\d+)", problem["details"].get("other", ""))
    if match is None:
        return None
    return places.get((problem["file"], match.group(1) or problem["sheet"], int(match.group(2))))


def _placements(edition: Edition) -> dict[str, set[str]]:
    code = dict(edition.table("chain_node").select("id", "code").iter_rows())
    uscc = dict(edition.table("enterprise").select("id", "uscc").iter_rows())
    found: dict[str, set[str]] = defaultdict(set)
    for firm, node in edition.table("placement").filter(pl.col("grade") == "likely").select("enterprise", "chain_node").iter_rows():
        if uscc[firm]:
            found[uscc[firm]].add(code[node])
    return found


def _totals(edition: Edition) -> dict[str, Any]:
    firms, figures = edition.table("enterprise"), edition.table("annual_figure").filter(pl.col("year") == 2025)
    per_firm = figures.group_by("enterprise").agg(pl.col("output").max())
    parks = edition.table("park").select(pl.col("id").alias("park"), pl.col("name").alias("park_name"))
    per_park = per_firm.join(firms.select(pl.col("id").alias("enterprise"), "park"), on="enterprise").join(parks,
                                                                                                           on="park").group_by("park_name").agg(pl.col("output").sum())
    links = edition.table("supply_link")
    return {"records": {name: edition.table(name).height for name in RECORDS}, "distinct_firms": firms.height, "above_scale": firms.filter(pl.col("above_scale")).height,
            "output_2025": per_firm["output"].sum() or 0.0,
            "park_output_2025": dict(per_park.iter_rows()), "supply_rows": links.height,
            "supply_rows_local": links.filter(pl.col("supplier").is_not_null() & pl.col("customer").is_not_null()).height}
