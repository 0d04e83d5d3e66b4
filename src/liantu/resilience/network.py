"""The district's trade as the arrays of a cascade: firms, links, kinds of inputs, totals beyond the district, and what of all this is not known.

Firms stand at places 0 … ``count`` − 1. After them stands what is bought outside, one total per node (or one for all where the node is not known), and, for firms
that sell products of several nodes, one product line per node: the firm feeds its lines and they sell, so that an input is essential, and others can stand in for it, by what it
is and not by what its maker mainly does. Totals from outside and lines have no weight and never stop by themselves; customers outside are part of a firm's sales only.
"""

from __future__ import annotations

import hashlib
import json
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
from liantu.resilience.trade import ESSENTIAL, newest_links, with_kind

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
    """A district's network. ``firms`` has one row per place, ``links`` one per known link (``seller``: place of the firm or of the total outside, ``origin``: of its product line
    where it has several, else the same, ``buyer``), ``flows`` what the cascade runs along: the links and, without an id, what firms feed to their lines.

    ``firms``: place, owner (place of the firm, null outside), enterprise (null for lines and outside), name, uscc, park, chain_node, chain, sector (number), label (of the sector), output (the revenue of firms that report no
    output, such as services), jobs, tax (null where unknown), sales, purchases (all in 万元 a year, with what is outside the network). ``links``: id, seller, buyer, amount, told (whether the amount is on
    record), item, node, kind (2 essential, 1 not), year.
    """

    network: FirmNetwork
    firms: pl.DataFrame
    links: pl.DataFrame
    flows: pl.DataFrame
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


def trade_mark(edition: Edition) -> str:
    """Hash of the tables that the network is made of: equal for editions that differ in other things alone, such as an event or a verdict."""
    text = json.dumps([[name, edition.manifest.tables.get(name, {}).get("sha256")] for name in TABLES])
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def firm_network(edition: Edition) -> DistrictNetwork:
    """The network of an edition, made once per content of its tables and rule."""
    rule = parameter(RULE, date.fromisoformat(edition.manifest.as_of)).value
    return _of_edition(trade_mark(edition), str(rule), Kept((edition, rule)))


@lru_cache(maxsize=4)
def _of_edition(content: str, value: str, kept: Kept) -> DistrictNetwork:
    edition, rule = kept.value
    return district_network({name: edition.table(name) for name in TABLES}, rule)


def district_network(tables: Mapping[str, pl.DataFrame], numbers: Mapping[str, Any]) -> DistrictNetwork:
    """The network of these tables (:data:`TABLES`) by the numbers of the rule ``shock``."""
    firms = _firms(tables, numbers)
    here = firms.select("enterprise", "place", "label")
    links = with_kind(newest_links(tables["supply_link"], numbers["list_years"]), tables["placement"], tables["chain_node"], tables["node_link"], numbers)
    links = links.join(here.rename({"enterprise": "supplier", "place": "seller", "label": "own"}), on="supplier", how="left")
    links = links.join(here.select(customer="enterprise", buyer="place"), on="customer", how="left").sort("id")
    links = links.with_columns(pl.when(pl.col("node").is_not_null()).then(pl.format("n{}", "node")).otherwise(pl.coalesce("own", pl.lit("u"))).alias("sold_as"))
    inside = links.filter(pl.col("buyer").is_not_null(), pl.col("seller").is_not_null() | pl.col("supplier").is_null())
    sold_out = links.filter(pl.col("customer").is_null(), pl.col("seller").is_not_null()).group_by(pl.col("seller").alias("place")).agg(pl.col("amount").sum().alias("sold_outside"))
    mixed = inside.filter(pl.col("seller").is_not_null()).group_by("seller").agg(((pl.col("sold_as") != pl.col("own")).any()).alias("mixed")).filter("mixed")["seller"]
    ends = inside.select("sold_as", owner=pl.when(pl.col("seller").is_null() | pl.col("seller").is_in(mixed.implode())).then(pl.coalesce("seller", -1)).otherwise(None))
    more = ends.filter(pl.col("owner").is_not_null()).unique().sort("owner", "sold_as").with_row_index("rank")
    more = more.with_columns(pl.col("rank").cast(pl.Int64) + firms.height).rename({"rank": "origin"})
    inside = inside.with_columns(pl.coalesce("seller", -1).alias("owner")).join(more, on=["owner", "sold_as"], how="left").with_columns(pl.coalesce("origin", "seller").alias("origin")).sort("id")
    return _assembled(firms.join(sold_out, on="place", how="left"), more, inside, tables, numbers)


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


