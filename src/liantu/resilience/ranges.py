"""How sure a shock's result is: the same shock on many networks that agree with all that is on record and differ where nothing is.

The networks are drawn once per content of the tables of trade (:mod:`liantu.methods.network_ensemble`) and kept; each shock is then followed on all of them. They know firms by their
main business only, so what counts is how far the loss on a drawn network lies from the loss on the links on record in the same simple form; that difference is laid
on the result of the exact network. The interval covers links that nobody told, not stocks, substitutes or whether an input is essential.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from liantu.kernel.arrays import arrays
from liantu.kernel.edition import Edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.kept import Kept
from liantu.methods.cascade import FirmNetwork, shock
from liantu.methods.firm_links import pair_kinds, pair_shares
from liantu.methods.network_ensemble import Ensemble, Known, draw_networks, interval, losses
from liantu.methods.network_ensemble import phone_list as named_firms
from liantu.resilience.exposure import Exposure
from liantu.resilience.network import DistrictNetwork, firm_network, trade_mark

SEED = 20261130
DRAWN_BY = ("purchase_share", "linked_share", "list_years", "essential_weight", "critical_essential", "industry_digits", "draws")  # numbers of the rule that drawn networks rest on
LINKS, TOTALS = ("draw", "supplier", "customer", "amount", "fixed"), ("sales", "purchases")


@dataclass(frozen=True)
class Range:
    """Output at stake (万元 a year): ``low`` to ``high`` at ``level`` from ``draws`` networks; never below what the shocked firms themselves lose."""

    low: float
    high: float
    level: float
    draws: int


@dataclass(frozen=True)
class ListToAsk:
    """A firm whose answers settle much of an interval: ``left`` is the share of today's width that remains after it and those before it; what to ask: its ``suppliers``, its ``customers``, its ``totals``."""

    enterprise: int
    left: float
    suppliers: bool
    customers: bool
    totals: bool


@dataclass(frozen=True)
class _Simple:
    """The district's firms by main business alone: what the drawn networks share."""

    known: Known
    sector: Any
    essential: Any
    sales: Any
    purchases: Any


def ready(edition: Edition) -> bool:
    """Whether the networks of an edition have been drawn."""
    return all(path.exists() for path in _paths(edition))


