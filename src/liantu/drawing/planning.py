"""Before placing: the chain checked, and the density, lanes and cards per row chosen so that the map fits one screen."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from liantu.kernel.problems import UserError

from .shapes import Density, MapGroup, MapLink, MapNode, MapStage
from .short_names import fit_name, smallest_size
from .style import status_of

DENSITIES = {density.name: density for density in (
    Density("roomy", 12, 10, (32, 34, 44), 6, 6, 18, 25, 7, 46, 26, 92, 28),
    Density("normal", 11, 9.5, (27, 29, 39), 5, 5, 13, 22, 6, 40, 20, 75, 26),
    Density("tight", 10.5, 9, (22, 27, 36), 4, 5, 11, 20, 5, 34, 16, 64, 24),
    Density("dense", 10.5, 9, (21, 26, 35), 3, 4, 8, 18, 4, 26, 13, 62, 22),
    Density("packed", 10.5, 9, (20, 25, 34), 2.5, 3, 7, 17, 3, 20, 10, 62, 22),
)}
TRIALS = (("roomy", 1.0, 1.0), ("normal", 1.0, 1.0), ("tight", 1.0, 1.0), ("tight", 1.0, 1.12), ("dense", 1.0, 1.12),
          ("dense", 1.06, 1.18), ("packed", 1.06, 1.2), ("packed", 1.12, 1.25), ("packed", 1.16, 1.3))
"""Density, width and height allowed (as shares of the width and target height asked for), airiest first."""
FORMS = ((1, 2), (1, 3), (2, 2), (2, 3), (3, 2), (3, 3), (4, 3))
"""Lanes of groups beside each other and cards per row within a lane, narrowest first."""
ENGLISH_CARD = 1.12  # English names need cards this much wider
MARGIN = 16.0
UNDER_BANNER = 12.0
FOOT = 8.0
UNDER_COUNTS = 7.0  # px that the bar and the gaps of a collapsed group take beside its two lines of text

Pairs = dict[tuple[str, str], list[MapLink]]
GroupFlows = dict[tuple[str, str], tuple[int, float]]


@dataclass
class Chain:
    """The input, checked and sorted by stage and group."""

    stages: Sequence[MapStage]
    groups: dict[str, MapGroup]
    members: dict[str, list[MapNode]]
    columns: list[list[str]]
    language: str
    collapsed: bool
    pairs: Pairs = field(default_factory=dict)
    flows: GroupFlows = field(default_factory=dict)
    left_out: int = 0


@dataclass(frozen=True)
class Plan:
    """A density, the canvas width (px), the form of each stage and the card width that follows (px)."""

    density: Density
    width: float
    forms: tuple[tuple[int, int], ...]
    card: float


def badge_width(node: MapNode, density: Density) -> float:
    """Width (px) of the count at the right of a card."""
    if node.status == "missing":
        return density.small_size + 4
    sign = density.small_size * 0.8 if node.status == "at_risk" else 0
    return len(str(node.firms)) * density.small_size * 0.58 + 8 + sign


def name_widths(node: MapNode, density: Density, width: float) -> tuple[float, float]:
    """Room (px) for the first line of the name (beside the count) and for further lines."""
    inner = width - 9 - 3
    return inner - badge_width(node, density) - 2, inner


def lines_needed(node: MapNode, density: Density, width: float, language: str) -> int:
    """How many lines of text (1-3) a card of this width needs."""
    name = (node.en or node.zh) if language == "en" else node.zh
    fitted = fit_name(name, name_widths(node, density, width), density.name_size, smallest_size(language), language)
    return min(3, len(fitted.lines) + bool(node.master))


def _refuse_doubles(codes: Sequence[str], what: str) -> None:
    twice = [code for code, count in Counter(codes).items() if count > 1]
    if twice:
        raise UserError(f"产业链图里{what}代码「{twice[0]}」出现了不止一次。(code used twice)", code="map-code-twice")


def checked(stages: Iterable[MapStage], groups: Iterable[MapGroup], nodes: Iterable[MapNode], links: Iterable[MapLink],
            *, language: str, collapse_above: int) -> Chain:
    """Sort the input by stage and group; refuse codes that are unknown or used twice."""
    stages, groups, nodes = list(stages), list(groups), list(nodes)
    for things, what in ((stages, "阶段"), (groups, "组"), (nodes, "环节")):
        _refuse_doubles([thing.code for thing in things], what)
    known, by_code = {stage.code for stage in stages}, {group.code: group for group in groups}
    for group in groups:
        if group.stage not in known:
            raise UserError(f"组「{group.zh}」所在的阶段「{group.stage}」不存在。(unknown stage)", code="map-unknown-stage")
    members: dict[str, list[MapNode]] = {code: [] for code in by_code}
    for node in nodes:
        if node.group not in by_code:
            raise UserError(f"环节「{node.zh}」所在的组「{node.group}」不存在。(unknown group)", code="map-unknown-group")
        status_of(node.status)
        members[node.group].append(node)
    columns = [[g.code for g in groups if g.stage == stage.code and members[g.code]] for stage in stages]
    chain = Chain(stages, by_code, members, columns, language, len(nodes) > collapse_above)
    _add_links(chain, links)
    return chain


def _add_links(chain: Chain, links: Iterable[MapLink]) -> None:
    home = {node.code: code for code, members in chain.members.items() for node in members}
    pairs: Pairs = defaultdict(list)
    for link in links:
        if link.source in home and link.target in home and link.source != link.target:
            pairs[link.source, link.target].append(link)
        else:
            chain.left_out += 1
    for (source, target), found in sorted(pairs.items()):
        key = home[source], home[target]
        if key[0] != key[1]:
            count, weight = chain.flows.get(key, (0, 0.0))
            chain.flows[key] = count + len(found), weight + sum(max(0.0, link.weight) for link in found)
    chain.pairs = dict(pairs)


def row_heights(chain: Chain, code: str, slots: int, plan: Plan) -> list[float]:
    """Heights (px) of the rows of cards in a group."""
    members = chain.members[code]
    heights = []
    for start in range(0, len(members), slots):
        lines = max(lines_needed(node, plan.density, plan.card, chain.language) for node in members[start:start + slots])
        heights.append(plan.density.heights[lines - 1])
    return heights


def group_height(chain: Chain, code: str, slots: int, plan: Plan) -> float:
    """Height (px) of a group box."""
    density = plan.density
    if chain.collapsed:
        return density.header + density.small_size + UNDER_COUNTS
    rows = row_heights(chain, code, slots, plan)
    return density.header + sum(rows) + density.row_gap * (len(rows) - 1) + density.pad


def lane_height(heights: Sequence[float], density: Density) -> float:
    """Height (px) of groups standing under each other."""
    return sum(heights) + density.group_gap * max(0, len(heights) - 1)


def frame(density: Density) -> float:
    """Height (px) taken by banner and margins."""
    return density.banner + UNDER_BANNER + FOOT


def split_lanes(codes: Sequence[str], heights: dict[str, float], lanes: int, density: Density) -> list[list[str]]:
    """Cut a sequence of groups into lanes so that the tallest lane is as low as possible."""
    count = len(codes)
    lanes = min(lanes, count) or 1
    best: tuple[float, tuple[int, ...]] | None = None
    for cuts in combinations(range(1, count), lanes - 1):
        bounds = (0, *cuts, count)
        tall = max(lane_height([heights[c] for c in codes[a:b]], density) for a, b in zip(bounds, bounds[1:], strict=False))
        if best is None or tall < best[0]:
            best = tall, bounds
    bounds = best[1] if best else (0, count)
    return [list(codes[a:b]) for a, b in zip(bounds, bounds[1:], strict=False)]


def leftness(chain: Chain, codes: Sequence[str]) -> list[str]:
    """The groups of one stage, those that feed their neighbours or are fed from upstream first."""
    stage_of = {code: index for index, column in enumerate(chain.columns) for code in column}
    inside, outside = dict.fromkeys(codes, 0.0), dict.fromkeys(codes, 0.0)
    for (a, b), (_, weight) in chain.flows.items():
        for code, other, sign in ((a, b, 1.0), (b, a, -1.0)):
            if code in inside:
                if stage_of[other] == stage_of[code]:
                    inside[code] += sign * weight
                else:
                    outside[code] += weight * (1 if stage_of[other] < stage_of[code] else -1)
    return sorted(codes, key=lambda code: (-inside[code], -outside[code]))


def lanes_of(chain: Chain, plan: Plan) -> list[list[list[str]]]:
    """For each stage its lanes, each a list of group codes."""
    lanes = []
    for codes, (count, slots) in zip(chain.columns, plan.forms, strict=True):
        if count == 1 or len(codes) < 2:
            lanes.append([list(codes)])
            continue
        heights = {code: group_height(chain, code, slots, plan) for code in codes}
        lanes.append(split_lanes(leftness(chain, codes), heights, count, plan.density))
    return lanes


def stage_heights(chain: Chain, plan: Plan) -> list[float]:
    """Height (px) of the tallest lane of each stage."""
    return [max(lane_height([group_height(chain, code, slots, plan) for code in lane], plan.density) for lane in lanes)
            for lanes, (_, slots) in zip(lanes_of(chain, plan), plan.forms, strict=True)]


def card_width(density: Density, forms: Sequence[tuple[int, int]], width: float) -> float:
    """Width (px) of a card when the stages take these forms on a canvas of this width."""
    free = width - 2 * MARGIN - density.column_gap * (len(forms) - 1)
    cards = 0
    for lanes, slots in forms:
        free -= lanes * (2 * density.pad + (slots - 1) * density.slot_gap) + (lanes - 1) * density.lane_gap
        cards += lanes * slots
    return int(free / max(1, cards) * 10) / 10


def _wider(form: tuple[int, int], groups: int) -> tuple[int, int] | None:
    later = [other for other in FORMS[FORMS.index(form) + 1:] if other[0] <= max(1, groups)]
    return later[0] if later else None


def choose_plan(chain: Chain, width: float, target: float) -> Plan:
    """The airiest plan that fits the target height, else the one that needs shrinking least."""
    least: tuple[float, Plan] | None = None
    for name, wide, high in TRIALS:
        density, forms = DENSITIES[name], [FORMS[0]] * len(chain.stages)
        narrowest = density.min_card * (ENGLISH_CARD if chain.language == "en" and not chain.collapsed else 1)
        while True:
            plan = Plan(density, width * wide, tuple(forms), card_width(density, forms, width * wide))
            if plan.card < narrowest and least is not None:
                break
            heights = stage_heights(chain, plan)
            total = max(heights, default=0) + frame(density)
            if total <= target * high and plan.card >= narrowest:
                return plan
            shrink = max(total / target, wide)
            if least is None or shrink < least[0]:
                least = shrink, plan
            tallest = max(range(len(forms)), key=lambda index: (heights[index], -index), default=None)
            wider = _wider(forms[tallest], len(chain.columns[tallest])) if tallest is not None else None
            if tallest is None or wider is None:
                break
            forms[tallest] = wider
    assert least is not None
    return least[1]
