"""Who can supply instead of a stopped firm: its customers' needs per item, local firms with capacity to spare, what is bought outside, what stays short, each with its reason.

A declared capacity (:class:`~liantu.resilience.capacity_models.SupplyCapacity`) counts as told; where there is none, a share of a firm's output is assumed (parameter
``substitutes``, liantu_default) and marked as estimated. A placement that nobody confirmed is marked as likely. Amounts are 万元 a year of the full stop; the easiest supply goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import narwhals as nw
import polars as pl

from liantu.chains.shared import latest_figures, working
from liantu.kernel.edition import Edition
from liantu.kernel.parameter import Parameter, parameter
from liantu.kernel.problems import UserError
from liantu.kernel.relations import months_before
from liantu.methods.geo import distance_km
from liantu.methods.substitution import Allotment, allot

RULE = "substitutes"
WHY = {"known": "已向该客户供同一物料", "qualified": "自报已通过该客户认证", "sells": "已向其他企业供同一物料", "declares": "自报能供同一物料", "confirmed": "同一环节企业（已确认）",
       "likely": "可能是同一环节企业（未经确认，先核实）"}
BASIS = {"declared": "产能为企业自报", "estimated": "产能未自报，按产值比例估计"}


@dataclass(frozen=True)
class Need:
    """What one customer lacks of one item. ``amount`` None: the list tells no amount, so nothing is allotted. amount = local + outside + short.

    ``next_best``: the local firm that would be asked next, and ``dearer``: by how many points it is harder at least.
    """

    item: str
    node: int | None
    node_name: str | None
    customer: int
    customer_name: str
    amount: float | None
    local: float
    outside: float
    short: float
    next_best: str | None
    dearer: float | None
    why: str


@dataclass(frozen=True)
class Supply:
    """One local firm's part in one need. ``spare``: all that it could add (万元 a year), shared among its customers; ``basis``: declared or estimated; ``evidence``: a key of :data:`WHY`; ``grade``
    of its placement at the node (None: not placed there); ``days`` to switch; ``points`` of difficulty a unit."""

    item: str
    customer: int
    customer_name: str
    supplier: int
    supplier_name: str
    amount: float
    spare: float
    basis: str
    evidence: str
    grade: str | None
    days: float
    points: float

    @property
    def why(self) -> str:
        return f"{WHY[self.evidence]}；{BASIS[self.basis]}；约 {self.days:.0f} 天可切换"


@dataclass(frozen=True)
class Candidate:
    """A firm that might supply, of whose capacity nothing is known: to be asked."""

    item: str
    supplier: int
    supplier_name: str
    evidence: str
    grade: str | None

    @property
    def why(self) -> str:
        return f"{WHY[self.evidence]}；没有产能和产值数，要电话核实"


@dataclass(frozen=True)
class Substitutes:
    """``needs`` by item and customer, the largest first; ``supplies`` what is allotted; ``to_ask`` firms without a figure. ``sold_outside``: what the stopped firms no longer sell to customers elsewhere (万元 a
    year, not allotted). ``gap``: proved relative distance to the least difficulty; ``rule``: the numbers behind it."""

    needs: tuple[Need, ...]
    supplies: tuple[Supply, ...]
    to_ask: tuple[Candidate, ...]
    sold_outside: float
    gap: float
    rule: Parameter

    def totals(self) -> list[dict[str, Any]]:
        """Per item: item, amount, local, outside, short (万元 a year), unknown (customers without an amount); the largest shortage first."""
        found: dict[str, dict[str, Any]] = {}
        for need in self.needs:
            row = found.setdefault(need.item, {"item": need.item, "amount": 0.0, "local": 0.0, "outside": 0.0, "short": 0.0, "unknown": 0})
            row["unknown"] += need.amount is None
            for name in ("amount", "local", "outside", "short"):
                row[name] += getattr(need, name) or 0.0
        return sorted(found.values(), key=lambda r: (-r["short"], -r["amount"], r["item"]))

    def rows(self) -> list[dict[str, Any]]:
        """Local, outside and short parts in one list: kind, item, supplier, customer, spare, amount, note."""
        found: list[dict[str, Any]] = [{"kind": "local", "item": s.item, "supplier": s.supplier, "customer": s.customer, "spare": s.spare, "amount": s.amount, "note": s.why} for s in self.supplies]
        for kind in ("outside", "short"):
            found += [{"kind": kind, "item": n.item, "supplier": None, "customer": n.customer, "spare": None, "amount": getattr(n, kind), "note": n.why} for n in self.needs if getattr(n, kind) > 0]
        found += [{"kind": "short", "item": n.item, "supplier": None, "customer": n.customer, "spare": None, "amount": None, "note": n.why} for n in self.needs if n.amount is None]
        return found


def substitutes_for(edition: Edition, stopped: Mapping[int, float], *, item: str | None = None) -> Substitutes:
    """Substitutes for firms of which ``stopped`` says what is left (enterprise id → 0–1), for one ``item`` or all.

    Only customers in the district are served; a firm that is itself hit supplies nobody. Raises UserError for a share outside 0–1.
    """
    wrong = [f"{firm}：{left}" for firm, left in stopped.items() if not 0 <= left <= 1]
    if wrong:
        raise UserError(f"余下能力应在 0 到 1 之间，现为 {wrong[0]}。", code="remaining-out-of-range", hint="完全停产写 0，减半写 0.5。")
    day = date.fromisoformat(edition.manifest.as_of)
    rule = parameter(RULE, day)
    links = _newest(edition.table("supply_link"), rule.value["list_years"])
    firms = _firms(edition)
    needs, elsewhere = _needs(links, firms, stopped, item)
    offers = _offers(edition, links, firms.filter(~pl.col("id").is_in(list(stopped))), needs, day, rule.value)
    return _allotted(edition, needs, offers, links, elsewhere, rule)


def _newest(supply_link: pl.DataFrame, years: int) -> pl.DataFrame:
    """Each customer's newest list, if it is among the last ``years`` years; outside customers by supplier."""
    whose = supply_link.with_columns(pl.coalesce("customer", -pl.col("supplier")).alias("whose")).filter(pl.col("whose").is_not_null(), pl.col("item").is_not_null())
    rows = whose.filter(pl.col("year") == pl.col("year").max().over("whose"))
    return rows.filter(pl.col("year") > pl.lit(supply_link["year"].max()) - years, pl.col("supplier").ne_missing(pl.col("customer"))).drop("whose").sort("id")


