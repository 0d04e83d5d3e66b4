"""Did the system find what was planted? Pure comparison of :class:`Planted` with what was found, and a table of it.

Node codes are written ``chain_code/node_code``; a place is ``(file, sheet, row)`` with rows counted from 1; money is 万元.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Any

from liantu.demo.pipeline_check import PIPELINE_WORDS, known_pipeline
from liantu.demo.planted import Place, Planted
from liantu.demo.promise_check import known_promises
from liantu.demo.target_check import TargetsTold, target_rows
from liantu.demo.verdict_check import confusion, wrongly_attracted
from liantu.demo.watch_check import FRIENDS, WATCHED, Told, known_friends, known_watch
from liantu.demo.work_check import WORDS, known_work
from liantu.kernel.names import normal_name

TOLERANCE = 1e-6  # relative difference at which two totals count as equal (unit: 1): rounding of the last digit
SHOWN = 5  # examples named in a note
KIND_WORDS = {"check": "校验位", "inner": "机构代码位", "float": "被存成数字", "length": "位数", "space": "空格", "bracket": "括号", "wide": "首尾空白", "suffix": "责任字样",
              "typo": "错字", "short": "简称", "region": "地名", "former": "曾用名", "same_code": "同码异名"}


@dataclass
class Found:
    """What the system found; ``None`` means that it was not asked, and the row is left out.

    ``duplicates`` holds pairs, each a frozenset of two places or of two names (one, where both spellings are stored alike).
    ``placements`` maps a credit code to the nodes at which the firm was placed; confirmed placements are not counted.
    ``work`` has keys of ``work_check.WORDS``; ``watch`` of ``watch_check.WATCHED`` and ``FRIENDS``: the credit codes that the rule told; ``pipeline`` of ``pipeline_check.PIPELINE_WORDS``. ``totals`` has keys of ``Planted.totals``; ``park_output_2025`` maps park names to 万元.
    """

    missing_nodes: AbstractSet[str] | None = None
    weak_nodes: AbstractSet[str] | None = None
    single_suppliers: AbstractSet[tuple[str, str]] | None = None
    chain_masters: AbstractSet[tuple[str, str]] | None = None
    duplicates: AbstractSet[frozenset[Place] | frozenset[str]] | None = None
    broken_codes: AbstractSet[Place] | None = None
    repaired_codes: Mapping[Place, str] | None = None
    power_falls: AbstractSet[str] | None = None
    placements: Mapping[str, AbstractSet[str]] | None = None
    work: dict[str, AbstractSet[Any]] = field(default_factory=dict)
    watch: Told = field(default_factory=dict)
    pipeline: dict[str, AbstractSet[Any]] = field(default_factory=dict)
    promises: Mapping[str, AbstractSet[Any]] = field(default_factory=dict)
    targets: TargetsTold | None = None
    verdicts: Mapping[str, str] | None = None
    totals: Mapping[str, float | Mapping[str, float]] = field(default_factory=dict)


@dataclass(frozen=True)
class CheckRow:
    """One line: how many were planted, how many of them found (``share`` of 1), and how many findings are false."""

    what: str
    planted: int
    found: int
    share: float
    false_findings: int
    note: str = ""


def _row(what: str, planted: int, found: int, false: int, note: str = "") -> CheckRow:
    return CheckRow(what, planted, found, found / planted if planted else 1.0, false, note)


def _some(words: Iterable[object]) -> str:
    listed = sorted(str(w) for w in words)
    return "、".join(listed[:SHOWN]) + (f" 等{len(listed)}个" if len(listed) > SHOWN else "")


def _sets(what: str, true: AbstractSet[object], found: AbstractSet[object], note: str = "") -> CheckRow:
    lost = true - found
    parts = [note] if note else []
    if lost:
        parts.append(f"漏：{_some(' '.join(map(str, x)) if isinstance(x, tuple) else x for x in lost)}")
    return _row(what, len(true), len(true & found), len(found - true), "；".join(parts))


def compare(planted: Planted, found: Found) -> list[CheckRow]:
    """One row per kind of finding that was asked for."""
    rows: list[CheckRow] = []
    if found.missing_nodes is not None:
        rows.append(_sets("缺失环节", set(planted.missing_nodes), set(found.missing_nodes)))
    if found.weak_nodes is not None:
        rows.append(_sets("薄弱环节", set(planted.weak_nodes), set(found.weak_nodes)))
    if found.single_suppliers is not None:
        true = {(s["node"], s["uscc"]) for s in planted.single_suppliers}
        rows.append(_sets("独家供应", true, set(found.single_suppliers), f"特意埋设{sum(s['planted'] for s in planted.single_suppliers)}处"))
    if found.chain_masters is not None:
        rows.append(_sets("链主", {(m["chain"], m["uscc"]) for m in planted.chain_masters}, set(found.chain_masters)))
    if found.duplicates is not None:
        rows.append(_duplicates(planted, found.duplicates))
    if found.broken_codes is not None:
        rows.append(_broken(planted, {_place(p) for p in found.broken_codes}))
    if found.repaired_codes is not None:
        rows.append(_repaired(planted, {_place(p): code for p, code in found.repaired_codes.items()}))
    if found.power_falls is not None:
        rows.append(_sets("用电骤降", {f["uscc"] for f in planted.power_falls}, set(found.power_falls)))
    if found.placements is not None:
        rows.append(_placements(planted, found.placements))
    known = known_work(planted)
    rows += [_sets(WORDS[key], known[key], set(said)) for key, said in found.work.items()]
    leads = known_pipeline(planted)
    rows += [_sets(PIPELINE_WORDS[key], leads[key], set(said)) for key, said in found.pipeline.items() if key in leads]
    rows += [_sets(what, true, set(found.promises[what])) for what, true in known_promises(planted).items() if what in found.promises]
    if found.targets is not None and "targets" in planted.attraction:
        rows += [_row(*told) for told in target_rows(planted.attraction["targets"], found.targets)]
    rows += _verdicts(planted, found.verdicts) if found.verdicts is not None else []
    return rows + _watched(planted, found.watch) + _totals(planted, found.totals)


def _verdicts(planted: Planted, told: Mapping[str, str]) -> list[CheckRow]:
    """Planted verdicts met, over planted gap nodes that are told as gaps; false: single-firm gaps below scale called 招引."""
    known = planted.attraction.get("verdicts", {})
    found, wrong = confusion(known, told), wrongly_attracted(known, told)
    right = sum(count for (planned, said), count in found.items() if planned == said)
    singles = sum(row["kind"] == "single" and not 0 < row["efficient_output"] <= row["demand"] for row in known.values())
    return [_row("缺口判断", sum(found.values()), right, len(known) - sum(found.values()), f"误报为未列入缺口的埋设点；独家且需求不足 {singles} 处"),
            _row("独家需求不足不招引", singles, singles - len(wrong), len(wrong), f"误判：{_some(wrong)}" if wrong else "")]


def _watched(planted: Planted, found: Told) -> list[CheckRow]:
    """Planted troubles that the watch told, and false friends that it rightly passed over."""
    rows = [_row(WATCHED[kind], len(true), len(true & found[kind]), 0, f"规则共报 {len(found[kind])} 家" + (f"；漏：{_some(true - found[kind])}" if true - found[kind] else ""))
            for kind, true in known_watch(planted).items() if kind in found]
    for kind, friends in known_friends(planted).items():
        if kind in found:
            told = friends & found[kind]
            rows.append(_row(FRIENDS[kind], len(friends), len(friends - told), len(told), f"误报：{_some(told)}" if told else ""))
    return rows


def _place(place: Iterable[object]) -> Place:
    file, sheet, row = place
    return str(file), str(sheet or ""), int(str(row))


def _duplicates(planted: Planted, found: AbstractSet[frozenset[Place] | frozenset[str]]) -> CheckRow:
    """A pair counts by its two places or by its two names; other pairs of rows of one firm are not false."""
    owner: dict[object, str] = {normal_name(n): uscc for uscc, f in planted.firms.items() for n in (f["name"], *f["former"])}
    for pair in planted.duplicates:
        owner |= {normal_name(n): pair["uscc"] for n in pair["names"]}
        owner |= {_place(p): pair["uscc"] for p in pair["places"]}
    pairs = {frozenset(normal_name(x) if isinstance(x, str) else _place(x) for x in pair) for pair in found}
    right: Counter[str] = Counter()
    for pair in planted.duplicates:
        hit = frozenset(_place(p) for p in pair["places"]) in pairs or frozenset(normal_name(n) for n in pair["names"]) in pairs
        right[pair["kind"]] += hit
    false = sum(len({owner[x] for x in pair if x in owner}) > 1 for pair in pairs)
    return _row("重复企业", len(planted.duplicates), sum(right.values()), false, _by_kind(right, (d["kind"] for d in planted.duplicates)))


def _by_kind(right: Counter[str], kinds: Iterable[str]) -> str:
    every = Counter(kinds)
    return "、".join(f"{KIND_WORDS.get(k, k)} {right[k]}/{n}" for k, n in sorted(every.items()))


def _broken(planted: Planted, found: set[Place]) -> CheckRow:
    true = {_place(b["place"]): b["kind"] for b in planted.broken_codes}
    right = Counter(kind for place, kind in true.items() if place in found)
    return _row("信用代码有误", len(true), sum(right.values()), len(found - set(true)), _by_kind(right, true.values()))


def _repaired(planted: Planted, found: Mapping[Place, str]) -> CheckRow:
    true = {_place(b["place"]): (b["kind"], b["true"]) for b in planted.broken_codes}
    right = Counter(kind for place, (kind, code) in true.items() if found.get(place) == code)
    false = sum(place not in true or code != true[place][1] for place, code in found.items())
    return _row("信用代码还原", len(true), sum(right.values()), false, _by_kind(right, (kind for kind, _ in true.values())))


def _placements(planted: Planted, found: Mapping[str, AbstractSet[str]]) -> CheckRow:
    """Main nodes met, over firms that stand on a chain and were not confirmed by a person; false = pairs that do not hold."""
    told = {c["uscc"] for c in planted.confirmed}
    on_chain = {uscc: f for uscc, f in planted.firms.items() if f["nodes"] and uscc not in told}
    met = sum(f["nodes"][0] in found.get(uscc, ()) for uscc, f in on_chain.items())
    made = [(uscc, node) for uscc, nodes in found.items() for node in nodes if uscc not in told]
    false = [(uscc, node) for uscc, node in made if uscc not in planted.firms or node not in {*planted.firms[uscc]["nodes"], *planted.firms[uscc]["also"]}]
    off = sum(1 for uscc in {u for u, _ in false} if uscc in planted.firms and not planted.firms[uscc]["nodes"])
    precise = 1 - len(false) / len(made) if made else 1.0
    return _row("企业入链（主环节）", len(on_chain), met, len(false), f"判断{len(made)}条，准确{precise:.1%}；链外企业误入{off}家")


def _totals(planted: Planted, found: Mapping[str, float | Mapping[str, float]]) -> list[CheckRow]:
    names = {"distinct_firms": "企业总数", "above_scale": "规上企业数", "output_2025": "2025年产值合计", "supply_rows": "供需关系条数",
             "supply_rows_local": "区内供需条数", "park_output_2025": "分园区2025年产值", "records": "新表记录数"}
    rows = []
    for key, value in found.items():
        true = planted.totals[key]
        pairs = [(k, v, dict(value).get(k)) for k, v in true.items()] if isinstance(true, dict) and isinstance(value, Mapping) else [("", true, value)]
        off = [f"{k}{'：' if k else ''}应为{v:,.2f}，得{'无' if seen is None else format(float(str(seen)), ',.2f')}" for k, v, seen in pairs
               if seen is None or abs(float(str(seen)) - v) > TOLERANCE * max(abs(v), 1)]
        rows.append(_row(names.get(key, key), len(pairs), len(pairs) - len(off), len(off), "；".join(off[:3])))
    return rows


def _wide(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def table(rows: Iterable[CheckRow]) -> str:
    """The rows as a Chinese text table, columns aligned in a fixed-width font."""
    lines = [("项目", "埋设", "找到", "找到率", "误报", "说明")]
    lines += [(r.what, f"{r.planted:,}", f"{r.found:,}", f"{r.share:.1%}", f"{r.false_findings:,}", r.note) for r in rows]
    widths = [max(_wide(line[at]) for line in lines) for at in range(5)]
    shown = []
    for line in lines:
        cells = [(cell + " " * (w - _wide(cell))) if not at else (" " * (w - _wide(cell)) + cell) for at, (cell, w) in enumerate(zip(line, widths, strict=False))]
        shown.append("  ".join((*cells, line[5])).rstrip())
    rule = "-" * (sum(widths) + 2 * 5 + 4)
    return "\n".join((shown[0], rule, *shown[1:]))
