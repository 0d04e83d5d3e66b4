"""Points of candidate firms as they would have been known on a day: one way of scoring for the list of today and for its replay.

Each reason has its points and the words that they rest on. All thresholds are in the rule ``target_score``; nothing is learnt and nothing is hidden.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from liantu.attraction.choices import EXPANSION, LINKS, RELOCATION, RISKS, SIGNS
from liantu.attraction.target_pool import Pool
from liantu.kernel.relations import months_before
from liantu.methods.geo import distance_km

PARTS = ("gap", "link", "size", "expansion", "distance", "technology", "feasible")
POINTS = tuple(f"{p}_points" for p in (*PARTS, "risk"))
WORDS = {c.value: c.zh for c in (*LINKS, *SIGNS)}
STATUS_WORDS = {"missing": "缺失", "weak": "薄弱", "at_risk": "系于一家"}
VERDICT_WORDS = {"attract": "招引", "grow": "培育", "cooperate": "协作", "drop": "放弃", "verify": "待核"}
NONE = pl.lit(None, dtype=pl.String)


def scored(pool: Pool, gaps: pl.DataFrame, rule: Mapping[str, Any], day: date, *, past: bool = False) -> pl.DataFrame:
    """One row per firm of the pool as known on ``day`` and not landed here by then, with points, their words, ``score``, ``rank`` and ``short_listed``.

    ``gaps``: node (id), node_code, node_name, chain_code, chain_name, status, critical, verdict. In the past (``past``) what has no date was not known.
    """
    firms = pool.firms.filter(_known("listed_on", day, past))
    firms = firms.with_columns(_distance_column(firms, pool))
    landed = pool.landings.filter(pl.col("here") & (pl.col("happened_on") <= day)).select("candidate").unique()
    firms = firms.join(landed, on="candidate", how="anti").join(gaps, on="node", how="left")
    for part in (_gap(rule), _technology(rule), _feasible(rule)):
        firms = firms.with_columns(*part)
    firms = firms.join(_links(pool, rule, day, past), on="candidate", how="left").join(_size(pool, rule, day), on="candidate", how="left")
    firms = firms.join(_signs(pool, rule, day), on="candidate", how="left")
    firms = firms.with_columns(*_size_points(rule, past)).with_columns(*_distance(rule))
    full = rule["full"]
    firms = firms.with_columns(*(pl.col(f"{p}_points").fill_null(0.0).clip(0.0, full[p]).round(2) for p in PARTS), pl.col("risk_points").fill_null(0.0))
    firms = firms.with_columns(score=pl.sum_horizontal(POINTS).round(2), kept_off=pl.col("kept_off").fill_null(False))
    firms = firms.sort("score", "size_points", "candidate", descending=[True, True, False]).with_row_index("rank", offset=1)
    listed = (pl.col("score") >= rule["short_floor"]) & ~pl.col("kept_off")
    line = int(rule["short_share"] * firms.height)
    return firms.with_columns(pl.col("rank").cast(pl.Int64), short_listed=listed & (listed.cast(pl.Int64).cum_sum() <= line), pool_size=pl.lit(firms.height, pl.Int64))


def _known(column: str, day: date, past: bool) -> pl.Expr:
    told = pl.col(column) <= day
    return told.fill_null(False) if past else told.fill_null(True)


def _table(values: Mapping[str, Any], column: str) -> pl.Expr:
    return pl.col(column).replace_strict({k: float(v) for k, v in values.items()}, default=None, return_dtype=pl.Float64)


def _steps(column: pl.Expr, lines: Mapping[str, float], points: Mapping[str, float], *, upto: bool = False) -> pl.Expr:
    """Points of the first class, from the best, whose line a value reaches (or stays within); those of the class without a line below all."""
    rest = next((v for k, v in points.items() if k not in lines), 0.0)
    found: Any = pl.when(column.is_null()).then(None)
    for name, line in lines.items():
        found = found.when(column <= line if upto else column >= line).then(float(points[name]))
    return found.otherwise(float(rest))  # type: ignore[no-any-return]


def _gap(rule: Mapping[str, Any]) -> list[pl.Expr]:
    """Fit to a gap: by the node's state, times the verdict on it, less at nodes that are not critical."""
    verdict = pl.when(pl.col("verdict").is_null()).then(1.0).otherwise(_table(rule["verdict_share"], "verdict"))
    critical = pl.when(pl.col("critical").fill_null(False)).then(1.0).otherwise(float(rule["ordinary_share"]))
    told = pl.concat_str([pl.col("chain_name"), pl.lit("·"), pl.col("node_name"), pl.lit("，本区"), pl.col("status").replace_strict(STATUS_WORDS, default=""),
                          pl.when(pl.col("verdict").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit("，判断："), pl.col("verdict").replace_strict(VERDICT_WORDS, default="")])),
                          pl.when(pl.col("node_how") == "placed").then(pl.lit("（环节由产品和经营范围推得）")).otherwise(pl.lit(""))])
    placed = pl.when(pl.col("node").is_null()).then(pl.lit("不知道做哪个环节")).otherwise(pl.lit("所在环节本区不缺"))
    return [(_table(rule["gap_share"], "status") * verdict * critical * rule["full"]["gap"]).alias("gap_points"), pl.when(pl.col("status").is_null()).then(placed).otherwise(told).alias("gap_basis")]


