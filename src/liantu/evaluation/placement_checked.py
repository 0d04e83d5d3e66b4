"""Firms of the public registry placed by the engine as the product places them, judged by two readings kept in the package.

The readings (``data/labels/registry_nodes.csv``, how they came about: ``README.md`` beside it) hold credit codes and nodes only; names and
经营范围 are read from ``registry_300k.parquet`` of the folder. Two truths bracket the unknown one: *strict* are nodes that both readings give
without a mark; *relaxed* are nodes that either gives, with or without a mark (``?`` unsure, ``W`` trade right but node too narrow).

The sample was drawn from overlapping pools: one per chain (firms with any word of the chain) and one of firms with no word at all. A firm
counts with weight 1 ÷ Σ (drawn ÷ pool) over the pools it lay in when it was drawn (Kalton & Anderson, *JRSS A* 149 (1986) 65–82), so that
recall and weighted precision speak of the whole registry. The engine was not tuned on these firms; words that nodes got later were chosen
from what other registry firms write most often (``data/labels/README.md``).
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from importlib.resources import files
from pathlib import Path

import numpy as np
import polars as pl

from liantu.chains.template import builtin_templates, load_builtin
from liantu.evaluation.report import Asked, Measure, share
from liantu.kernel.parameter import parameter
from liantu.methods.agreement import kappa_interval
from liantu.methods.intervals import stratified_ratio
from liantu.methods.placement import FirmText, NodeText, Placer
from liantu.methods.retrieval import Bm25

REGISTRY, OUTSIDE, QUICK = "registry_300k.parquet", "outside", 10_000
GRADES = {"较可靠": {"likely"}, "待核": {"to_verify"}}
Said = list[set[str]]  # nodes of each firm


@dataclass
class Checked:
    """One firm and its two readings, node → marks; ``weight`` makes the sample speak of the registry."""

    uscc: str
    stratum: str
    pool: int
    first: dict[str, str]
    second: dict[str, str]
    pools: tuple[str, ...] = ()
    name: str = ""
    scope: str = ""
    weight: float = 1.0
    strict: set[str] = field(default_factory=set)
    relaxed: set[str] = field(default_factory=set)


def reading(text: str) -> dict[str, str]:
    """Nodes with their marks: ``a/b;a/c?W`` gives ``{"a/b": "", "a/c": "?W"}``; ``-`` is none."""
    told = [part for part in text.split(";") if part not in ("", "-")]
    return {part.rstrip("?W"): part[len(part.rstrip("?W")):] for part in told}


def labels(path: Path | None = None) -> list[Checked]:
    """The readings of the package, or of another file of the same columns."""
    source = path or files("liantu.data") / "labels" / "registry_nodes.csv"
    found = []
    for row in csv.DictReader(source.read_text(encoding="utf-8").splitlines()):
        firm = Checked(row["uscc"], row["stratum"], int(row["pool"]), reading(row["first"]), reading(row["second"]), tuple(filter(None, (row.get("pools") or "").split(";"))))
        firm.strict = {n for n, mark in firm.first.items() if not mark and firm.second.get(n) == ""}
        firm.relaxed = {*firm.first, *firm.second}
        found.append(firm)
    return found


def builtin_nodes() -> list[NodeText]:
    """The nodes of the chains that come with the package, as the register holds them."""
    nodes = []
    for code in builtin_templates():
        chain = load_builtin(code)
        groups = {group.code: group.zh for group in chain.groups}
        nodes += [NodeText(f"{code}/{n.code}", n.zh, tuple(n.synonyms), tuple(n.products), tuple(n.excludes), tuple(n.industry_codes), code, groups.get(n.group, ""))
                  for n in chain.nodes]
    return nodes


def run(asked: Asked) -> list[Measure]:
    """All figures of the protocol for the data of the folder; none where it has no registry or none of the firms."""
    if not (asked.data / REGISTRY).is_file():
        asked.progress(f"两次判读的企业：文件夹里没有 {REGISTRY}，略过")
        return []
    registry = pl.read_parquet(asked.data / REGISTRY, columns=["uscc", "name", "scope"]).with_columns(pl.col("name", "scope").fill_null(""))
    every = labels()
    told = {u: (n, s) for u, n, s in registry.filter(pl.col("uscc").is_in([f.uscc for f in every])).unique("uscc", keep="first", maintain_order=True).iter_rows()}
    firms = [f for f in every if f.uscc in told]
    asked.progress(f"两次判读的企业：{len(every)} 家中文件夹里有 {len(firms)} 家")
    if not firms:
        return []
    for firm in firms:
        firm.name, firm.scope = told[firm.uscc]
    nodes = builtin_nodes()
    weigh(firms, nodes)
    said = answers(firms, nodes, registry.head(QUICK) if asked.quick else registry)
    note = f"{len(every)} 家中有 {len(firms)} 家；判读未经任何部门确认"
    return [*agreement(firms, nodes, note), *_judged(firms, said)]


def weigh(firms: Sequence[Checked], nodes: Sequence[NodeText]) -> None:
    """Set each firm's weight from the pools it lay in when drawn (told in the file, else by the nodes' words now); its own stratum's always counts."""
    words: dict[str, set[str]] = defaultdict(set)
    for node in nodes:
        words[node.chain] |= {w for w in (node.name, *node.synonyms, *node.products) if len(w) >= 2}
    drawn = Counter(f.stratum for f in firms)
    rate = {f.stratum: drawn[f.stratum] / f.pool for f in firms}
    for firm in firms:
        text = f"{firm.name}|{firm.scope}"
        within = set(firm.pools) or {c for c, known in words.items() if any(w in text for w in known)} or {OUTSIDE}
        firm.weight = 1 / sum(rate.get(c, 0.0) for c in within | {firm.stratum})


