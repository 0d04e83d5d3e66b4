"""What a plan is filled in with, as plain rows: who suffers, who could supply instead, whom to phone.

The engines behind it read an edition; here their answers become rows of the event's own tables.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.resilience.event_models import RiskEvent

Row = dict[str, Any]
LACKING = {"outside": "向区外已知供应商采购", "short": "区内外已知产能补不上", "unknown": "供需名单没有写数量，先问清"}
NAMED = 3  # items named before it says 等
QUESTIONS = {"customer": "{item}库存还够用几天？有没有第二家供应商？影响多少订单？", "supplier": "还有多少货压在手里？能否转供别家？受影响的用工有多少？", "own": "停了哪些线、预计几时恢复？成品和在制品还有多少？"}


@dataclass(frozen=True)
class Exposed:
    """The exposure of an event: totals for the event itself, rows per firm, how it was found or why it was not, and the engine's own answer."""

    totals: Row = field(default_factory=dict)
    rows: tuple[Row, ...] = ()
    note: str = ""
    found: Any = None


def money(value: float | None) -> Decimal | None:
    """万元 as stored, to one 元."""
    return None if value is None else Decimal(str(round(value, 4)))


def exposed(event: RiskEvent, edition: Edition) -> Exposed:
    """Follow the event through the district's network. A cause that no scenario can be made of gives no rows and says why."""
    from liantu.resilience.exposure import exposure_of

    try:
        found = exposure_of(edition, scenario=_scenario(event, edition))
    except UserError as error:
        return Exposed(note=f"没有测算敞口：{error.message}")
    low, high, told = _ranged(edition, found)
    most = int(parameter("event_plan").value["exposed_listed"])
    rows = tuple(_hit(hit) for hit in found.rows[:most])
    totals = {"exposure_low": money(low), "exposure_mid": money(found.totals["output"]), "exposure_high": money(high), "tax_at_stake": money(found.totals["tax"]),
              "jobs_at_stake": round(found.totals["jobs"]), "firms_at_stake": int(found.totals["firms"])}
    basis = f"按已登记的供需关系逐级传导，{found.steps} 轮收敛；年产值、税收、就业乘以受损比例；{told}"
    return Exposed(totals, rows, basis, found)


def _hit(hit: Any) -> Row:
    """A firm that the shock reaches; days are left open where it does not within the days followed."""
    late = getattr(hit, "late", False)
    return {"enterprise": hit.enterprise, "chain_node": hit.node, "days": None if late else Decimal(str(round(hit.days, 1))), "remaining_share": Decimal(str(round(hit.level, 6))),
            "output": money(hit.output), "tax": money(hit.tax), "jobs": None if hit.jobs is None else round(hit.jobs), "why": (hit.why + ("；跟踪期内还感觉不到" if late else ""))[:300]}


def _ranged(edition: Edition, found: Any) -> tuple[float | None, float | None, str]:
    """Low and high of the output at stake where networks have been drawn, and in words what they rest on."""
    from liantu.resilience import ranges

    known = ranges.range_of(edition, found)
    if known is None:
        return None, None, "未给区间" if ranges.ready(edition) else "区间尚未推算，可在冲击推演页推算后重新填入"
    return known.low, known.high, f"{known.level:.0%} 区间由 {known.draws} 个与已知情况一致的网络得出"


def _scenario(event: RiskEvent, edition: Edition) -> Any:
    from liantu.resilience import scenarios
    from liantu.resilience.network import firm_network

    network = firm_network(edition)
    share = float(event.remaining_share or 0)
    if event.enterprise_id and event.cause not in ("road_closed", "item_banned"):
        return scenarios.stopped(network, [event.enterprise_id], share)
    if event.cause == "power_lost" and event.park_id:
        return scenarios.power_cut(network, event.park_id, share)
    if event.cause == "road_closed" and event.park_id:
        return scenarios.road_closed(network, event.park_id, event.park_to_id or scenarios.OUTSIDE)
    if event.cause in ("item_banned", "cut_off") and event.chain_node_id:
        return scenarios.item_banned(network, event.chain_node_id, scenarios.ONLY_OUTSIDE if event.cause == "cut_off" else scenarios.ANYWHERE)
    if event.enterprise_id:
        return scenarios.stopped(network, [event.enterprise_id], share)
    raise UserError("事件没有写明企业、园区或环节，不知道从哪里断。", code="no-scenario", hint="请先补上。")


def contacts(event: RiskEvent, edition: Edition, exposure: Exposed) -> list[Row]:
    """Whom to phone: the firm itself, then those whose answers can move the exposure most, then customers and suppliers by last known yearly amount, then the rest of the exposed."""
    most = int(parameter("event_plan").value["contacts"])
    found: dict[int, Row] = {}
    if event.enterprise_id:
        found[event.enterprise_id] = {"enterprise": event.enterprise_id, "why": "当事企业", "question": QUESTIONS["own"]}
    for row in _movers(exposure):
        found.setdefault(row["enterprise"], row)
    for row in _partners(edition, event.enterprise_id) if event.enterprise_id else ():
        found.setdefault(row["enterprise"], row)
    for row in exposure.rows:
        found.setdefault(row["enterprise"], {"enterprise": row["enterprise"], "why": row["why"], "question": QUESTIONS["customer"].format(item="断供物料")})
    return list(found.values())[:most]


def _movers(exposure: Exposed) -> list[Row]:
    """The firms whose answers can move the computed exposure most, with what to ask each; none where nothing was computed."""
    from liantu.resilience.phone_list import phone_list

    calls = phone_list(exposure.found) if exposure.found is not None else []
    return [{"enterprise": call.enterprise, "why": call.hit.why[:300] if call.hit else "链主没有报过供应商名单", "question": "；".join(_asked(q) for q in call.questions)[:300]}
            for call in calls]