def _technology(rule: Mapping[str, Any]) -> list[pl.Expr]:
    best: Any = pl.max_horizontal(*(pl.when(pl.col("marks").fill_null("").str.contains(word, literal=True)).then(float(v)).otherwise(0.0) for word, v in rule["mark_points"].items()))
    research = _steps(pl.col("rd_share"), rule["rd_from"], rule["rd_points"]).fill_null(0.0)
    research = pl.when(pl.col("rd_share") >= min(rule["rd_from"].values())).then(research).otherwise(0.0)
    told = pl.concat_str([pl.col("marks").fill_null(""), pl.when(pl.col("rd_share").is_null()).then(pl.lit("")).otherwise(
        pl.concat_str([pl.lit(" 研发强度 "), (pl.col("rd_share") * 100).round(1).cast(pl.String), pl.lit("%")]))]).str.strip_chars()
    return [(best + research).alias("technology_points"), pl.when(told == "").then(pl.lit("没有登记资质和研发强度")).otherwise(told).alias("technology_basis")]


def _feasible(rule: Mapping[str, Any]) -> list[pl.Expr]:
    most, upto, unknown = rule["feasible_points"], rule["feasible_upto"], float(rule["unknown_share"])

    def within(column: str, line: float, points: float) -> pl.Expr:
        return pl.when(pl.col(column).is_null()).then(points * unknown).when(pl.col(column) <= line).then(points).otherwise(0.0)

    clean = pl.when(pl.col("pollution").is_null()).then(unknown).otherwise(_table(rule["pollution_share"], "pollution")) * most["pollution"]
    told = pl.concat_str([_amount("land_need_mu", "用地 ", " 亩"), _amount("energy_need_tce", "能耗 ", " 吨标煤"),
                          pl.when(pl.col("pollution").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit("污染"), pl.col("pollution").replace_strict({"low": "轻", "medium": "中", "high": "重"}, default="")]))], separator="")
    return [(within("land_need_mu", upto["land_mu"], most["land"]) + within("energy_need_tce", upto["energy_tce"], most["energy"]) + clean).alias("feasible_points"),
            pl.when(told == "").then(pl.lit("没有登记要素需求，按一半计")).otherwise(told).alias("feasible_basis")]


def _amount(column: str, before: str, after: str) -> pl.Expr:
    return pl.when(pl.col(column).is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit(before), pl.col(column).round(0).cast(pl.Int64).cast(pl.String), pl.lit(after + " ")]))


def _links(pool: Pool, rule: Mapping[str, Any], day: date, past: bool) -> pl.DataFrame:
    """The strongest link counts whole, a chain master adds, each further one adds a little; a year's trade is known from the next year on."""
    by_year = pl.col("year") < day.year
    links = pool.links.filter(pl.when(pl.col("since").is_not_null()).then(pl.col("since") <= day).when(pl.col("year").is_not_null()).then(by_year).otherwise(pl.lit(not past)))
    one = links.group_by("candidate", "kind", "firm").agg(pl.col("item").drop_nulls().min(), pl.col("master").any())
    one = one.with_columns(worth=_table(rule["link_points"], "kind").fill_null(0.0) + pl.col("master").cast(pl.Float64) * rule["link_master"])
    one = one.with_columns(words=pl.concat_str([pl.col("kind").replace_strict(WORDS, default=""), pl.lit("："), pl.col("firm").fill_null("未写明"),
                                                pl.when(pl.col("master")).then(pl.lit("（链主）")).otherwise(pl.lit("")),
                                                pl.when(pl.col("item").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit(" "), pl.col("item")]))]))
    one = one.sort("candidate", "worth", "kind", "firm", descending=[False, True, False, False])
    return one.group_by("candidate", maintain_order=True).agg(
        link_points=pl.col("worth").first() + (pl.len() - 1) * float(rule["link_another"]), link_basis=pl.col("words").head(3).str.join("；"), link_kinds=pl.col("kind").unique().sort(),
        link_kind=pl.col("kind").first(), link_firm=pl.col("firm").first(), link_item=pl.col("item").first())


