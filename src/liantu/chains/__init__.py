"""产业链: industries, chains, their nodes and links, and who stands where.

Here: what a chain template holds, as plain data. ``liantu.chains.template`` reads it from YAML and writes it back.
Neither needs Django.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from liantu.kernel.problems import UserError

CLASSIFICATION = "GB/T 4754-2017"
STAGES = ("up", "mid", "down")
BASES = ("liantu_default", "official", "local")
WEIGHTS = range(1, 6)


@cache
def industry_code_names() -> Mapping[str, str]:
    """GB/T 4754-2017: code → Chinese name, all four levels."""
    path = files("liantu") / "data" / "classifications" / "gbt4754_2017.csv"
    rows = csv.DictReader(path.read_text(encoding="utf-8").splitlines())
    return MappingProxyType({row["code"]: row["name"] for row in rows})


class TemplateError(UserError):
    """A chain template cannot be used; ``problems`` holds every reason, in Chinese, in the order of the file."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = list(problems)
        listed = "".join(f"\n  {number}. {text}" for number, text in enumerate(self.problems, 1))
        super().__init__(f"产业链模板有 {len(self.problems)} 处问题：{listed}\n", code="chain-template")


@dataclass(frozen=True)
class Industry:
    """The industry (产业) to which the chain belongs."""

    code: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Stage:
    """One column of the map; ``stage`` is ``up``, ``mid`` or ``down``."""

    code: str
    stage: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Group:
    """A group of nodes; ``stage`` is the code of a :class:`Stage`."""

    code: str
    stage: str
    zh: str
    en: str = ""


@dataclass(frozen=True)
class Node:
    """One product or service step. ``weight`` is 1–5 (unit: 1), a share of the chain's worth told by order only."""

    code: str
    zh: str
    group: str
    industry_codes: tuple[str, ...]
    weight: int
    en: str = ""
    synonyms: tuple[str, ...] = ()
    products: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    critical: bool = False

    @property
    def words(self) -> tuple[str, ...]:
        """Every word that means this node: its name, synonyms and products."""
        return (self.zh, *self.synonyms, *self.products)


@dataclass(frozen=True)
class Link:
    """``item`` flows from node ``source`` to node ``target``; a ``recycling`` link may run back upstream."""

    source: str
    target: str
    weight: int
    item: str = ""
    recycling: bool = False


@dataclass(frozen=True)
class ChainTemplate:
    """One whole chain: stages from left to right, groups, nodes and links in the order of the file."""

    code: str
    zh: str
    industry: Industry
    edition: str
    basis: str
    classification: str
    stages: tuple[Stage, ...]
    groups: tuple[Group, ...]
    nodes: tuple[Node, ...]
    links: tuple[Link, ...]
    en: str = ""

    def node(self, code: str) -> Node:
        """The node with this code; ``KeyError`` if there is none."""
        return {node.code: node for node in self.nodes}[code]

    def stage_of(self, node: Node) -> Stage:
        """The column in which a node stands."""
        group = next(group for group in self.groups if group.code == node.group)
        return next(stage for stage in self.stages if stage.code == group.stage)
