"""Who suffers from a shock, after how many days, how much is at stake, and through whom it comes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import polars as pl

from liantu.kernel.arrays import arrays
from liantu.kernel.edition import Edition
from liantu.methods.cascade import FirmNetwork
from liantu.methods.firm_links import group_losses, without_links
from liantu.methods.wave import Wave, wave
from liantu.resilience.network import DistrictNetwork, firm_network
from liantu.resilience.scenarios import Scenario

try:
    from liantu.methods.inventory import outlook
except ImportError:  # built without the stock model
    outlook = None  # type: ignore[assignment]

DOWN, UP = "down", "up"
STOCKS, HOPS = "stocks", "hops"
"""How days were found: day by day with stocks (:mod:`liantu.methods.inventory`), or along the road of the wave, stock days at each buyer and order days at each supplier."""


@dataclass(frozen=True)
class Hit:
    """One firm that feels the shock, ``days`` after it (``late``: not within the days followed, which ``days`` then is). ``level`` is what is left of it (0–1); ``output``, ``tax`` (万元 a year) and ``jobs`` (persons) are what stands to be lost while the shock
    lasts, None where the firm's own figure is unknown. ``direction``: down (it lacks inputs) or up (it lacks orders), whichever takes more; ``step`` the iteration at which it is felt.

    ``through``: names from the shocked firm to the one before this.
    """

    enterprise: int
    place: int
    name: str
    node: int | None
    node_name: str | None
    chain: int | None
    chain_name: str | None
    days: float
    late: bool
    level: float
    output: float | None
    jobs: float | None
    tax: float | None
    direction: str
    step: int
    through: tuple[str, ...]
    shocked: bool

    @property
    def loss(self) -> float:
        return 1 - self.level

    @property
    def why(self) -> str:
        """The road of the wave in Chinese."""
        if self.shocked:
            return "冲击直接落在本企业"
        return ("缺料：" if self.direction == DOWN else "失单：") + " → ".join(self.through)


@dataclass(frozen=True)
class Exposure:
    """``rows``: firms that lose at least the felt share, by output at stake; ``totals``: firms, output, jobs and tax at stake and the shares (0–1) of the district's that these are.

    ``steps``: iterations until nothing moved by more than ``tolerance``. ``node_losses``: step → node id → share of its firms' output lost. ``interval``: low and high of the output at
    stake where an ensemble of networks gave them, else None. ``days_by``: stocks or hops.
    """

    scenario: Scenario
    district: DistrictNetwork
    wave: Wave
    rows: tuple[Hit, ...]
    totals: dict[str, float]
    node_losses: list[dict[int, float]]
    interval: tuple[float, float] | None = None
    days_by: str = HOPS

    @property
    def steps(self) -> int:
        return self.wave.steps

    @cached_property
    def unknown(self) -> dict[str, list[int]]:
        """What is not known about the firms that this shock hits, and so widens the answer: kind of gap → enterprise ids, the most at stake first."""
        hit = [row.enterprise for row in self.rows]
        gaps = self.district.unknown
        untold = self.district.links.filter(~pl.col("told")).select(pl.col("buyer"))["buyer"].unique().to_list()
        ids = self.district.ids
        kinds = {"no_figures": gaps.no_figures, "no_jobs": gaps.no_jobs, "no_tax": gaps.no_tax, "unplaced": gaps.unplaced, "old": gaps.old, "silent": gaps.silent, "no_amount": [ids[p] for p in untold if p < len(ids)]}
        found = {name: [firm for firm in hit if firm in set(firms)] for name, firms in kinds.items()}
        found["silent"] = list(gaps.silent)
        return {name: firms for name, firms in found.items() if firms}


def exposure_of(edition: Edition, remaining: Mapping[int, float] | None = None, *, blocked_links: Collection[int] = (), remaining_up: Mapping[int, float] | None = None,
                replaceable: bool = True, scenario: Scenario | None = None) -> Exposure:
    """Follow a shock through the district.

    ``remaining``: what is left (0–1) of firms by enterprise id; ``remaining_up`` of their demand, where it differs; ``blocked_links``: ids of supply links that carry
    nothing; or a ``scenario`` that says all of it. Firms that do not stand in the network are left out. Output, jobs and tax at stake are yearly figures times the loss.
    """
    told = scenario or Scenario("stop", dict(remaining or {}), dict(remaining_up or {}), tuple(blocked_links), replaceable)
    district = firm_network(edition)
    numbers = district.rule
    network, low, low_up = shocked_network(district, told)
    found = wave(network, low, low_up, tolerance=numbers["tolerance"], felt=numbers["felt_loss"])
    days = _days(district, network, found, (low, low_up), _stock_days(edition, network.n, district))
    rows = _hits(edition, district, told, found, days, numbers["felt_loss"])
    return Exposure(told, district, found, rows, _totals(district, found, rows), _node_losses(edition, district, found, numbers["felt_loss"]), days_by=STOCKS if outlook else HOPS)


def shocked_network(district: DistrictNetwork, told: Scenario) -> tuple[FirmNetwork, Any, Any]:
    """The network without what is blocked, and what is left of each place's supply and demand at the start."""
    cut = district.flows["id"].is_in(list(told.blocked)).fill_null(False).to_numpy()
    network, stopped = without_links(district.network, *arrays(district.flows, "origin", "buyer", "amount"), cut, replaceable=told.replaceable)
    return network, _levels(network.n, district, told.remaining, stopped), _levels(network.n, district, told.remaining_up or told.remaining, stopped)


