"""The shock simulator in words and shapes: from an address to a scenario, its exposure, the map that shows it and the rows beside it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.http import HttpRequest, QueryDict
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from liantu.drawing import to_svg
from liantu.drawing.of_output import chain_layout, chain_title
from liantu.drawing.wave_layer import mark, tint, with_losses
from liantu.kernel.access import may_see_confidential
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.output import run
from liantu.kernel.problems import UserError
from liantu.resilience import ranges
from liantu.resilience.exposure import STOCKS, Exposure, Frame, Hit, exposure_of, frames
from liantu.resilience.network import DistrictNetwork, firm_network
from liantu.resilience.scenarios import ANYWHERE, KINDS, ONLY_OUTSIDE, OUTSIDE, Scenario, item_banned, power_cut, road_closed, stopped
from liantu.web.chain_view import HEIGHT, WIDTH
from liantu.web.context import language, say
from liantu.web.formats import in_yi, trimmed

SHOWN, AT_ONCE = 200, 25
DAYS = (0, 1, 3, 7, 15, 30, 60, 90)  # days at which the slider stops
MOST_FIRMS = 20
KIND_WORDS = {"stop": ("企业停摆", "Firm stops"), "road": ("道路中断", "Road closed"), "item": ("物料断供", "Item cut off"), "power": ("园区限电", "Power lost")}
CAUSES = {"stop": "firm_stopped", "road": "road_closed", "item": "item_banned", "power": "power_lost"}
UNKNOWN_WORDS = {
    "no_figures": ("没有产值也没有营业收入，规模按供需关系估", "no output or revenue: size guessed from links"), "no_jobs": ("没有从业人数，就业按 0 计", "no number of jobs: counted as 0"),
    "no_tax": ("没有税收，按 0 计", "no tax figure: counted as 0"), "unplaced": ("没有入链，供给替代和必需与否按行业代码粗判", "at no node: kinds of inputs judged by industry code only"),
    "old": ("最近的供需名单比多数企业旧", "newest supply list older than most"), "silent": ("链主从未报过供应商名单，它的上游看不见", "chain master that never handed in a list of suppliers"),
    "no_amount": ("供需关系没有金额，按本区常见份额估", "links without an amount: estimated from what is usual here")}


@dataclass(frozen=True)
class Asked:
    """A scenario as an address says it: the parts of the address that matter, and what it is in words."""

    scenario: Scenario
    parts: tuple[tuple[str, str], ...]
    title: str
    firm: int | None
    node: int | None

    @property
    def query(self) -> str:
        return urlencode(self.parts)


def _number(query: QueryDict, name: str, otherwise: int | None = None) -> int | None:
    text = query.get(name, "")
    return int(text) if text.isdigit() and len(text) < 12 else otherwise


def _left(query: QueryDict) -> float:
    text = query.get("left", "") or "0"
    try:
        return float(text) / 100
    except ValueError:
        raise UserError(say(f"剩余产能看到「{text[:20]}」，应为 0 到 99 的百分数。", f"Capacity left reads {text[:20]}; it should be a per cent from 0 to 99."), code="bad-share") from None


def _label_of(edition: Edition, table: str, record: int | None) -> str:
    found = edition.table(table).filter(pl.col("id") == record)
    if found.is_empty():
        return "—"
    row = found.row(0, named=True)
    return str((row.get("name_en") or row["name"]) if language() == "en" else row["name"])


def kind_of(query: QueryDict) -> str:
    """The kind of shock that an address asks for; stopping a firm where it says nothing."""
    kind = query.get("kind", "stop")
    if kind not in KINDS:
        raise UserError(say(f"没有冲击类型「{kind[:20]}」。", f"There is no kind of shock {kind[:20]}."), code="unknown-kind", hint="、".join(f"{k}（{KIND_WORDS[k][0]}）" for k in KINDS))
    return kind


def asked_of(query: QueryDict, edition: Edition) -> Asked | None:
    """The scenario of an address; None while it is not said yet. Raises UserError in words for what cannot be."""
    kind = kind_of(query)
    found: Callable[[QueryDict, Edition, DistrictNetwork], Asked | None] = {"stop": _stop, "road": _road, "item": _item, "power": _power}[kind]
    return found(query, edition, firm_network(edition))


def _stop(query: QueryDict, edition: Edition, district: DistrictNetwork) -> Asked | None:
    firms = list(dict.fromkeys(int(text) for text in query.getlist("firm") if text.isdigit() and len(text) < 12))
    if not firms:
        return None
    if len(firms) > MOST_FIRMS:
        raise UserError(say(f"一次最多推演 {MOST_FIRMS} 家企业同时停摆。", f"At most {MOST_FIRMS} firms at once."), code="too-many-firms")
    left = _left(query)
    scenario = stopped(district, firms, left)
    names = [_label_of(edition, "enterprise", firm) for firm in firms]
    told = "、".join(names[:3]) + (say(f"等 {len(names)} 家", f" and {len(names) - 3} more") if len(names) > 3 else "")
    title = say(f"{told}{'停摆' if not left else f'只剩 {left:.0%} 产能'}", f"{told} {'stops' if not left else f'at {left:.0%} of capacity'}")
    row = district.firms.filter(pl.col("enterprise") == firms[0]).row(0, named=True)
    return Asked(scenario, (("kind", "stop"), *(("firm", str(f)) for f in firms), *((("left", f"{left * 100:g}"),) if left else ())), title, firms[0], row["chain_node"])


def _road(query: QueryDict, edition: Edition, district: DistrictNetwork) -> Asked | None:
    park, other = _number(query, "park"), _number(query, "other", OUTSIDE)
    if park is None:
        return None
    ends = _label_of(edition, "park", park), say("区外", "outside the district") if other == OUTSIDE else _label_of(edition, "park", other)
    return Asked(road_closed(district, park, other or OUTSIDE), (("kind", "road"), ("park", str(park)), ("other", str(other))),
                 say(f"{ends[0]}与{ends[1]}之间道路中断", f"Road closed between {ends[0]} and {ends[1]}"), None, None)


def _item(query: QueryDict, edition: Edition, district: DistrictNetwork) -> Asked | None:
    node = _number(query, "node")
    if node is None:
        return None
    scope = query.get("scope", ONLY_OUTSIDE)
    name = _label_of(edition, "chain_node", node)
    title = say(f"{name}{'哪里都买不到' if scope == ANYWHERE else '从区外断供'}", f"{name} {'cannot be had anywhere' if scope == ANYWHERE else 'no longer comes from outside'}")
    return Asked(item_banned(district, node, scope), (("kind", "item"), ("node", str(node)), ("scope", scope)), title, None, node)


def _power(query: QueryDict, edition: Edition, district: DistrictNetwork) -> Asked | None:
    park = _number(query, "park")
    if park is None:
        return None
    left, name = _left(query), _label_of(edition, "park", park)
    title = say(f"{name}{'停电' if not left else f'限电，企业只剩 {left:.0%} 产能'}", f"{name} {'without power' if not left else f'rationed to {left:.0%}'}")
    return Asked(power_cut(district, park, left), (("kind", "power"), ("park", str(park)), ("left", f"{left * 100:g}")), title, None, None)


def exposure_asked(edition: Edition, asked: Asked) -> Exposure:
    """The exposure of a scenario, followed once per edition content and scenario."""
    return _followed(edition.manifest.content, edition.manifest.as_of, asked.parts, str(firm_network(edition).rule), Kept((edition, asked.scenario)))


@lru_cache(maxsize=64)
def _followed(content: str, as_of: str, parts: Any, rule: str, kept: Kept) -> Exposure:
    edition, scenario = kept.value
    return exposure_of(edition, scenario=scenario)


def range_shown(edition: Edition, asked: Asked) -> Exposure:
    """The exposure with its interval, where the networks for it have been drawn."""
    found = exposure_asked(edition, asked)
    if not can_range(asked) or not ranges.ready(edition):
        return found
    return _ranged(edition.manifest.content, edition.manifest.as_of, asked.parts, str(firm_network(edition).rule), Kept((edition, found)))


@lru_cache(maxsize=64)
def _ranged(content: str, as_of: str, parts: Any, rule: str, kept: Kept) -> Exposure:
    edition, found = kept.value
    ranged: Exposure = ranges.with_range(edition, found)
    return ranged


def can_range(asked: Asked) -> bool:
    """Whether an interval can ever be given: for shocks to firms, not to links."""
    return not asked.scenario.blocked and not asked.scenario.remaining_up


def range_words(exposure: Exposure) -> str:
    """The interval in words; empty where there is none."""
    if exposure.interval is None:
        return ""
    low, high = exposure.interval
    level = f"{exposure.district.rule['level']:.0%}"
    first, last = money(low), money(high)
    if first.split(" ", 1)[1] == last.split(" ", 1)[1]:
        first = first.split(" ", 1)[0]
    return say(f"{level} 区间 {first}–{last}", f"{level} interval {first}–{last}")


@lru_cache(maxsize=24)
def _drawn(content: str, chain: str, lang: str, kept: Kept) -> str:
    layout = chain_layout(kept.value, chain, language=lang, href=lambda code: reverse("simulator_node", args=[code]), width=WIDTH, min_height=HEIGHT - 30, target_height=HEIGHT)
    return to_svg(layout, title=chain_title(kept.value, chain, lang), language=lang, legend=False, interactive=True)


@dataclass(frozen=True)
class Board:
    """A chain map with the wave on it, and what a slider needs: per node the per cents by step, per step its words."""

    svg: SafeString
    steps: list[dict[str, Any]]
    nodes: dict[str, list[str]]
    tints: dict[str, list[int]]


def board(edition: Edition, chain: str, exposure: Exposure | None, user: Any) -> Board:
    """The map of one chain; with a shock, as it ends."""
    svg = _drawn(edition.manifest.content + edition.manifest.as_of, chain, language(), Kept(run("chain_map", edition)))
    if exposure is None:
        return Board(mark_safe(svg), [], {}, {})
    figures, codes = may_see_confidential(user), dict(edition.table("chain_node").select("id", "code").iter_rows())
    shown = frames(edition, exposure, DAYS)
    by_step = [{codes[node]: loss for node, loss in frame.node_losses.items()} for frame in shown]
    final = {code: loss for code, loss in by_step[-1].items() if code.split("/", 1)[0] == chain}
    sources = {codes[row.node] for row in exposure.rows if row.shocked and row.node in codes} if exposure.scenario.kind == "stop" else set()
    nodes = {code: [mark(losses[code], language(), figures=figures) for losses in by_step] for code in final}
    tints = {code: [tint(losses[code]) if figures else 3 * (losses[code] > 0) for losses in by_step] for code in final}
    return Board(mark_safe(with_losses(svg, final, language(), figures=figures, sources=sources)), [_line(frame, exposure, figures) for frame in shown], nodes, tints)


def _line(frame: Frame, exposure: Exposure, figures: bool) -> dict[str, Any]:
    """One frame in words: until which day, how many firms newly and so far, how much is at stake by then, and which firms are new (by id)."""
    over = f"{exposure.district.rule['horizon_days']}+"
    if frame.day == 0:
        words = say("当天", "day 0")
    elif frame.day is None:
        words = say(f"{DAYS[-1]} 天以后（到 {over}）", f"after day {DAYS[-1]} (to {over})")
    else:
        words = say(f"{frame.day} 天内", f"by day {frame.day}")
    return {"days": words, "new": len(frame.new), "all": frame.firms, "output": money(frame.output) if figures else "", "firms": [row.enterprise for row in frame.new]}


def day(row: Hit) -> str:
    """The day on which a firm first feels the shock; 180+ for later than followed."""
    return f"{row.days:.0f}{'+' if row.late else ''}"


def days_basis(exposure: Exposure) -> str:
    """How the days were found, in words."""
    rule = exposure.district.rule
    if exposure.days_by == STOCKS:
        return say(f"天数按库存逐日推演：没有登记库存的按 {rule['stock_days']} 天，客户停产后不再要货；{rule['horizon_days']} 天内不显的写 {rule['horizon_days']}+。",
                   f"Days follow stocks one by one: {rule['stock_days']} days where none is on record, a stopped customer takes no more; {rule['horizon_days']}+ is later than followed.")
    return say(f"天数沿波及路径累加：缺料每级 {rule['stock_days']} 天（有登记库存的按登记），失单每级 {rule['order_days']} 天。",
               f"Days add up along the road of the wave: {rule['stock_days']} per step by lack of inputs (or the stock on record), {rule['order_days']} by lost orders.")


def money(value: float | None) -> str:
    """An amount of 万元 in the unit that a person says: 亿元 from one up; in English million and billion yuan."""
    if value is None:
        return "—"
    return say(f"{in_yi(value)} 亿元" if abs(value) >= 10_000 else f"{trimmed(value)} 万元", f"{value / 100_000:,.2f} bn yuan" if abs(value) >= 100_000 else f"{value / 100:,.2f} m yuan")


def why(row: Hit) -> str:
    """The road of the wave in the language of the page, its ends kept and its middle cut."""
    if row.shocked:
        return say("冲击直接落在本企业", "Hit directly")
    names = [_short(name) for name in row.through]
    road = " → ".join(names if len(names) <= 3 else [names[0], "…", *names[-2:]])
    return (say("缺料：", "Inputs: ") if row.direction == "down" else say("失单：", "Orders: ")) + road


def _short(name: str) -> str:
    for ending in ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司"):
        name = name.removesuffix(ending)
    return name


def node_labels(edition: Edition) -> dict[int, str]:
    """Names of nodes in the language of the page."""
    return {node: (english or name) if language() == "en" else name for node, name, english in edition.table("chain_node").select("id", "name", "name_en").iter_rows()}


def unknowns(exposure: Exposure) -> list[dict[str, Any]]:
    """What is not known about the firms hit, kind by kind, in words, with the first names."""
    names = dict(zip(exposure.district.ids, exposure.district.names, strict=True))
    return [{"words": say(*UNKNOWN_WORDS[kind]), "count": len(firms), "firms": [{"id": firm, "name": names.get(firm, "—")} for firm in firms[:4]]} for kind, firms in exposure.unknown.items()]


def chain_counts(edition: Edition, exposure: Exposure | None) -> dict[str, int]:
    """How many nodes of each chain are hit in the end."""
    codes = dict(edition.table("chain_node").select("id", "code").iter_rows())
    counts: dict[str, int] = {}
    for node in exposure.node_losses[-1] if exposure else {}:
        chain = codes[node].split("/", 1)[0]
        counts[chain] = counts.get(chain, 0) + 1
    return counts


def event_form(asked: Asked, edition: Edition, request: HttpRequest) -> dict[str, Any]:
    """What opens a risk event about a scenario."""
    address = reverse("event_open")
    chain = edition.table("chain_node").filter(pl.col("id") == asked.node)["chain"].to_list() if asked.node else []
    return {"address": address, "fields": {"enterprise": asked.firm or "", "chain_node": asked.node or "", "chain": chain[0] if chain else "", "title": asked.title, "cause": CAUSES[asked.scenario.kind],
                                           "signals": "", "next": request.get_full_path()}}