def _asked(question: Any) -> str:
    """A question of the phone list in words."""
    item, partner = question.item or "断供物料", question.partner or "当事企业"
    return {"inputs": f"{item}库存还够用几天？有没有别的货源？", "orders": f"给{partner}的订单停了，减产多少？有没有别的销路？", "figures": "年产值、税收、用工各多少？", "amounts": "各种物料一年买多少、向谁买？",
            "list": "主要供应商是哪几家？"}.get(question.kind, f"{item}情况如何？")


def _partners(edition: Edition, firm: int) -> list[Row]:
    """Customers and suppliers in the district by their newest year's amount; unknown amounts last."""
    links = _of_firm(edition, firm)
    if links is None:
        return []
    grouped = links.group_by("enterprise", "buys").agg(pl.col("amount").sum(), pl.col("item").unique().sort().first(),
                                                       pl.col("year").max()).sort("buys", "amount", "enterprise", descending=[True, True, False])
    return [{"enterprise": r["enterprise"], "why": f"{'客户' if r['buys'] else '供应商'}：{r['item']}（{r['year']} 年）",
             "question": QUESTIONS["customer" if r["buys"] else "supplier"].format(item=r["item"])}
            for r in grouped.iter_rows(named=True)]


def _of_firm(edition: Edition, firm: int) -> pl.DataFrame | None:
    """A firm's links inside the district, the newest year of each partner: partner (``enterprise``), whether it buys, item, amount, year."""
    if not edition.has("supply_link"):
        return None
    links = edition.table("supply_link").filter(pl.col("supplier").is_not_null(), pl.col("customer").is_not_null(),
                                                (pl.col("supplier") == firm) ^ (pl.col("customer") == firm))
    other = pl.when(pl.col("supplier") == firm).then(pl.col("customer")).otherwise(pl.col("supplier"))
    return links.with_columns(other.alias("enterprise"),
                              (pl.col("supplier") == firm).alias("buys")).filter(pl.col("year") == pl.col("year").max().over("enterprise", "buys"))


def substitutes(event: RiskEvent, edition: Edition) -> tuple[list[Row], str]:
    """Who could supply how much instead, what is bought outside, what stays short; where no amounts can be said, who might supply. And a note when nothing can."""
    most = int(parameter("event_plan").value["substitutes"])
    rows = _allotted(event, edition)[:most] or _candidates(event, edition)[:most]
    if rows:
        return rows, ""
    return [], "区内没有同环节的企业，要向区外找。" if event.chain_node_id else "事件没有写明环节，没有列替代供应商。"


def _allotted(event: RiskEvent, edition: Edition) -> list[Row]:
    """Spare capacity allotted to the customers of the stopped firm, item by item, the largest shortage first; firms to be asked for theirs come last."""
    if not event.enterprise_id or not edition.has("supply_capacity"):
        return []
    from liantu.resilience.substitutes import substitutes_for

    found = substitutes_for(edition, {event.enterprise_id: float(event.remaining_share or 0)})
    items = {t["item"]: at for at, t in enumerate(found.totals())}
    kinds = ("short", "local", "outside")
    told = sorted(found.rows(), key=lambda r: (r["amount"] is None, items[r["item"]], kinds.index(r["kind"]), -(r["amount"] or 0.0)))
    shown: Counter[tuple[str, str]] = Counter()
    rows = []
    for r in told:
        shown[r["item"], r["kind"]] += 1
        if shown[r["item"], r["kind"]] <= int(parameter("event_plan").value["per_item"]):
            note = r["note"] if r["kind"] == "local" else LACKING[r["kind"] if r["amount"] is not None
                                                                  else "unknown"]  # the engine's words hold amounts, which only the internal version may show
            rows.append({**r, "spare": money(r["spare"]), "amount": money(r["amount"]), "note": note})
    asked = [{"kind": "local", "item": c.item, "supplier": c.supplier, "note": c.why} for c in found.to_ask]
    return [{c: v[:300] if isinstance(v, str) else v for c, v in r.items()} for r in (*rows, *asked)]


def _candidates(event: RiskEvent, edition: Edition) -> list[Row]:
    """Other working firms at the node of what is missing, those above scale first; how much each could give is for people to find out."""
    if not event.chain_node_id:
        return []
    sold = _of_firm(edition, event.enterprise_id) if event.enterprise_id else None
    items = sold.filter(pl.col("buys"))["item"].drop_nulls().unique().sort().to_list() if sold is not None else []
    node = edition.table("chain_node").filter(pl.col("id") == event.chain_node_id)["name"].to_list()
    item = "、".join((items or node)[:NAMED]) + ("等" if len(items) > NAMED else "")
    stands = edition.table("placement").filter(pl.col("chain_node") == event.chain_node_id, pl.col("grade").is_in(["confirmed", "likely"]),
                                               pl.col("enterprise").ne_missing(event.enterprise_id))
    firms = edition.table("enterprise").filter(pl.col("status").is_null() | (pl.col("status") == "active")).select(pl.col("id").alias("enterprise"), "above_scale")
    found = stands.join(firms, on="enterprise",
                        how="inner").with_columns((pl.col("grade") == "confirmed").alias("sure")).sort(pl.col("above_scale").fill_null(False), "sure", "enterprise",
                                                                                                       descending=[True, True, False])
    return [{"kind": "local", "item": item, "supplier": r["enterprise"], "note": ("同环节" if r["sure"] else "可能同环节") + ("规上企业" if r["above_scale"] else "企业") + "，富余产能待核对"}
            for r in found.unique("enterprise", keep="first", maintain_order=True).iter_rows(named=True)]