def _levels(n: int, district: DistrictNetwork, remaining: Mapping[int, float], stopped: Any) -> Any:
    levels = pl.Series([1.0] * n).to_numpy().copy()
    for firm, share in remaining.items():
        place = district.places.get(firm)
        if place is not None:
            levels[place] = share
    levels[stopped] = 0.0
    return levels


def _days(district: DistrictNetwork, network: FirmNetwork, found: Wave, low: tuple[Any, Any], stock: Any) -> list[float]:
    """Days until each place feels the shock; -1 where it does not within the days followed."""
    numbers = district.rule
    if outlook is None:
        return [min(a, b) for a, b in zip(*(each.tolist() for each in found.days(stock, _where_firms_stand(district, network.n, numbers["order_days"]))), strict=True)]
    left = pl.DataFrame({"down": low[0], "up": low[1]}).select(pl.min_horizontal("down", "up").alias("left"), pl.max_horizontal(pl.Series(stock), 1.0).alias("stock"))
    struck = left.with_row_index("place").filter(pl.col("left") < 1)
    weeks = outlook(network, struck["place"].to_numpy(), struck["left"].to_numpy(), days=int(numbers["horizon_days"]), stock_days=left["stock"].to_numpy(), felt_below=1 - numbers["felt_loss"])
    return [float(day) for day in weeks.felt.tolist()]


def _stock_days(edition: Edition, n: int, district: DistrictNetwork) -> Any:
    """Days of stock by place: the scarcest key material of a firm's newest report, else the usual number."""
    days = _where_firms_stand(district, n, district.rule["stock_days"])
    if edition.has("material_stock"):
        stocks = edition.table("material_stock").filter(pl.col("stock_days").is_not_null())
        newest = stocks.filter(pl.col("as_of").eq_missing(pl.col("as_of").max().over("enterprise"))).group_by("enterprise").agg(pl.col("stock_days").min())
        places = district.places
        for firm, known in newest.iter_rows():
            if firm in places:
                days[places[firm]] = float(known)
    return days


def _where_firms_stand(district: DistrictNetwork, n: int, days: float) -> Any:
    """These days at the places of firms, 0 at product lines and stand-ins, which hold nothing back."""
    return pl.Series([float(days)] * district.count + [0.0] * (n - district.count)).to_numpy().copy()


def _named(edition: Edition, table: str) -> dict[int, str]:
    return dict(edition.table(table).select("id", "name").iter_rows())


def _hits(edition: Edition, district: DistrictNetwork, told: Scenario, found: Wave, days: list[float], felt: float) -> tuple[Hit, ...]:
    level, nodes, chains = found.level, _named(edition, "chain_node"), _named(edition, "chain")
    names = [row["name"] or ("" if row["owner"] is not None else f"区外（{nodes.get(row['chain_node'], '未知品类')}）") for row in district.firms.iter_rows(named=True)]
    names += [{"road": "道路中断", "item": "该物料断供"}.get(told.kind, "断开的供货")] * (len(level) - len(names))
    rows = []
    for firm in district.firms.head(district.count).filter(pl.Series((1 - level[:district.count] >= felt * (1 - 1e-9)).tolist())).iter_rows(named=True):
        place = firm["place"]
        loss, shocked = float(1 - level[place]), firm["enterprise"] in told.remaining
        direction = UP if found.up[-1][place] < found.down[-1][place] else DOWN
        path = found.path(place, upstream=direction == UP)[:-1]
        felt_steps = [int(fell[place]) for fell in (found.fell_down, found.fell_up) if fell[place] >= 0]
        late = not 0 <= days[place] <= district.rule["horizon_days"]
        first = float(district.rule["horizon_days"]) if late else days[place]
        rows.append(Hit(firm["enterprise"], place, firm["name"], firm["chain_node"], nodes.get(firm["chain_node"]), firm["chain"], chains.get(firm["chain"]), first, late, float(level[place]),
                        *(None if firm[c] is None else firm[c] * loss for c in ("output", "jobs", "tax")), direction, min(felt_steps), tuple(names[p] for p in path if names[p]), shocked))
    return tuple(sorted(rows, key=lambda r: (-(r.output or 0.0), -r.loss, r.enterprise)))