def _size(pool: Pool, rule: Mapping[str, Any], day: date) -> pl.DataFrame:
    """Latest revenue known on the day and yearly growth over up to three years before it."""
    newest = day.year - (1 if day.month >= rule["figure_month"] else 2)
    told = pool.figures.filter((pl.col("year") <= newest) & (pl.col("revenue") > 0)).sort("candidate", "year")
    found = told.group_by("candidate", maintain_order=True).agg(figure_year=pl.col("year").last(), revenue=pl.col("revenue").last(), before=pl.col("revenue").tail(4).first(), first_year=pl.col("year").tail(4).first())
    span = pl.col("figure_year") - pl.col("first_year")
    return found.with_columns(growth=pl.when(span > 0).then((pl.col("revenue") / pl.col("before")) ** (1 / span) - 1)).select("candidate", "figure_year", "revenue", "growth")


def _size_points(rule: Mapping[str, Any], past: bool) -> list[pl.Expr]:
    revenue = pl.col("revenue") if past else pl.coalesce("revenue", "presence_revenue")
    growth = pl.when(pl.col("growth") >= min(rule["growth_from"].values())).then(_steps(pl.col("growth"), rule["growth_from"], rule["growth_points"])).otherwise(0.0)
    told = pl.concat_str([pl.when(pl.col("figure_year").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.col("figure_year").cast(pl.String), pl.lit(" 年")])), pl.lit("营业收入 "),
                          (revenue / 10_000).round(2).cast(pl.String), pl.lit(" 亿元"),
                          pl.when(pl.col("growth").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit("，年均增长 "), (pl.col("growth") * 100).round(1).cast(pl.String), pl.lit("%")]))])
    return [(_steps(revenue, rule["size_from"], rule["size_points"]).fill_null(0.0) + growth).alias("size_points"), pl.when(revenue.is_null()).then(pl.lit("没有营业收入数据")).otherwise(told).alias("size_basis"),
            revenue.alias("revenue")]


def _signs(pool: Pool, rule: Mapping[str, Any], day: date) -> pl.DataFrame:
    """Signs of expansion, of leaving and of risk that are fresh on the day, each kind once."""
    def fresh(kinds: tuple[str, ...], months: int, points: Mapping[str, float], name: str) -> pl.DataFrame:
        told = pool.signs.filter(pl.col("kind").is_in(kinds) & (pl.col("happened_on") <= day) & (pl.col("happened_on") > months_before(day, months)))
        told = told.sort("candidate", "happened_on", "kind", descending=[False, True, False]).unique(["candidate", "kind"], keep="first", maintain_order=True)
        told = told.with_columns(worth=_table(points, "kind").fill_null(0.0), words=pl.concat_str(
            [pl.col("happened_on").dt.strftime("%Y-%m-%d"), pl.lit(" "), pl.col("kind").replace_strict(WORDS, default=""), pl.when(pl.col("detail").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit("："), pl.col("detail")]))]))
        return told.group_by("candidate", maintain_order=True).agg(pl.col("worth").sum().alias(f"{name}_sum"), pl.col("words").str.join("；").alias(f"{name}_words"), pl.col("kind").alias(f"{name}_kinds"),
                                                                   pl.col("detail").first().alias(f"{name}_detail"), pl.col("happened_on").first().alias(f"{name}_on"))

    found = fresh(EXPANSION, rule["sign_months"], rule["sign_points"], "expansion").join(fresh(RELOCATION, rule["relocation_months"], rule["relocation_points"], "relocation"), on="candidate", how="full", coalesce=True)
    found = found.join(fresh(RISKS, rule["risk_months"], rule["risk_points"], "risk"), on="candidate", how="full", coalesce=True)
    off = [k for k, v in rule["kept_off"].items() if v]
    return found.with_columns(expansion_points=pl.col("expansion_sum"), expansion_basis=pl.col("expansion_words"), risk_points=-pl.col("risk_sum").clip(0, float(rule["risk_most"])), risk_basis=pl.col("risk_words"),
                              kept_off=pl.col("risk_kinds").list.eval(pl.element().is_in(off)).list.any())