def _assembled(firms: pl.DataFrame, more: pl.DataFrame, links: pl.DataFrame, tables: Mapping[str, pl.DataFrame], numbers: Mapping[str, Any]) -> DistrictNetwork:
    count = firms.height
    lines = more.filter(pl.col("owner") >= 0)
    several = pl.col("place").is_in(lines["owner"].unique().implode())
    firms = firms.drop("industry_code").with_columns(pl.col("place").alias("owner"), pl.when(several).then("several:" + pl.col("label")).otherwise("label").alias("label"))
    node = pl.col("sold_as").str.strip_prefix("n").cast(pl.Int64, strict=False)
    others = more.select(pl.col("origin").alias("place"), pl.col("sold_as").alias("label"), node.alias("chain_node"), pl.when(pl.col("owner") >= 0).then("owner").alias("owner"))
    everyone = pl.concat([firms, others], how="diagonal").sort("place")
    labels = {label: at for at, label in enumerate(everyone["label"].unique().sort().to_list())}
    alone = several | ((pl.col("place") >= count) & pl.col("owner").is_null())
    sector = pl.col("label").replace_strict(labels, return_dtype=pl.Int64)
    everyone = everyone.with_columns(sector.alias("sector"), pl.when(alone).then(pl.col("place") + len(labels)).otherwise(sector).alias("market"))
    taken = pl.coalesce("revenue", "output")
    everyone = everyone.with_columns((taken * numbers["purchase_share"]).alias("purchases"), taken.alias("sales"))
    seller, buyer, told = arrays(links.with_columns(pl.coalesce("seller", "origin").alias("seller")), "seller", "buyer", "amount")
    amount = fill_amounts(told, seller, buyer, *arrays(everyone, "purchases", "sales"))
    links = links.with_columns(pl.col("amount").is_not_null().alias("told")).with_columns(pl.Series("amount", amount))
    within = lines.join(links.group_by("origin").agg(pl.col("amount").sum()), on="origin").select(pl.lit(None, dtype=pl.Int64).alias("id"), origin="owner", buyer="origin", amount="amount")
    flows = pl.concat([links.select("id", "origin", "buyer", "amount", "kind"), within.sort("buyer").with_columns(pl.lit(ESSENTIAL, dtype=pl.Int64).alias("kind"))])
    everyone = _totals(everyone, flows, numbers)
    origin, buyer, amount, kind = arrays(flows, "origin", "buyer", "amount", "kind")
    sectors, market, sales, purchases = arrays(everyone, "sector", "market", "sales", "purchases")
    network = FirmNetwork(everyone.height, origin, buyer, amount, sectors, pair_kinds(sectors[origin], sectors[buyer], kind, amount, len(labels)), market=market, sales=sales, purchases=purchases)
    kept = links.select("id", "origin", pl.coalesce("seller", "origin").alias("seller"), "buyer", "amount", "told", "item", "node", "kind", "year", "supplier_name")
    return DistrictNetwork(network, everyone.drop("sold_outside", "revenue", "market"), kept, flows, count, _unknown(everyone, kept, tables, count), numbers)


def _totals(everyone: pl.DataFrame, links: pl.DataFrame, numbers: Mapping[str, Any]) -> pl.DataFrame:
    """Sales and purchases with what lies outside the network: the revenue (and its usual share) but never less than the links; where no revenue is
    known, the links and as much again as lists usually leave out."""
    sums = everyone.join(links.group_by(pl.col("origin").alias("place")).agg(pl.col("amount").sum().alias("sold")), on="place", how="left")
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
    old = everyone.join(links.filter(pl.col("year") < int(links["year"].median() or 0)).select(place="buyer").unique(), on="place", how="semi")
    return Unknown(ids(pl.col("output").is_null()), ids(pl.col("jobs").is_null()), ids(pl.col("tax").is_null()), ids(pl.col("chain_node").is_null()),
                   tuple(silent["enterprise"].to_list()), tuple(old["enterprise"].to_list()), tuple(links.filter(~pl.col("told"))["id"].to_list()),
                   tuple(links.filter(pl.col("node").is_null())["id"].to_list()))
