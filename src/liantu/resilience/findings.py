"""What all rules find on an edition, as plain rows: whose, which rule, value against baseline, level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import narwhals as nw

from liantu.chains.shared import first_placement, latest_figures, standing
from liantu.kernel.edition import Edition
from liantu.kernel.output import holds, run
from liantu.resilience.choices import RANK, UNITS
from liantu.resilience.rules import DETECTOR, Rule, rules

Key = tuple[str, int | None, int | None, str | None]


@dataclass(frozen=True)
class Finding:
    """One thing that a rule found; ``node`` is told where the rule is about a node."""

    rule: str
    lane: str
    level: str
    enterprise: int | None = None
    node: int | None = None
    chain: int | None = None
    item: str | None = None
    period: str | None = None
    value: float | None = None
    baseline: float | None = None
    change: float | None = None
    unit: str | None = None

    @property
    def key(self) -> Key:
        """What makes two findings one trouble: rule, firm, node (of a rule about nodes), item."""
        return self.rule, self.enterprise, self.node, self.item


@dataclass(frozen=True)
class Facts:
    """What ranking and grouping need of an edition: outputs at stake (万元), where firms stand, and what nodes make."""

    stake: Mapping[int, float]
    first: Mapping[int, int]
    places: Mapping[int, list[tuple[int, float]]]
    node_total: Mapping[int, float]
    chain_of: Mapping[int, int]
    node_code: Mapping[str, int] = field(default_factory=dict)

    def chain(self, node: int | None) -> int | None:
        return self.chain_of.get(node) if node is not None else None


def _lazy(edition: Edition, name: str) -> Any:
    return nw.from_native(edition.table(name).lazy())


def _rows(frame: Any) -> list[dict[str, Any]]:
    return list(nw.to_native(frame).collect().iter_rows(named=True))


def facts(edition: Edition) -> Facts:
    """Outputs at stake and places of all firms of an edition."""
    placement, enterprise, annual = (_lazy(edition, name) for name in ("placement", "enterprise", "annual_figure"))
    stake = {r["enterprise"]: r["output"] or 0.0 for r in _rows(latest_figures(annual).select("enterprise", "output"))}
    places: dict[int, list[tuple[int, float]]] = {}
    total: dict[int, float] = {}
    for row in _rows(standing(placement, enterprise, annual).select("enterprise", "chain_node", "at_stake").sort("enterprise", "chain_node")):
        places.setdefault(row["enterprise"], []).append((row["chain_node"], row["at_stake"]))
        total[row["chain_node"]] = total.get(row["chain_node"], 0.0) + row["at_stake"]
    counted = placement.filter(nw.col("grade").is_in(["confirmed", "likely"]))
    first = counted.join(first_placement(counted).select(nw.col("placement").alias("id")), on="id", how="inner").select("enterprise", "chain_node")
    nodes = edition.table("chain_node").select("id", "code", "chain").rows()
    return Facts(stake, {r["enterprise"]: r["chain_node"] for r in _rows(first)}, places, total, {pk: chain for pk, _, chain in nodes}, {code: pk for pk, code, _ in nodes})


def find(edition: Edition, muted: Iterable[str] = ()) -> tuple[list[Finding], set[str]]:
    """All findings of the rules that are not muted, and the names of the rules that could run on this edition."""
    silent = set(muted)
    found: list[Finding] = []
    ran: set[str] = set()
    nodes = dict(edition.table("chain_node").select("code", "id").iter_rows())
    for rule in rules().values():
        if rule.name in silent:
            continue
        if rule.name == DETECTOR:
            from liantu.resilience.detecting import changes

            found += changes(edition)
        elif rule.output is None or not holds(rule.output, edition):
            continue
        else:
            found += _found_by(rule, edition, nodes)
        ran.add(rule.name)
    return found, ran


def _found_by(rule: Rule, edition: Edition, nodes: Mapping[str, int]) -> list[Finding]:
    output = rule.output
    assert output is not None
    names = [c.name for c in output.columns]
    value = next((n for n in names if n.startswith("value")), rule.grade[0] if rule.grade else "")
    baseline = next((n for n in names if n.startswith("baseline")), "")
    unit = output.column(value).unit if value else None
    levels: dict[str, float] = rule.thresholds(date.fromisoformat(edition.manifest.as_of)).value[rule.grade[1]] if rule.grade else {}
    found = []
    for row in run(output.name, edition).frame.iter_rows(named=True):
        level = row["level"] if "level" in row else _level(row[value], levels)
        if level:
            found.append(Finding(rule.name, rule.lane, level, row.get("enterprise"), nodes.get(row.get("node_code") or ""), None, row.get("item"), row.get("period"),
                                 row.get(value), row.get(baseline), row.get("change"), UNITS.get(row.get("item") or "", unit) if unit == "见序列" else unit))
    return found


def _level(figure: float | None, levels: Mapping[str, float]) -> str | None:
    return max((level for level, least in levels.items() if figure is not None and figure >= least), key=lambda level: RANK[level], default=None)


