"""What may befall a district, as a cascade reads it: a firm stops, a road is closed, an item cannot be had, a park loses power."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

import polars as pl

from liantu.kernel.problems import UserError
from liantu.resilience.network import DistrictNetwork

KINDS = ("stop", "road", "item", "power")
OUTSIDE = 0  # stands for everything outside the district where a park is asked for
ANYWHERE, ONLY_OUTSIDE = "all", "outside"


@dataclass(frozen=True)
class Scenario:
    """``remaining`` and ``remaining_up``: what is left of firms (by enterprise id, 0–1), of their supply and of their demand; ``remaining_up`` only where it differs.

    ``blocked``: ids of supply links that carry nothing. ``replaceable``: whether others of a market may sell in the place of what is blocked.
    """

    kind: str
    remaining: dict[int, float] = field(default_factory=dict)
    remaining_up: dict[int, float] = field(default_factory=dict)
    blocked: tuple[int, ...] = ()
    replaceable: bool = True


def _share(share: float) -> float:
    if not 0 <= share < 1:
        raise UserError(f"剩余产能看到 {share:g}，应为 0 到 1 之间（0 为完全停产，0.6 为还剩六成）。", code="bad-share")
    return float(share)


def stopped(network: DistrictNetwork, firms: Iterable[int], share: float = 0.0) -> Scenario:
    """Firms of which only ``share`` of the capacity is left.

    Raises UserError (``unknown-firm``, ``bad-share``).
    """
    chosen, known = list(firms), network.places
    strange = [firm for firm in chosen if firm not in known]
    if strange or not chosen:
        raise UserError(f"网络里没有企业编号 {'、'.join(map(str, strange)) or '（未选企业）'}。", code="unknown-firm", hint="请选本区在营的企业。")
    return Scenario("stop", dict.fromkeys(chosen, _share(share)))


def power_cut(network: DistrictNetwork, park: int, share: float = 0.0) -> Scenario:
    """Every firm of a park works at ``share`` of its capacity.

    Raises UserError (``nobody-there``, ``bad-share``).
    """
    there = network.firms.filter(pl.col("park") == park)["enterprise"].to_list()
    if not there:
        raise UserError("这个园区在网络里没有企业。", code="nobody-there", hint="请另选园区。")
    return Scenario("power", dict.fromkeys(there, _share(share)))


def road_closed(network: DistrictNetwork, park: int, other: int = OUTSIDE) -> Scenario:
    """Nothing passes between two parks; or between one park and everything outside the district.

    To the outside a park loses the purchases and the sales that no list places inside the district. Raises UserError (``same-park``, ``nothing-passes``).
    """
    if park == other:
        raise UserError("两头是同一个园区。", code="same-park", hint="请选两个不同的园区，或一头选区外。")
    places = network.firms.select("place", home=pl.col("park").fill_null(-1), inside=pl.col("enterprise").is_not_null())
    links = network.links.join(places.select(seller="place", from_park="home", from_inside="inside"), on="seller").join(places.select(buyer="place", to_park="home"), on="buyer")
    if other == OUTSIDE:
        return _cut_off(network, park, links.filter(~pl.col("from_inside"), pl.col("to_park") == park))
    passes = ((pl.col("from_park") == park) & (pl.col("to_park") == other)) | ((pl.col("from_park") == other) & (pl.col("to_park") == park))
    blocked = links.filter(passes)["id"].to_list()
    if not blocked:
        raise UserError("两个园区之间没有登记的供需关系。", code="nothing-passes", hint="请另选园区，或先收齐供需名单。")
    return Scenario("road", blocked=tuple(blocked))


def _cut_off(network: DistrictNetwork, park: int, inbound: pl.DataFrame) -> Scenario:
    sold = network.links.group_by(place="seller").agg(pl.col("amount").sum().alias("sold"))
    bought = network.links.group_by(place="buyer").agg(pl.col("amount").sum().alias("bought"))
    there = network.firms.filter(pl.col("park") == park).join(sold, on="place", how="left").join(bought, on="place", how="left")
    if there.is_empty():
        raise UserError("这个园区在网络里没有企业。", code="nobody-there", hint="请另选园区。")
    inside = {"down": ("bought", "purchases"), "up": ("sold", "sales")}
    kept = {name: there.select(pl.when(pl.col(whole) > 0).then(pl.col(part).fill_null(0.0) / pl.col(whole)).otherwise(1.0).clip(0, 1))[part].to_list() for name, (part, whole) in inside.items()}
    firms = there["enterprise"].to_list()
    return Scenario("road", dict(zip(firms, kept["down"], strict=True)), dict(zip(firms, kept["up"], strict=True)), tuple(inbound["id"].to_list()))


def item_banned(network: DistrictNetwork, node: int, scope: str = ANYWHERE) -> Scenario:
    """Nothing that a node makes can be had: from nowhere (``all``), or not from outside (``outside``), in which case local firms may sell more.

    Raises UserError (``unknown-scope``, ``nothing-supplied``).
    """
    if scope not in (ANYWHERE, ONLY_OUTSIDE):
        raise UserError(f"断供范围看到「{scope}」，应为 all（哪里都买不到）或 outside（区外买不到）。", code="unknown-scope")
    links = network.links.filter(pl.col("node") == node)
    if scope == ONLY_OUTSIDE:
        links = links.filter(pl.col("seller") >= network.count)
    if links.is_empty():
        raise UserError("没有登记过这个环节的供货。", code="nothing-supplied", hint="请另选环节，或先收齐供需名单。")
    return Scenario("item", blocked=tuple(links["id"].to_list()), replaceable=scope == ONLY_OUTSIDE)