def _totals(district: DistrictNetwork, found: Wave, rows: tuple[Hit, ...]) -> dict[str, float]:
    """Over all firms, also those below the felt share; ``own`` is the part of the shocked firms themselves."""
    loss, weights = 1 - found.level[:district.count], district.weights[:district.count]
    at_stake, whole = loss @ weights, weights.sum(axis=0)
    own = [sum(getattr(row, name) or 0.0 for row in rows if row.shocked) for name in ("output", "jobs", "tax")]
    totals = {"firms": float(len(rows))}
    for name, value, of, mine in zip(("output", "jobs", "tax"), at_stake, whole, own, strict=True):
        totals |= {name: float(value), f"{name}_share": float(value / of) if of else 0.0, f"{name}_own": float(mine)}
    return totals


def _standing(edition: Edition, district: DistrictNetwork) -> tuple[list[int], tuple[Any, Any, Any]]:
    """Nodes, and as arrays: place of each firm that stands at one, the node's number in the list, the firm's output."""
    stands = edition.table("placement").filter(pl.col("grade").is_in(["confirmed", "likely"])).select("enterprise", "chain_node").unique()
    members = stands.join(district.firms.select("enterprise", "place", pl.col("output").fill_null(0.0)), on="enterprise", how="inner").sort("chain_node", "place")
    nodes = members["chain_node"].unique().sort().to_list()
    at = members["chain_node"].replace_strict({node: number for number, node in enumerate(nodes)}, return_dtype=pl.Int64)
    return nodes, (members["place"].to_numpy(), at.to_numpy(), members["output"].to_numpy())


def _told(nodes: list[int], lost: list[list[float]], felt: float) -> list[dict[int, float]]:
    shown = [number for number, value in enumerate(lost[-1]) if value >= felt]
    return [{nodes[number]: row[number] for number in shown} for row in lost]


def _node_losses(edition: Edition, district: DistrictNetwork, found: Wave, felt: float) -> list[dict[int, float]]:
    """Step by step, the loss of each node's firms by output; nodes that feel it in the end only."""
    nodes, members = _standing(edition, district)
    return _told(nodes, group_losses(found.levels, *members, len(nodes)).tolist(), felt)


@dataclass(frozen=True)
class Frame:
    """How far a shock has come by a day: ``firms`` that feel it by then, ``new`` ones since the frame before, loss (0–1) by node, output at stake (万元 a year). ``day`` None stands for the end."""

    day: int | None
    firms: int
    new: tuple[Hit, ...]
    node_losses: dict[int, float]
    output: float


def frames(edition: Edition, exposure: Exposure, marks: Sequence[int]) -> list[Frame]:
    """The shock at these days and in the end; days on which nobody is newly hit are left out, the first stays. A firm counts with its whole loss from the day on which it feels it."""
    district, rows = exposure.district, exposure.rows
    nodes, members = _standing(edition, district)
    loss = 1 - exposure.wave.level[:district.count]
    days = [float("inf")] * district.count
    for row in rows:
        days[row.place] = float("inf") if row.late else row.days
    (felt_on,) = arrays(pl.DataFrame({"days": days}), "days")
    until: list[int | None] = [day for at, day in enumerate(marks) if at == 0 or any(marks[at - 1] < row.days <= day and not row.late for row in rows)]
    if any(row.late or row.days > marks[-1] for row in rows):
        until.append(None)
    levels = [1 - loss * (felt_on <= day) if day is not None else 1 - loss for day in until]
    levels[-1] = 1 - loss  # with those that lose too little to count
    told = _told(nodes, group_losses(levels, *members, len(nodes)).tolist(), district.rule["felt_loss"])
    made: list[Frame] = []
    before: set[int] = set()
    for day, level, lost in zip(until, levels, told, strict=True):
        so_far = [row for row in rows if day is None or (row.days <= day and not row.late)]
        made.append(Frame(day, len(so_far), tuple(row for row in so_far if row.enterprise not in before), lost, float((1 - level) @ district.weights[:district.count, 0])))
        before |= {row.enterprise for row in so_far}
    return made
