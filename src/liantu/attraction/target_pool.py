"""Who the candidates are: the pool and the lead firms of the map of elsewhere under one name each, where they stand, and what is known of them since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from liantu.kernel.names import name_key
from liantu.kernel.word_lists import split_words
from liantu.methods.placement import FirmText, NodeText, Placer

TABLES = ("candidate_firm", "candidate_figure", "candidate_sign", "candidate_link", "candidate_landing", "outside_presence", "supply_link", "chain_node", "chain", "enterprise", "chain_masters")
COPIED = ("province", "city", "longitude", "latitude", "marks")


@dataclass(frozen=True)
class Pool:
    """What does not depend on the day. ``firms``: one row per firm (``candidate``: its id, or the negative id of a presence that is in no pool); the others carry ``candidate`` too.

    ``links`` hold kind, enterprise (null for one not in the register), firm (its name), item, since, master; ``landings`` here, happened_on.
    """

    firms: pl.DataFrame
    figures: pl.DataFrame
    signs: pl.DataFrame
    links: pl.DataFrame
    landings: pl.DataFrame
    home: tuple[float, float] | None


def pool_of(tables: Mapping[str, pl.DataFrame], placing: Mapping[str, Any]) -> Pool:
    """The pool from the tables of an edition; firms whose record tells no node are placed by their products and scope."""
    own = tables["candidate_firm"].with_columns(key=_keys(tables["candidate_firm"]["name"])).sort("id")
    own = own.with_columns(candidate=pl.col("id").min().over("key"))
    coded = pl.col("uscc").is_not_null() & (pl.col("uscc") != "")
    own = own.with_columns(candidate=pl.when(coded).then(pl.col("candidate").min().over("uscc")).otherwise("candidate")).with_columns(candidate=pl.col("candidate").min().over("key"))
    leaders = tables["outside_presence"].filter(pl.col("kind").fill_null("leader") == "leader").with_columns(key=_keys(tables["outside_presence"].filter(pl.col("kind").fill_null("leader") == "leader")["name"]))
    leaders = leaders.sort("id").unique("key", keep="first", maintain_order=True)
    firms = _placed(_with_places(_joined(own, leaders)), tables, placing)
    one = own.select("id", "candidate")
    whose = own.select("key", "candidate").unique("key", keep="first", maintain_order=True)
    whose = pl.concat([whose, leaders.join(whose, on="key", how="anti").select("key", candidate=-pl.col("id"))])

    def of(name: str) -> pl.DataFrame:
        return tables[name].rename({"candidate": "told"}).join(one.rename({"id": "told"}), on="told", how="inner").drop("told")

    figures = of("candidate_figure").group_by("candidate", "year").agg(pl.col("revenue").cast(pl.Float64).max(), pl.col("employees").max())
    return Pool(firms, figures, of("candidate_sign").select("candidate", "kind", "happened_on", "detail"), _links(of("candidate_link"), tables, whose),
                of("candidate_landing").select("candidate", pl.col("here").fill_null(False), "happened_on"), _home(tables["enterprise"]))


def _keys(names: pl.Series) -> pl.Series:
    """The register's key under which spellings of one name are equal."""
    told = {name: name_key(name) for name in names.unique().drop_nulls().to_list()}
    return names.replace_strict(told, default=None, return_dtype=pl.String)


def _joined(own: pl.DataFrame, leaders: pl.DataFrame) -> pl.DataFrame:
    """One row per firm: the pool's with what the map of elsewhere adds, then leaders that no pool names."""
    known = own.filter(pl.col("id") == pl.col("candidate"))
    extra = leaders.select("key", presence="id", presence_node="chain_node", presence_revenue=pl.col("revenue").cast(pl.Float64), **{f"presence_{c}": c for c in COPIED})
    rows = known.join(extra, on="key", how="left").with_columns(*(pl.coalesce(c, f"presence_{c}") for c in COPIED), node=pl.coalesce("chain_node", "presence_node"))
    new = extra.join(known.select("key"), on="key", how="anti").join(leaders.select("key", "name", "source"), on="key", how="left")
    new = new.with_columns(candidate=-pl.col("presence"), node="presence_node", pool=pl.lit("elsewhere"), **{c: pl.col(f"presence_{c}") for c in COPIED})
    return pl.concat([rows, new], how="diagonal_relaxed").select(
        "candidate", "presence", "name", "pool", "node", "province", "city", *(pl.col(c).cast(pl.Float64) for c in ("longitude", "latitude")), "products", "scope", "marks",
        *(pl.col(c).cast(pl.Float64) for c in ("rd_share", "land_need_mu", "energy_need_tce")), "pollution", "listed_on", "source", "presence_revenue")