def answers(firms: Sequence[Checked], nodes: Sequence[NodeText], registry: pl.DataFrame) -> dict[str, Said]:
    """What each way says of each firm. The engine learns from the registry's texts (never from a label) how common words are, as in the product."""
    rule = parameter("placement").value
    placer = Placer(nodes, likely=rule["likely"], verify=rule["verify"])
    placer.fit_background(FirmText(u, n, s) for u, n, s in registry.iter_rows())
    placed = placer.place([FirmText(at, f.name, f.scope) for at, f in enumerate(firms)], at_most=rule["at_most"])
    said: dict[str, Said] = {name: [set() for _ in firms] for name in ("liantu", *(f"liantu {g}" for g in GRADES))}
    for p in placed:
        said["liantu"][int(str(p.key))].add(p.node)
        for grade, members in GRADES.items():
            if p.grade in members:
                said[f"liantu {grade}"][int(str(p.key))].add(p.node)
    return said | naive(firms, nodes, rule["at_most"])


def naive(firms: Sequence[Checked], nodes: Sequence[NodeText], at_most: int) -> dict[str, Said]:
    """Three plain ways: any word of a node anywhere in the text; of those the nodes with the longest words; the best by BM25."""
    words = [[w for w in (n.name, *n.synonyms, *n.products) if len(w) >= 2] for n in nodes]
    texts = [f"{f.name}|{f.scope}" for f in firms]
    length = np.array([[max((len(w) for w in own if w in text), default=0) for own in words] for text in texts])
    bm25 = Bm25([" ".join(own) or n.name for own, n in zip(words, nodes, strict=True)]).scores(texts)

    def best(scores: np.ndarray) -> Said:
        order = np.argsort(-scores, axis=1, kind="stable")[:, :at_most]
        return [{nodes[c].code for c in row if scores[at, c] > 0} for at, row in enumerate(order)]

    return {"子串": [{nodes[c].code for c in np.flatnonzero(row)} for row in length], f"子串，词最长的 {at_most} 个": best(length), f"BM25 前 {at_most}": best(bm25)}


def agreement(firms: Sequence[Checked], nodes: Sequence[NodeText], note: str = "") -> list[Measure]:
    """Cohen's kappa of the two readings: over firm × node, and over whether a firm stands anywhere; marked nodes left out, or counted."""
    codes = [n.code for n in nodes]
    measures = []
    for kind, marked in (("严", False), ("宽", True)):
        one, two = ([[c in r and (marked or not r[c]) for c in codes] for r in side] for side in ([f.first for f in firms], [f.second for f in firms]))
        for what, pair in (("企业×环节", (one, two)), ("是否在链", ([[any(r)] for r in one], [[any(r)] for r in two]))):
            value, low, high = kappa_interval(*pair)
            measures.append(Measure("checked", f"两次判读 kappa（{kind}）", "第一次对第二次", value, group=what, n=len(firms), low=low, high=high,
                                    interval="bootstrap over firms", note=note if not measures else ""))
    return measures


def _judged(firms: Sequence[Checked], said: Mapping[str, Said]) -> list[Measure]:
    chains = sorted({f.stratum for f in firms} - {OUTSIDE})
    measures = []
    for group in ("", *chains):
        of = partial(_of, chain=group)
        for method, answer in said.items():
            if group and not method.startswith("liantu"):
                continue
            mine = [of(a) for a in answer]
            for kind, truth in (("严", [of(f.strict) for f in firms]), ("宽", [of(f.relaxed) for f in firms])):
                measures += _pair(firms, method, group or "合计", kind, mine, truth)
    return sorted(measures, key=lambda m: (m.group != "合计", m.group))


def _of(nodes: set[str], chain: str) -> set[str]:
    return {n for n in nodes if not chain or n.partition("/")[0] == chain}


def _pair(firms: Sequence[Checked], method: str, group: str, kind: str, mine: Said, truth: Said) -> list[Measure]:
    right, made, true = ([float(len(x)) for x in column] for column in ([a & t for a, t in zip(mine, truth, strict=True)], mine, truth))
    weights, strata = [f.weight for f in firms], [f.stratum for f in firms]
    found = [share("checked", f"准确率（{kind}）", method, int(sum(right)), int(sum(made)), group=group)]
    for metric, under in ((f"加权准确率（{kind}）", made), (f"召回率（{kind}）", true))[group != "合计":]:
        value, low, high = stratified_ratio(right, under, weights, strata)
        found.append(Measure("checked", metric, method, None if np.isnan(value) else value, group=group, n=int(sum(under)), low=low, high=high,
                             interval="stratified bootstrap over firms"))
    return found