def _firms(edition: Edition) -> pl.DataFrame:
    """Firms that work here: id, name, longitude, latitude, output (the revenue of firms that report none)."""
    firms = nw.to_native(working(nw.from_native(edition.table("enterprise")))).select("id", "name", "longitude", "latitude")
    figures = nw.to_native(latest_figures(nw.from_native(edition.table("annual_figure")))).select(pl.col("enterprise").alias("id"), pl.coalesce("output", "revenue").alias("output"))
    return firms.join(figures, on="id", how="left").sort("id")


def _needs(links: pl.DataFrame, firms: pl.DataFrame, stopped: Mapping[int, float], item: str | None) -> tuple[pl.DataFrame, float]:
    """Per item, node and customer the amount that no longer comes (null where no list tells it); and what customers elsewhere lose."""
    left = pl.DataFrame({"firm": list(stopped), "left": [float(v) for v in stopped.values()]}, schema={"firm": pl.Int64, "left": pl.Float64})
    rows = links.join(left.rename({"firm": "supplier"}), on="supplier", how="inner").filter(pl.col("left") < 1)
    rows = (rows if item is None else rows.filter(pl.col("item") == item)).join(left.rename({"firm": "customer", "left": "own"}), on="customer", how="left")
    rows = rows.with_columns((pl.col("amount") * (1 - pl.col("left")) * pl.col("own").fill_null(1.0)).alias("lost"))
    elsewhere = float(rows.filter(pl.col("customer").is_null())["lost"].sum() or 0.0)
    here = rows.filter(pl.col("own").fill_null(1.0) > 0).join(firms.select(pl.col("id").alias("customer"), pl.col("name").alias("buyer")), on="customer", how="inner")
    lost = pl.when(pl.col("lost").is_not_null().any()).then(pl.col("lost").sum()).otherwise(None).alias("lost")
    needs = here.group_by("item", pl.col("chain_node").alias("node"), "customer", "buyer").agg(lost)
    return needs.sort(["lost", "item", "customer", "node"], descending=[True, False, False, False], nulls_last=True).with_row_index("need").with_columns(pl.col("need").cast(pl.Int64)), elsewhere


def _declared(edition: Edition, day: date, months: int) -> pl.DataFrame:
    """Each firm's newest declaration per item that is not too old: enterprise, item, node, told (万元 to spare), switch_days, qualified."""
    rows = edition.table("supply_capacity").with_columns(pl.coalesce("spare", pl.col("capacity") * pl.col("spare_share")).alias("told"))
    rows = rows.filter(pl.col("told").is_not_null(), pl.col("as_of") >= months_before(day, months), pl.col("as_of") <= day)
    rows = rows.sort("as_of", "id", descending=True).unique(["enterprise", "item"], keep="first", maintain_order=True)
    return rows.select(pl.col("id").alias("record"), "enterprise", pl.col("item").alias("declared_item"), pl.col("chain_node").alias("node"), "told", "switch_days", "qualified")


