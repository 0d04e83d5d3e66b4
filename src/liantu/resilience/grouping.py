"""Firm alarms gathered: a node where alarmed firms make much of the output, and a chain where several nodes are so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from liantu.resilience.choices import RANK
from liantu.resilience.findings import Facts, Finding


def groups_of(levels: Mapping[int, str], told: Facts, numbers: Mapping[str, Any]) -> Iterator[Finding]:
    """Node alarms, then chain alarms. ``levels`` gives each alarmed firm's level; value is the output of alarmed firms at the node, baseline the node's.

    A node alarm has the highest level of the alarmed firms there; a chain alarm that of its node alarms.
    """
    touched: dict[int, list[tuple[int, float]]] = {}
    for firm in levels:
        for node, stake in told.places.get(firm, ()):
            touched.setdefault(node, []).append((firm, stake))
    by_chain: dict[int, list[str]] = {}
    for node, firms in sorted(touched.items()):
        total, hit = told.node_total.get(node, 0.0), sum(stake for _, stake in firms)
        if total <= 0 or hit < numbers["node_share"] * total:
            continue
        level = _highest([levels[firm] for firm, _ in firms])
        chain = told.chain(node)
        if chain is not None:
            by_chain.setdefault(chain, []).append(level)
        yield Finding("node_alarm", "risk", level, node=node, chain=chain, value=hit, baseline=total, change=min(1.0, hit / total), unit="万元")
    for chain, found in sorted(by_chain.items()):
        if len(found) >= numbers["chain_nodes"]:
            yield Finding("chain_alarm", "risk", _highest(found), chain=chain, value=float(len(found)), unit="个环节")


def _highest(levels: list[str]) -> str:
    return max(levels, key=lambda level: RANK[level])