def prepare(edition: Edition, tell: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Draw the networks of an edition and keep them; how many. Nothing is done when they are there."""
    district = firm_network(edition)
    if not ready(edition):
        tell(0, 1)
        drawn = draw_networks(_simple(district).known, int(district.rule["draws"]), seed=SEED)
        frames = (pl.DataFrame({name: getattr(drawn, name) for name in LINKS}), pl.DataFrame({name: getattr(drawn, name).ravel() for name in TOTALS}))
        for path, frame in zip(_paths(edition), frames, strict=True):
            buffer = io.BytesIO()
            frame.write_parquet(buffer, compression="zstd")
            write_atomic(path, buffer.getvalue(), lasting=False)
    return int(district.rule["draws"])


def range_of(edition: Edition, exposure: Exposure) -> Range | None:
    """The interval of a shock to firms; None for shocks to links (the drawn networks do not know them apart) and while no networks are drawn."""
    if exposure.scenario.blocked or exposure.scenario.remaining_up or not ready(edition):
        return None
    district = exposure.district
    simple, drawn = _kept(str(_paths(edition)[0]), Kept((edition, district)))
    low = _left(exposure)
    weight, (seller, buyer, amount) = district.weights[:district.count, 0], _inside(district)
    tolerance, level = district.rule["tolerance"], float(district.rule["level"])
    told = shock(FirmNetwork(district.count, seller, buyer, amount, simple.sector, simple.essential, sales=simple.sales, purchases=simple.purchases), low, tolerance=tolerance)
    found = losses(drawn, simple.sector, simple.essential, low, weight, tolerance=tolerance)
    ends = interval(found.beyond, found.own, level=level)
    base = float((1 - told.level[0]) @ weight) - float(found.own[0, 0])
    centre, own = exposure.totals["output"], exposure.totals["output_own"]
    return Range(max(own, centre + min(0.0, float(ends[0][0, 0]) - base)), centre + max(0.0, float(ends[2][0, 0]) - base), level, drawn.draws)


def _left(exposure: Exposure) -> Any:
    low = pl.Series([1.0] * exposure.district.count).to_numpy().copy()
    for firm, share in exposure.scenario.remaining.items():
        low[exposure.district.places[firm]] = share
    return low


def lists_to_ask(edition: Edition, exposure: Exposure) -> list[ListToAsk]:
    """The firms whose lists and figures would narrow the interval most, in the order to ask them; none where no interval can be given."""
    if exposure.scenario.blocked or exposure.scenario.remaining_up or not ready(edition):
        return []
    district, numbers = exposure.district, exposure.district.rule
    simple, drawn = _kept(str(_paths(edition)[0]), Kept((edition, district)))
    low, weight = _left(exposure), district.weights[:district.count, 0]
    found = losses(drawn, simple.sector, simple.essential, low, weight, states=True, tolerance=numbers["tolerance"])
    named = named_firms(simple.known, drawn, found, simple.essential, low, weight, firms=int(numbers["calls"]))
    columns = zip(*(each.tolist() for each in (named.firm, named.share, named.left, named.suppliers, named.customers, named.totals)), strict=True)
    return [ListToAsk(district.ids[firm], left, bool(suppliers), bool(customers), bool(totals))
            for firm, share, left, suppliers, customers, totals in columns if share >= numbers["worth_asking"]]


def with_range(edition: Edition, exposure: Exposure) -> Exposure:
    """The exposure with its interval, where one can be given now."""
    found = range_of(edition, exposure)
    return replace(exposure, interval=(found.low, found.high)) if found else exposure


def _paths(edition: Edition) -> tuple[Path, Path]:
    rule = firm_network(edition).rule
    told = json.dumps([trade_mark(edition), {name: rule[name] for name in DRAWN_BY}, SEED])
    mark = hashlib.sha256(told.encode()).hexdigest()[:32]
    return folder("cache") / f"networks-{mark}-links.parquet", folder("cache") / f"networks-{mark}-totals.parquet"


@lru_cache(maxsize=2)
def _kept(path: str, kept: Kept) -> tuple[_Simple, Ensemble]:
    edition, district = kept.value
    links, totals = (pl.read_parquet(each) for each in _paths(edition))
    sales, purchases = (values.reshape(-1, district.count) for values in arrays(totals, *TOTALS))
    draws = len(sales)
    return _simple(district), Ensemble(draws, district.count, *arrays(links, *LINKS), sales, purchases, sales[:, :0])


def _inside(district: DistrictNetwork) -> tuple[Any, Any, Any]:
    return arrays(district.links.filter(pl.col("seller") < district.count), "seller", "buyer", "amount")  # type: ignore[return-value]


def _simple(district: DistrictNetwork) -> _Simple:
    firms = district.firms.head(district.count)
    labels = firms["label"].str.strip_prefix("several:")
    numbers = {label: at for at, label in enumerate(labels.unique().sort().to_list())}
    sector = labels.replace_strict(numbers, return_dtype=pl.Int64).to_numpy()
    inside = district.links.filter(pl.col("seller") < district.count)
    seller, buyer, amount, kind = arrays(inside, "seller", "buyer", "amount", "kind")
    essential = pair_kinds(sector[seller], sector[buyer], kind, amount, len(numbers))
    listed = firms["place"].is_in(district.links["buyer"].unique().implode())
    sales, purchases = arrays(firms, "sales", "purchases")
    bought = firms.with_columns(sector=pl.Series(sector)).filter(listed).group_by("sector").agg(pl.col("purchases").sum())
    whole = pl.DataFrame({"sector": range(len(numbers))}, schema={"sector": pl.Int64}).join(bought, on="sector", how="left").sort("sector")["purchases"].fill_null(0.0).to_numpy()
    told = inside.select(amount=pl.when("told").then("amount"))["amount"].fill_null(float("nan")).to_numpy()
    shares = pair_shares(sector[seller], sector[buyer], amount, whole)
    return _Simple(Known(sector=sector, sales=sales, purchases=purchases, shares=shares, supplier=seller, customer=buyer, amount=told, suppliers_complete=listed.to_numpy()), sector, essential, sales, purchases)
