"""The district's trade as the arrays of a cascade: firms, links, kinds of inputs, totals beyond the district, and what of all this is not known.

Firms stand at places 0 … ``count`` − 1; after them stands what is bought outside, one total per node (or per kind of business where
the node is not known). What is outside has no weight and never stops by itself; customers outside are part of a firm's sales only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import narwhals as nw
import polars as pl

from liantu.chains.shared import first_placement, latest_figures, working
from liantu.kernel.arrays import arrays
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.parameter import parameter
from liantu.methods.cascade import FirmNetwork
from liantu.methods.firm_links import fill_amounts, pair_kinds
from liantu.resilience.trade import newest_links, with_kind

TABLES = ("enterprise", "supply_link", "annual_figure", "placement", "chain_node", "node_link")
WEIGHTS = ("output", "jobs", "tax")
RULE = "shock"


@dataclass(frozen=True)
class Unknown:
    """What the network does not know. Ids of firms, but ``no_amount`` and ``no_node``: ids of supply links.

    ``no_figures``: linked firms with neither output nor revenue, whose sales and purchases are guessed; ``no_jobs``, ``no_tax``: linked firms without that
    figure; ``unplaced``: linked firms at no node; ``silent``: chain masters that never handed in a list of suppliers; ``old``: customers whose newest list is older than most.
    """

    no_figures: tuple[int, ...]
    no_jobs: tuple[int, ...]
    no_tax: tuple[int, ...]
    unplaced: tuple[int, ...]
    silent: tuple[int, ...]
    old: tuple[int, ...]
    no_amount: tuple[int, ...]
    no_node: tuple[int, ...]


@dataclass(frozen=True)
class DistrictNetwork:
    """A district's network. ``firms`` has one row per place, ``links`` one per known link (``seller`` and ``buyer`` are places).

    ``firms``: place, enterprise (null outside), name, uscc, park, chain_node, chain, sector (number), label (of the sector), output (the revenue of firms that report no
    output, such as services), jobs, tax (null where unknown), sales, purchases (all in 万元 a year, with what is outside the network). ``links``: id, seller, buyer, amount, told (whether the amount is on
    record), item, node, kind (2 essential, 1 not), year.
    """

    network: FirmNetwork
    firms: pl.DataFrame
    links: pl.DataFrame
    essential: Any
    market: Any
    count: int
    unknown: Unknown
    rule: Mapping[str, Any]

    @cached_property
    def ids(self) -> list[int]:
        """Enterprise ids by place."""
        return self.firms["enterprise"].head(self.count).to_list()

    @cached_property
    def names(self) -> list[str]:
        """Names by place."""
        return self.firms["name"].head(self.count).to_list()

    @cached_property
    def places(self) -> dict[int, int]:
        """Place by enterprise id."""
        return {firm: place for place, firm in enumerate(self.ids)}

    @cached_property
    def weights(self) -> Any:
        """Yearly output (万元), jobs (persons) and tax (万元) by place: (n, 3); unknown ones are 0."""
        return self.firms.select(pl.col(c).fill_null(0.0) for c in WEIGHTS).to_numpy()


def firm_network(edition: Edition) -> DistrictNetwork:
    """The network of an edition, made once per content and rule."""
    rule = parameter(RULE, date.fromisoformat(edition.manifest.as_of)).value
    return _of_edition(edition.manifest.content, str(rule), Kept((edition, rule)))


@lru_cache(maxsize=4)
def _of_edition(content: str, value: str, kept: Kept) -> DistrictNetwork:
    edition, rule = kept.value
    return district_network({name: edition.table(name) for name in TABLES}, rule)


def district_network(tables: Mapping[str, pl.DataFrame], numbers: Mapping[str, Any]) -> DistrictNetwork:
    """The network of these tables (:data:`TABLES`) by the numbers of the rule ``shock``."""
    firms = _firms(tables, numbers)
    counted = firms.select("enterprise", "place")
    links = with_kind(newest_links(tables["supply_link"], numbers["list_years"]), tables["placement"], tables["chain_node"], tables["node_link"], numbers)
    links = links.join(counted.rename({"enterprise": "supplier", "place": "seller"}), on="supplier", how="left")
    links = links.join(counted.rename({"enterprise": "customer", "place": "buyer"}), on="customer", how="left")
    inside = links.filter(pl.col("buyer").is_not_null(), pl.col("seller").is_not_null() | pl.col("supplier").is_null()).with_columns(
        pl.when(pl.col("node").is_not_null()).then(pl.format("n{}", "node")).otherwise(pl.lit("u")).alias("sold_as"))
    outside = inside.filter(pl.col("seller").is_null()).select("sold_as", "node").unique().sort("sold_as").with_row_index("rank")
    outside = outside.with_columns((pl.col("rank").cast(pl.Int64) + firms.height).alias("place"))
    inside = inside.join(outside.select("sold_as", outer="place"), on="sold_as", how="left").with_columns(pl.coalesce("seller", "outer").alias("seller")).sort("id")
    sold_out = links.filter(pl.col("customer").is_null(), pl.col("seller").is_not_null()).group_by(pl.col("seller").alias("place")).agg(pl.col("amount").sum().alias("sold_outside"))
    return _assembled(firms.join(sold_out, on="place", how="left"), outside, inside, tables, numbers)


def _firms(tables: Mapping[str, pl.DataFrame], numbers: Mapping[str, Any]) -> pl.DataFrame:
    """One row per firm that works here, in the order of ids, with its first node, what kind of business it is, and its latest figures."""
    placement = tables["placement"].filter(pl.col("grade").is_in(["confirmed", "likely"]))
    first = nw.to_native(first_placement(nw.from_native(placement))).join(placement.select(placement="id", chain_node="chain_node"), on="placement", how="inner")
    firms = nw.to_native(working(nw.from_native(tables["enterprise"]))).select("name", "uscc", "park", "industry_code", enterprise="id").sort("enterprise").with_row_index("place")
    firms = firms.join(first.select("enterprise", "chain_node"), on="enterprise", how="left").join(tables["chain_node"].select(chain_node="id", chain="chain"), on="chain_node", how="left")
    figures = nw.to_native(latest_figures(nw.from_native(tables["annual_figure"]))).select("enterprise", pl.coalesce("output", "revenue").alias("output"), "revenue", "tax", jobs="employees")
    firms = firms.join(figures, on="enterprise", how="left").sort("place")
    business = pl.col("industry_code").str.slice(0, numbers["industry_digits"])
    label = pl.when(pl.col("chain_node").is_not_null()).then(pl.format("n{}", "chain_node")).when(business.is_not_null()).then(pl.format("i{}", business)).otherwise(pl.lit("u"))
    return firms.with_columns(pl.col("place").cast(pl.Int64), label.alias("label"), pl.col("jobs").cast(pl.Float64))


def _assembled(firms: pl.DataFrame, outside: pl.DataFrame, links: pl.DataFrame, tables: Mapping[str, pl.DataFrame], numbers: Mapping[str, Any]) -> DistrictNetwork:
    count = firms.height
    beyond = outside.select("place", pl.col("sold_as").alias("label"), chain_node="node")
    everyone = pl.concat([firms.drop("industry_code"), beyond], how="diagonal").sort("place")
    labels = {label: at for at, label in enumerate(everyone["label"].unique().sort().to_list())}
    everyone = everyone.with_columns(pl.col("label").replace_strict(labels, return_dtype=pl.Int64).alias("sector"))
    taken = pl.coalesce("revenue", "output")
    everyone = everyone.with_columns((taken * numbers["purchase_share"]).alias("purchases"), taken.alias("sales"))
    seller, buyer, told, kind = arrays(links, "seller", "buyer", "amount", "kind")
    amount = fill_amounts(told, seller, buyer, *arrays(everyone, "purchases", "sales"))
    links = links.with_columns(pl.col("amount").is_not_null().alias("told")).with_columns(pl.Series("amount", amount))
    everyone = _totals(everyone, links, numbers)
    (sector,) = arrays(everyone, "sector")
    (market,) = arrays(everyone.select(pl.when(pl.col("place") < count).then(pl.col("sector")).otherwise(pl.col("place") + len(labels)).alias("market")), "market")
    essential = pair_kinds(sector[seller], sector[buyer], kind, amount, len(labels))
    network = FirmNetwork(everyone.height, seller, buyer, amount, sector, essential, market=market, sales=everyone["sales"].to_numpy(), purchases=everyone["purchases"].to_numpy())
    kept = links.select("id", "seller", "buyer", "amount", "told", "item", "node", "kind", "year", "supplier_name")
    return DistrictNetwork(network, everyone.drop("sold_outside", "revenue"), kept, essential, market, count, _unknown(everyone, links, tables, count), numbers)


def _totals(everyone: pl.DataFrame, links: pl.DataFrame, numbers: Mapping[str, Any]) -> pl.DataFrame:
    """Sales and purchases with what lies outside the network: the revenue (and its usual share) but never less than the links; where no revenue is
    known, the links and as much again as lists usually leave out."""
    sums = everyone.join(links.group_by(pl.col("seller").alias("place")).agg(pl.col("amount").sum().alias("sold")), on="place", how="left")
    sums = sums.join(links.group_by(pl.col("buyer").alias("place")).agg(pl.col("amount").sum().alias("bought")), on="place", how="left")
    sold, bought = pl.col("sold").fill_null(0.0) + pl.col("sold_outside").fill_null(0.0), pl.col("bought").fill_null(0.0)
    at_home = pl.col("enterprise").is_not_null()
    usual = pl.when(at_home).then(pl.lit(numbers["linked_share"])).otherwise(1.0)
    return sums.with_columns(pl.max_horizontal(sold, pl.coalesce("sales", sold / usual)).alias("sales"),
                             pl.max_horizontal(bought, pl.coalesce("purchases", bought / usual)).alias("purchases")).drop("sold", "bought").sort("place")


def _unknown(everyone: pl.DataFrame, links: pl.DataFrame, tables: Mapping[str, pl.DataFrame], count: int) -> Unknown:
    linked = pl.concat([links["seller"], links["buyer"]]).unique()
    firms = everyone.filter(pl.col("place") < count, pl.col("place").is_in(linked.implode()))
    ids = lambda condition: tuple(firms.filter(condition)["enterprise"].to_list())  # noqa: E731
    masters = tables["placement"].filter(pl.col("role") == "master", pl.col("grade") != "rejected")["enterprise"].unique()
    here = everyone.filter(pl.col("enterprise").is_in(masters.implode()))
    silent = here.filter(~pl.col("enterprise").is_in(tables["supply_link"]["customer"].drop_nulls().unique().implode()))
    old = everyone.join(links.filter(pl.col("year") < pl.lit(links["year"].median()).floor()).select(place="buyer").unique(), on="place", how="semi")
    return Unknown(ids(pl.col("output").is_null()), ids(pl.col("jobs").is_null()), ids(pl.col("tax").is_null()), ids(pl.col("chain_node").is_null()),
                   tuple(silent["enterprise"].to_list()), tuple(old["enterprise"].to_list()), tuple(links.filter(~pl.col("told"))["id"].to_list()),
                   tuple(links.filter(pl.col("node").is_null())["id"].to_list()))