def _with_places(firms: pl.DataFrame) -> pl.DataFrame:
    """Firms without coordinates stand in the middle of those of the same city."""
    middle = [pl.col(c).median().over("city") for c in ("longitude", "latitude")]
    return firms.with_columns(pl.when(pl.col(c).is_null() & pl.col("city").is_not_null()).then(m).otherwise(c).alias(c) for c, m in zip(("longitude", "latitude"), middle, strict=True))


def _placed(firms: pl.DataFrame, tables: Mapping[str, pl.DataFrame], placing: Mapping[str, Any]) -> pl.DataFrame:
    """With ``node_how``: ``record``, ``placed`` (the likeliest node by its words) or null."""
    asked = firms.filter(pl.col("node").is_null() & (pl.col("products").is_not_null() | pl.col("scope").is_not_null()))
    found: dict[int, int] = {}
    if asked.height and tables["chain_node"].height:
        chains = dict(tables["chain"].select("id", "code").iter_rows())
        nodes = [NodeText(code=n["code"], name=n["name"], synonyms=split_words(n["synonyms"]), products=split_words(n["products"]), excludes=split_words(n["excludes"]),
                          industry_codes=split_words(n["industry_codes"]), chain=chains.get(n["chain"], ""), group_name=n["group_name"] or "")
                 for n in tables["chain_node"].sort("id").iter_rows(named=True)]
        ids = dict(tables["chain_node"].select("code", "id").iter_rows())
        texts = [FirmText(c, name, scope or "", split_words(products), "") for c, name, scope, products in asked.select("candidate", "name", "scope", "products").iter_rows()]
        for item in Placer(nodes, likely=placing["likely"], verify=placing["verify"]).place(texts, at_most=1):
            if item.grade == "likely":
                found[int(item.key)] = ids[item.node]
    machine = pl.col("candidate").replace_strict(found, default=None, return_dtype=pl.Int64)
    how = pl.when(pl.col("node").is_not_null()).then(pl.lit("record")).when(machine.is_not_null()).then(pl.lit("placed"))
    return firms.with_columns(how.alias("node_how"), pl.coalesce("node", machine).alias("node"))


def _links(told: pl.DataFrame, tables: Mapping[str, pl.DataFrame], whose: pl.DataFrame) -> pl.DataFrame:
    """Links on record and those that the supply lists of firms here tell: a name from outside that is a candidate's."""
    firms = tables["enterprise"].select(enterprise="id", known="name")
    masters = tables["chain_masters"].filter(pl.col("named").fill_null(False) | pl.col("meets_floor").fill_null(False)).select("enterprise", master=pl.lit(True)).unique("enterprise")
    rows = [told.select("candidate", "kind", "enterprise", firm="enterprise_name", item="item", since="since", year=pl.lit(None, pl.Int64))]
    for kind, outside, here in (("supplies", "supplier", "customer"), ("buys", "customer", "supplier")):
        trade = tables["supply_link"].filter(pl.col(outside).is_null() & pl.col(f"{outside}_name").is_not_null() & pl.col(here).is_not_null())
        trade = trade.with_columns(key=_keys(trade[f"{outside}_name"])).join(whose, on="key", how="inner")
        rows.append(trade.select("candidate", kind=pl.lit(kind), enterprise=here, firm=f"{here}_name", item="item", since=pl.lit(None, pl.Date), year=pl.col("year").cast(pl.Int64)))
    links = pl.concat(rows, how="vertical_relaxed").join(firms, on="enterprise", how="left").join(masters, on="enterprise", how="left")
    return links.with_columns(firm=pl.coalesce("known", "firm"), master=pl.col("master").fill_null(False)).drop("known")


def _home(enterprise: pl.DataFrame) -> tuple[float, float] | None:
    """The middle of the district: the median of its firms' coordinates."""
    middle = enterprise.select(pl.col("longitude").cast(pl.Float64).median(), pl.col("latitude").cast(pl.Float64).median()).row(0)
    return None if None in middle else (float(middle[0]), float(middle[1]))