def _offers(edition: Edition, links: pl.DataFrame, able: pl.DataFrame, needs: pl.DataFrame, day: date, rule: Mapping[str, Any]) -> pl.DataFrame:
    """One row per need and firm that could meet it: evidence, grade, spare (null: not known), basis, pool (what shares one capacity), days, points."""
    asked = needs.select("need", "item", "node", "customer", "buyer")
    declared = _declared(edition, day, rule["declared_months"])
    placed = edition.table("placement").filter(pl.col("grade").is_in(["confirmed", "likely"])).select("enterprise", pl.col("chain_node").alias("node"), "grade").unique()
    sellers = links.filter(pl.col("supplier").is_not_null()).select(pl.col("supplier").alias("enterprise"), "item").unique()
    known = links.filter(pl.col("supplier").is_not_null()).select(pl.col("supplier").alias("enterprise"), "item", "customer", pl.lit(True).alias("known")).unique()
    by_item = declared.rename({"declared_item": "item"}).drop("node")
    who = pl.concat([asked.join(sellers, on="item").select("need", "enterprise"), asked.join(by_item, on="item").select("need", "enterprise"), asked.join(placed, on="node").select("need", "enterprise"),
                     asked.join(declared, on="node").select("need", "enterprise")]).unique()
    pairs = who.join(asked, on="need").filter(pl.col("enterprise") != pl.col("customer")).join(able.rename({"id": "enterprise"}), on="enterprise")
    pairs = pairs.join(placed, on=["enterprise", "node"], how="left").join(sellers.with_columns(pl.lit(True).alias("sells")), on=["enterprise", "item"], how="left")
    pairs = pairs.join(known, on=["enterprise", "item", "customer"], how="left").join(by_item, on=["enterprise", "item"], how="left")
    at_node = declared.sort("told", "record", descending=[True, False]).unique(["enterprise", "node"], keep="first", maintain_order=True).select("enterprise", "node", record_node="record", told_node="told", days_node="switch_days")
    pairs = pairs.join(at_node, on=["enterprise", "node"], how="left")
    qualified = pl.col("qualified").str.split("、").list.contains(pl.col("buyer")).fill_null(False)
    evidence = pl.when(pl.col("known")).then(pl.lit("known")).when(qualified).then(pl.lit("qualified")).when(pl.col("sells")).then(pl.lit("sells"))
    evidence = evidence.when(pl.col("told").is_not_null()).then(pl.lit("declares")).when(pl.col("grade") == "confirmed").then(pl.lit("confirmed")).otherwise(pl.lit("likely"))
    record = pl.coalesce("record", "record_node")
    pairs = pairs.with_columns(evidence.alias("evidence"), pl.when(record.is_not_null()).then(pl.lit("declared")).otherwise(pl.lit("estimated")).alias("basis"),
                               pl.coalesce("told", "told_node", pl.col("output") * rule["spare_share"]).alias("spare"),
                               pl.when(record.is_not_null()).then(pl.format("r{}", record)).otherwise(pl.format("f{}", "enterprise")).alias("pool"))
    pairs = pairs.filter(pl.col("grade").is_not_null() | pl.col("sells").fill_null(False) | record.is_not_null())
    days = pl.coalesce(pl.col("switch_days"), pl.col("days_node"), pl.col("evidence").replace_strict({k: float(v) for k, v in rule["days"].items()}, return_dtype=pl.Float64))
    return _with_points(pairs.with_columns(days.cast(pl.Float64).alias("days")), able, needs, edition, rule).sort("need", "points", "enterprise")


def _with_points(pairs: pl.DataFrame, able: pl.DataFrame, needs: pl.DataFrame, edition: Edition, rule: Mapping[str, Any]) -> pl.DataFrame:
    """Points of difficulty a unit: by evidence, guess, distance and days to switch."""
    places = edition.table("enterprise").select(pl.col("id").alias("customer"), pl.col("longitude").alias("to_lon"), pl.col("latitude").alias("to_lat"))
    pairs = pairs.join(places, on="customer", how="left")
    degrees = (pairs[column].cast(pl.Float64).fill_null(float("nan")).to_list() for column in ("longitude", "latitude", "to_lon", "to_lat"))
    km = pl.Series("km", distance_km(*degrees).tolist(), dtype=pl.Float64).fill_nan(float(rule["unknown_km"]))
    points = pl.col("evidence").replace_strict({k: float(v) for k, v in rule["points"].items()}, return_dtype=pl.Float64) + pl.when(pl.col("basis") == "estimated").then(float(rule["estimated"])).otherwise(0.0)
    return pairs.with_columns(km).with_columns((points + pl.col("km") / 100 * rule["per_100km"] + pl.col("days") / 10 * rule["per_10days"]).alias("points"))


