"""承诺台账: what a project promised by when, what came of it by which source; and which signings are one project told twice."""

from __future__ import annotations

from typing import Any

from django.db import models

from liantu.attraction.choices import ACTUAL_SOURCES, PROMISE_UNITS, PROMISES, SAME
from liantu.kernel import fields
from liantu.kernel.tables import Record
from liantu.projects.choices import OF_CONTRACT, VERIFIED
from liantu.projects.models import PROJECT_ALIASES


def in_money(rows: list[Any], values: list[dict[str, Any]]) -> None:
    """Bring amounts with 万 or 亿 in their cell, read as plain numbers because the unit depends on the kind, to 万元."""
    for row, value in zip(rows, values, strict=True):
        seen = str(row.seen.get("amount", ""))
        if value.get("amount") is not None and PROMISE_UNITS.get(str(value.get("kind")), "").startswith("万元") and ("亿" in seen or "万" in seen):
            value["amount"] = value["amount"] / 10_000


class Promise(Record):
    """承诺：投资协议里一项承诺，多少、什么时候兑现，写在哪一条。"""

    project = fields.reference("projects.Project", "项目名称", "Project", required=True, aliases=PROJECT_ALIASES)
    kind = fields.choice("承诺事项", "Promise", *PROMISES, required=True, aliases=("承诺指标", "承诺内容", "指标"))
    amount = fields.number("承诺值", "Promised", unit="见计量单位", aliases=("承诺数", "约定值", "目标值"), source_limit=OF_CONTRACT, secrecy="confidential")
    due_on = fields.date("兑现时限", "Due on", aliases=("约定时限", "时限", "承诺时间", "完成时限"))
    clause = fields.text("协议条款", "Clause", aliases=("条款", "依据条款", "协议"))
    note = fields.text("说明", "Note", aliases=("备注",))

    class Table:
        zh, en, key, caption = "项目承诺", "Promises", ("project", "kind", "due_on"), "kind"
        title_words = ("承诺台账", "项目承诺", "投资协议", "履约台账", "对赌")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["project", "kind", "due_on"], name="one_promise_per_day")]

    @classmethod
    def settle(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Amounts typed as 3.2亿 or 500万 are money: into the 万元 of the kind's unit."""
        in_money(rows, values)


class PromiseActual(Record):
    """兑现：一项承诺到哪天实际多少，谁的数；不同来源的数并排放，不互相覆盖。"""

    project = fields.reference("projects.Project", "项目名称", "Project", required=True, aliases=PROJECT_ALIASES)
    kind = fields.choice("承诺事项", "Promise", *PROMISES, required=True, aliases=("指标", "兑现事项"))
    as_of = fields.date("截至日期", "As of", aliases=("日期", "核验日期", "截止日期"))
    amount = fields.number("实际值", "Actual", unit="见计量单位", aliases=("实际数", "完成值", "兑现值"), source_limit=OF_CONTRACT, secrecy="confidential")
    source = fields.choice("数据来源", "Source", *ACTUAL_SOURCES, aliases=("来源", "来源部门"))
    evidence = fields.text("佐证材料", "Evidence", aliases=("佐证", "凭证"))
    verified = fields.choice("核实状态", "Verified", *VERIFIED, aliases=("是否核实",))

    class Table:
        zh, en, key, caption = "承诺兑现", "Kept promises", ("project", "kind", "as_of", "source"), "kind"
        context = ("as_of", "source")
        title_words = ("承诺兑现", "履约核验", "兑现情况", "履约情况")

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["project", "kind", "as_of", "source"], name="one_actual_per_source_day")]

    @classmethod
    def settle(cls, plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
        """Amounts typed as 3.2亿 or 500万 are money: into the 万元 of the kind's unit."""
        in_money(rows, values)


class SigningVerdict(Record):
    """重复签约认定：两个签约项目是不是一回事，谁认定、凭什么；认定之后只计最先签约的一个。"""

    project = fields.reference("projects.Project", "先签项目", "First signed", required=True)
    other = fields.reference("projects.Project", "后签项目", "Signed later", required=True)
    verdict = fields.choice("认定", "Verdict", *SAME, required=True)
    decided_on = fields.date("认定日期", "Decided on")
    who = fields.text("认定人", "Who", length=60)
    reason = fields.long_text("依据", "Reason")

    class Table:
        zh, en, key, caption = "重复签约认定", "Verdicts on repeated signing", ("project", "other"), "verdict"
        importable, by_actions = False, True

    class Meta:
        app_label = "attraction"
        constraints = [models.UniqueConstraint(fields=["project", "other"], name="one_verdict_per_signing_pair")]
