"""政策清单: every policy with what it gives, whether it still runs and whether its fair-competition review was done."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.firm_services.choices import LEVELS, REDEMPTIONS, REVIEWS
from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import list_
from liantu.kernel.relations import count_of, day_number, first_of, joined, zero

VALIDITY = (Choice("future", "未生效", "Not yet in force"), Choice("valid", "有效", "In force"), Choice("expiring", "即将到期", "Expiring"), Choice("expired", "已失效", "Expired"),
            Choice("undated", "未注明有效期", "No end told"))
COLUMNS = (
    Column("policy", "政策编号", "Policy id", "integer", unit="号", secrecy="public"),
    Column("name", "政策名称", "Policy", "text", secrecy="public"),
    Column("code", "文号", "Document number", "code", secrecy="public"),
    Column("validity", "有效状态", "Validity", "choice", choices=VALIDITY, secrecy="public"),
    Column("days_left", "距失效天数", "Days left", "integer", unit="天", secrecy="public", help="负数为已失效的天数"),
    Column("valid_until", "有效期至", "Valid until", "date", secrecy="public"),
    Column("level", "层级", "Level", "choice", choices=LEVELS, secrecy="public"),
    Column("issuer", "发布单位", "Issuer", secrecy="public"),
    Column("chain_code", "产业链代码", "Chain code", "code", secrecy="public", help="空为各链通用"),
    Column("chain_name", "产业链", "Chain", "name", secrecy="public"),
    Column("targets", "支持对象", "For whom", "long_text", secrecy="public"),
    Column("items", "条款数", "Items", "integer", unit="条", secrecy="public"),
    Column("item_names", "支持事项", "What is supported", "long_text", secrecy="public", help="最多列六条"),
    Column("support", "支持方式及标准", "Support", "long_text", secrecy="public", help="逐条写明，最多列六条"),
    Column("condition", "条件", "Condition", "long_text", secrecy="public", help="逐条写明，最多列六条；没有条件的条款不列"),
    Column("apply_until", "最近申报截止", "Next application day", "date", secrecy="public", help="还没过的申报截止日中最近的一天"),
    Column("redemption", "兑现方式", "Redemption", "choice", choices=REDEMPTIONS, secrecy="public"),
    Column("office", "主管科室", "Office", secrecy="public"),
    Column("phone", "联系电话", "Phone", secrecy="internal"),
    Column("fair_competition", "公平竞争审查", "Fair-competition review", "choice", choices=REVIEWS, secrecy="public"),
    Column("review_missing", "缺公平竞争审查", "Review missing", "flag", help="没有登记审查结果，或者待审查"),
    Column("valid_from", "生效日期", "Valid from", "date", secrecy="public"),
)
TRACE = (("policy", {"id": "policy"}), ("policy_item", {"policy": "policy"}), ("chain", {"id": "policy.chain"}))
LISTED = 6


@list_("政策清单", "Policy list", key=("policy",), columns=COLUMNS, trace=TRACE, sort=("chain_code", "valid_until"), rule="policy_validity")
def policy_list(policy: Any, policy_item: Any, chain: Any, rule: Any, as_of: Any) -> Any:
    """每份政策支持谁、给什么、还有效几天、公平竞争审查做了没有；供企业服务和兑现。不登记与纳税额挂钩的返还。

    Whom each policy supports, what it gives, how long it still runs and whether its fair-competition review was done; for the offices that serve firms.

    Example:
        policy
        id | name | chain | valid_from | valid_until | fair_competition
        1  | 甲策 | 1     | 2025-01-01 | 2026-12-31  | passed
        2  | 乙策 |       | 2024-01-01 | 2026-10-30  | pending
        3  | 丙策 |       | 2027-01-01 |             |
        4  | 丁策 |       |            |             | not_needed
        policy_item
        id | policy | item     | condition | support  | apply_until
        1  | 1      | 技改补助 | 规上      | 按设备额 | 2026-10-01
        2  | 1      | 研发补助 |           | 按研发额 | 2026-11-30
        chain
        id | code | name
        1  | c    | 电池
        gives
        policy | chain_code | validity | days_left | items | item_names         | support                              | condition     | apply_until | review_missing
        1      | c          | expiring | 61        | 2     | 技改补助；研发补助 | 技改补助：按设备额；研发补助：按研发额 | 技改补助：规上 | 2026-11-30  | false
        2      |            | expired  | -1        | 0     |                    |                                      |               |             | true
        3      |            | future   |           | 0     |                    |                                      |               |             | true
        4      |            | undated  |           | 0     |                    |                                      |               |             | false
    """
    rows = policy.rename({"id": "policy"})
    rows = rows.join(chain.select(nw.col("id").alias("chain"), nw.col("code").alias("chain_code"), nw.col("name").alias("chain_name")), on="chain", how="left")
    items = policy_item.with_columns(nw.when(nw.col("apply_until") >= nw.lit(as_of)).then(nw.col("apply_until")).alias("open_until"), (nw.lit(0) - nw.col("id")).alias("order"), nw.col("item").alias("item_names"),
                                     *(nw.concat_str(nw.col("item"), nw.lit("："), nw.col(c)).alias(c) for c in ("support", "condition")))
    rows = rows.join(items.group_by("policy").agg(nw.len().alias("items"), nw.col("open_until").min().alias("apply_until")), on="policy", how="left")
    for text in ("item_names", "support", "condition"):
        rows = rows.join(joined(items, "policy", text, order="order", limit=LISTED, mark="；"), on="policy", how="left")
    days = day_number(nw.col("valid_until")) - as_of.toordinal()
    rows = rows.with_columns(zero(nw.col("items")).alias("items"), days.alias("days_left"))
    validity = [("future", nw.col("valid_from") > nw.lit(as_of)), ("expired", nw.col("days_left") < 0), ("expiring", nw.col("days_left") <= rule["expiring_days"]),
                ("undated", nw.col("valid_until").is_null())]
    missing = count_of(nw.col("fair_competition").is_null() | (nw.col("fair_competition") == "pending")) == 1
    return rows.with_columns(first_of(validity, "valid").alias("validity"), missing.alias("review_missing"))