def _outside(needs: pl.DataFrame, links: pl.DataFrame, extra: float) -> tuple[list[int], list[float]]:
    """Per need the group that shares what known suppliers elsewhere can add of its item (−1: none known), and each group's cap."""
    caps = links.filter(pl.col("supplier").is_null(), pl.col("customer").is_not_null()).group_by("item").agg(pl.col("amount").sum() * extra).filter(pl.col("amount") > 0).sort("item")
    place = {name: at for at, name in enumerate(caps["item"].to_list())}
    return [place.get(name, -1) for name in needs["item"].to_list()], caps["amount"].to_list()


def _allotted(edition: Edition, needs: pl.DataFrame, offers: pl.DataFrame, links: pl.DataFrame, elsewhere: float, rule: Parameter) -> Substitutes:
    numbers = rule.value
    usable = offers.filter(pl.col("spare") > 0)
    pools = usable.group_by("pool").agg(pl.col("spare").max()).sort("pool").with_row_index("at").with_columns(pl.col("at").cast(pl.Int64))
    usable = usable.join(pools.select("pool", "at"), on="pool").sort("need", "points", "enterprise")
    groups, caps = _outside(needs, links, numbers["outside_extra"])
    price = numbers["points"]["outside"] + numbers["days"]["outside"] / 10 * numbers["per_10days"]
    found = allot(needs["lost"].fill_null(0.0).to_list(), pools["spare"].to_list(), *(usable[column].to_list() for column in ("at", "need", "points")), outside_cost=price, outside_cap=caps, outside_group=groups)
    rows = list(usable.iter_rows(named=True))
    supplies = [Supply(r["item"], r["customer"], r["buyer"], r["enterprise"], r["name"], amount, r["spare"], r["basis"], r["evidence"], r["grade"], r["days"], r["points"])
                for r, amount in zip(rows, found.amount.tolist(), strict=True) if amount > 0]
    supplies.sort(key=lambda s: (s.item, s.customer, -s.amount, s.supplier))
    unknown = offers.filter(pl.col("spare").is_null()).sort("points", "enterprise").unique(["item", "enterprise"], keep="first", maintain_order=True)
    asked = [Candidate(r["item"], r["enterprise"], r["name"], r["evidence"], r["grade"]) for group in unknown.partition_by("item", maintain_order=True) for r in group.head(numbers["candidates"]).iter_rows(named=True)]
    return Substitutes(tuple(_told_needs(edition, needs, found, rows, groups)), tuple(supplies), tuple(asked), elsewhere, found.gap, rule)


def _told_needs(edition: Edition, needs: pl.DataFrame, found: Allotment, rows: list[dict[str, Any]], groups: list[int]) -> list[Need]:
    nodes = dict(edition.table("chain_node").select("id", "name").iter_rows())
    best, dearer = (values.tolist() for values in found.next_best())
    have = {r["need"] for r in rows}
    told = []
    for at, r in enumerate(needs.iter_rows(named=True)):
        short, outside = float(found.short[at]), float(found.outside[at])
        local = max(0.0, (r["lost"] or 0.0) - short - outside)
        reasons = ["名单没有写金额，先核实一年买多少"] if r["lost"] is None else []
        reasons += ["区内没有找到有富余产能的同类企业"] if r["lost"] is not None and at not in have else []
        reasons += ["区内富余产能已经用尽"] if at in have and short + outside > 0 else []
        reasons += ["区外没有已知的供应商"] if short > 0 and groups[at] < 0 else ["区外已知供应商增供也不够"] if short > 0 else []
        reasons += [f"向区外已知供应商采购 {outside:,.0f} 万元"] if outside > 0 else []
        reasons += ["区内富余产能可以补足"] if r["lost"] is not None and short <= 0 and outside <= 0 else []
        after = rows[best[at]]["name"] if best[at] >= 0 else None
        told.append(Need(r["item"], r["node"], nodes.get(r["node"]), r["customer"], r["buyer"], r["lost"], local, outside, short, after, dearer[at] if after else None, "；".join(reasons)))
    return told