def _distance_column(firms: pl.DataFrame, pool: Pool) -> pl.Series:
    if pool.home is None:
        return pl.Series("distance_km", [None] * firms.height, dtype=pl.Float64)
    lon, lat = (firms[c].to_numpy() for c in ("longitude", "latitude"))
    return pl.Series("distance_km", distance_km(pool.home[0], pool.home[1], lon, lat), dtype=pl.Float64).fill_nan(None)


def _distance(rule: Mapping[str, Any]) -> list[pl.Expr]:
    near = _steps(pl.col("distance_km"), rule["distance_upto"], rule["distance_points"], upto=True).fill_null(0.0)
    leaving = pl.col("relocation_sum").fill_null(0.0).clip(0, float(rule["relocation_most"]))
    told = pl.concat_str([pl.when(pl.col("distance_km").is_null()).then(pl.lit("不知道距离")).otherwise(pl.concat_str([pl.col("city").fill_null(""), pl.lit(" "), pl.col("distance_km").round(0).cast(pl.Int64).cast(pl.String), pl.lit(" 公里")])),
                          pl.when(pl.col("relocation_words").is_null()).then(pl.lit("")).otherwise(pl.concat_str([pl.lit("；"), pl.col("relocation_words")]))])
    return [(near + leaving).alias("distance_points"), told.str.strip_chars().alias("distance_basis"), pl.coalesce("expansion_basis", pl.lit("近期没有登记扩张信号")).alias("expansion_basis"),
            pl.coalesce("link_basis", pl.lit("没有登记与本地企业的联系")).alias("link_basis")]


def sentences(rows: pl.DataFrame) -> pl.DataFrame:
    """With ``sentence``: what a visitor would open with, from the strongest fact that is known. It asks and tells; it offers nothing and demands nothing."""
    node = pl.col("node_name").fill_null("这个环节")
    state = pl.col("status").replace_strict({"missing": "还没有企业做", "weak": "还比较薄弱", "at_risk": "目前只靠一家企业"}, default="", return_dtype=pl.String)
    here = pl.when(pl.col("status").is_null()).then(pl.lit("想听听贵公司下一步的布局打算。")).otherwise(pl.concat_str([pl.lit("我区"), node, state, pl.lit("，想听听贵公司的布局打算。")]))
    item = pl.when(pl.col("link_item").is_null()).then(pl.lit("")).otherwise(pl.col("link_item"))
    firm = pl.col("link_firm").fill_null("本地企业")
    by_link = {"supplies": ["贵公司一直给", firm, "供应", item, "，"], "buys": ["贵公司一直在用", firm, "的", item, "，"], "capital": ["贵公司与", firm, "有股权上的合作，"], "referred": [firm, "向我们介绍了贵公司，"],
               "person": [firm, "常提起家乡人办的贵公司，"], "research": ["贵公司与", firm, "有技术合作，"], "fund": [firm, "投资了贵公司，"], "park": ["我们通过", firm, "了解到贵公司，"]}
    lead: Any = pl.when(pl.lit(False)).then(NONE)
    for kind, parts in by_link.items():
        lead = lead.when(pl.col("link_kind") == kind).then(pl.concat_str([p if isinstance(p, pl.Expr) else pl.lit(p) for p in parts]))
    sign = pl.when(pl.col("expansion_on").is_not_null()).then(pl.concat_str([pl.lit("看到贵公司"), pl.col("expansion_on").dt.strftime("%Y年%-m月"), pl.coalesce("expansion_detail", pl.lit("有新的投资动作")), pl.lit("，")]))
    sign = sign.when(pl.col("relocation_on").is_not_null()).then(pl.concat_str([pl.lit("了解到贵公司在"), pl.col("city").fill_null("当地"), pl.coalesce("relocation_detail", pl.lit("发展空间受限")), pl.lit("，")]))
    return rows.with_columns(sentence=pl.concat_str([pl.coalesce(lead.otherwise(NONE), sign.otherwise(NONE), pl.lit("")), here]))
