"""Repeated signings found on synthetic ledgers: double signings planted under changed names, beside projects that only look like one.

Weights were set on seeds from ``DEVELOPED``; figures are measured on seeds from ``FIRST_SEED`` that were not looked at. A ledger has 400 projects with about 56
planted double signings in eleven kinds and 40 look-alikes in five; nothing in it is real, so the figures say what changed names do to the method and not how
often offices sign twice. Beside it: the same names of project and of investor, as a spreadsheet would compare them. Needs no data folder.
"""

from __future__ import annotations

from collections import Counter, defaultdict

from liantu.enterprises.matching import pair_models
from liantu.evaluation.report import Asked, Measure, share
from liantu.evaluation.signing_ledgers import DOUBLES, FRIENDS, LedgerMade, LedgerMaker
from liantu.kernel.names import name_key
from liantu.kernel.parameter import parameter
from liantu.methods.firm_names import Regions
from liantu.methods.project_pairs import Ledger, repeated

FIRST_SEED, DEVELOPED, PROJECTS = 7_000, 100, 400
TARGET = 0.95
PLACES = Regions([("369900", "澄岚市"), ("369901", "云澜区")])
OURS, SAME_PROJECT, SAME_INVESTOR = "liantu", "项目名相同", "投资方名相同"
Found = set[frozenset[int]]


def found_pairs(made: LedgerMade) -> dict[str, Found]:
    """Pairs by way of looking."""
    rule = parameter("signing_match").value
    ledger = Ledger(made.rows, regions=PLACES, models=pair_models(), likely=rule["likely_from"])
    ours = {frozenset((p.first, p.other)) for p in repeated(ledger, rule, least=rule["ask"])}
    return {OURS: ours, SAME_PROJECT: _same([(name_key(r.name),) for r in made.rows]), SAME_INVESTOR: _same([tuple(name_key(p) for p in r.parties[:1]) for r in made.rows])}


def _same(keys: list[tuple[str, ...]]) -> Found:
    at: dict[str, list[int]] = defaultdict(list)
    for i, own in enumerate(keys):
        for key in own:
            at[key].append(i)
    return {frozenset((a, b)) for here in at.values() for n, a in enumerate(here) for b in here[n + 1:]}


def run(asked: Asked) -> list[Measure]:
    """Share of planted double signings found, by kind; false pairs counted; precision."""
    seeds = 2 if asked.quick else 2 * asked.seeds
    planted, hit, false, told, friends = (Counter[tuple[str, str]]() for _ in range(5))
    projects = 0
    for at in range(seeds):
        made = LedgerMaker(FIRST_SEED + at).ledger(PROJECTS)
        projects += len(made.rows)
        for way, found in found_pairs(made).items():
            for pair, kind in made.doubles.items():
                planted[way, kind] += 1
                hit[way, kind] += pair in found
            for pair, kind in made.friends.items():
                friends[way, kind] += 1
                false[way, kind] += pair in found
            told[way, "true"] += len(found & set(made.doubles))
            told[way, "all"] += len(found)
        asked.progress(f"台账 {at + 1}/{seeds}")
    return _measures(seeds, projects, planted, hit, friends, false, told)


def _measures(seeds: int, projects: int, planted: Counter[tuple[str, str]], hit: Counter[tuple[str, str]], friends: Counter[tuple[str, str]], false: Counter[tuple[str, str]],
              told: Counter[tuple[str, str]]) -> list[Measure]:
    name, found = "重复签约（合成台账）", []
    for way in (OURS, SAME_PROJECT, SAME_INVESTOR):
        n, right = sum(v for (w, _), v in planted.items() if w == way), sum(v for (w, _), v in hit.items() if w == way)
        wrong = told[way, "all"] - told[way, "true"]
        found += [share(name, "找到率", way, right, n, seeds=seeds, target=TARGET if way == OURS else None),
                  share(name, "列出的对子里真重复的比例", way, told[way, "true"], told[way, "all"], seeds=seeds, note=f"误列 {wrong} 对，{projects} 个项目")]
    found += [share(name, "找到率（按改法）", OURS, hit[OURS, kind], planted[OURS, kind], group=zh[:13], seeds=seeds) for kind, zh in DOUBLES.items()]
    return found + [share(name, "误列率（按相似）", OURS, false[OURS, kind], friends[OURS, kind], group=zh[:13], seeds=seeds) for kind, zh in FRIENDS.items()]
