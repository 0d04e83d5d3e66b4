"""Where everything on the chain map stands: columns by stage, groups ordered to cross little, cards in rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from .ordering import order_groups
from .planning import FOOT, MARGIN, UNDER_BANNER, Chain, Plan, checked, choose_plan, frame, group_height, lane_height, lanes_of, row_heights, stage_heights
from .routing import Column, between, card_path, ports
from .shapes import Banner, Box, Bundle, Card, GroupBox, Layout, MapGroup, MapLink, MapNode, MapStage, NodePath
from .style import bundle_width

MOST_SPREAD = 44.0


class _Placing:
    """Boxes as they are placed, lane by lane from left to right."""

    def __init__(self, chain: Chain, plan: Plan, lanes: list[list[list[str]]], height: float) -> None:
        self.chain, self.plan, self.height = chain, plan, height
        self.banners: list[Banner] = []
        self.groups: list[GroupBox] = []
        self.cards: list[Card] = []
        self.columns: list[Column] = []
        density, x = plan.density, MARGIN
        for index, stage in enumerate(chain.stages):
            left, slots = x, plan.forms[index][1]
            for lane in lanes[index]:
                x = self._lane(lane, x, slots) + density.lane_gap
            x -= density.lane_gap
            self.banners.append(Banner(stage, Box(left, 0, x - left, density.banner), index))
            x += density.column_gap

    def _lane(self, codes: Sequence[str], x: float, slots: int) -> float:
        density, top = self.plan.density, self.plan.density.banner + UNDER_BANNER
        width = slots * self.plan.card + (slots - 1) * density.slot_gap + 2 * density.pad
        heights = [group_height(self.chain, code, slots, self.plan) for code in codes]
        spare = max(0.0, self.height - FOOT - top - lane_height(heights, density))
        extra = min(MOST_SPREAD, spare / len(codes)) if len(codes) > 1 else 0.0
        y = top + (spare - extra * (len(codes) - 1)) / 2
        placed = []
        for code, height in zip(codes, heights, strict=True):
            box = Box(x, y, width, height)
            self._group(code, box, slots)
            placed.append(box)
            y = box.bottom + density.group_gap + extra
        self.columns.append(Column(x, x + width, placed, density.banner + 2, self.height))
        return x + width

    def _group(self, code: str, box: Box, slots: int) -> None:
        members, column, density = self.chain.members[code], len(self.columns), self.plan.density
        counts = Counter(node.status for node in members)
        self.groups.append(GroupBox(self.chain.groups[code], box, column, sum(node.firms for node in members), counts,
                                    self.chain.collapsed))
        if self.chain.collapsed:
            return
        y = box.y + density.header
        for row, height in enumerate(row_heights(self.chain, code, slots, self.plan)):
            in_row = members[row * slots:(row + 1) * slots]
            for slot, node in enumerate(in_row):
                x = box.x + density.pad + slot * (self.plan.card + density.slot_gap)
                self.cards.append(Card(node, Box(x, y, self.plan.card, height), box, column, row, slot == 0,
                                       slot == len(in_row) - 1))
            y += height + density.row_gap


def _sides(source: int, target: int) -> tuple[int, int]:
    """On which side (+1 right, -1 left) a stroke leaves its source column and enters its target column."""
    return (1 if target >= source else -1), (1 if target <= source else -1)


def _bundles(chain: Chain, boxes: Sequence[GroupBox], columns: Sequence[Column]) -> list[Bundle]:
    at = {box.group.code: box for box in boxes}
    stage = {code: index for index, codes in enumerate(chain.columns) for code in codes}
    ends: dict[tuple[str, int], list[tuple[str, float]]] = defaultdict(list)
    for a, b in chain.flows:
        leave, enter = _sides(at[a].column, at[b].column)
        ends[a, leave].append((f">{b}", at[b].box.cy))
        ends[b, enter].append((f"<{a}", at[a].box.cy))
    height = {key: ports(at[key[0]].box, others) for key, others in ends.items()}
    bundles = []
    for (a, b), (count, weight) in sorted(chain.flows.items()):
        leave, enter = _sides(at[a].column, at[b].column)
        path = between(columns, at[a].column, height[a, leave][f">{b}"], at[b].column, height[b, enter][f"<{a}"])
        bundles.append(Bundle(a, b, count, weight, bundle_width(weight), path, stage[b] < stage[a]))
    return bundles


def _paths(chain: Chain, cards: Sequence[Card], columns: Sequence[Column], plan: Plan) -> list[NodePath]:
    at = {card.node.code: card for card in cards}
    stage = {code: index for index, codes in enumerate(chain.columns) for code in codes}
    paths = []
    for (a, b), found in sorted(chain.pairs.items()):
        items = tuple(dict.fromkeys(link.item for link in found if link.item))
        path = card_path(columns, at[a], at[b], plan.density.slot_gap, plan.density.row_gap)
        returning = stage[at[b].node.group] < stage[at[a].node.group]
        paths.append(NodePath(a, b, items, sum(max(0.0, link.weight) for link in found), path, returning))
    return paths


def lay_out(stages: Iterable[MapStage], groups: Iterable[MapGroup], nodes: Iterable[MapNode],
            links: Iterable[MapLink], *, width: float = 1140, collapse_above: int = 150, min_height: float = 470,
            target_height: float = 500, language: str = "zh") -> Layout:
    """Place a chain on a map about ``width`` px wide; the same input always gives the same layout.

    ``target_height`` (px) is the height to fit if the chain allows; ``min_height`` spreads a small chain. A crowded
    chain gets a canvas up to a sixth wider, which the view box scales down. Above ``collapse_above`` nodes each group
    is one box with its counts. Empty groups are not drawn; links to nodes that are not given are left out and counted
    in ``Layout.left_out``.
    """
    chain = checked(stages, groups, nodes, links, language=language, collapse_above=collapse_above)
    plan = choose_plan(chain, width, target_height)
    lanes = lanes_of(chain, plan)
    flat = order_groups([lane for stage in lanes for lane in stage], [(a, b, w) for (a, b), (_, w) in sorted(chain.flows.items())])
    ordered = iter(flat)
    lanes = [[next(ordered) for _ in stage] for stage in lanes]
    height = max(min_height, max(stage_heights(chain, plan), default=0) + frame(plan.density))
    placing = _Placing(chain, plan, lanes, height)
    totals = Counter(node.status for members in chain.members.values() for node in members)
    paths = [] if chain.collapsed else _paths(chain, placing.cards, placing.columns, plan)
    return Layout(plan.width, round(height, 2), tuple(placing.banners), tuple(placing.groups), tuple(placing.cards),
                  tuple(_bundles(chain, placing.groups, placing.columns)), tuple(paths), plan.density, chain.collapsed,
                  chain.left_out, language, dict(totals))
