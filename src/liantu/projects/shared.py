"""What outputs say about projects alike: how far each has come by what proof, and which lamp it shows."""

from __future__ import annotations

from datetime import date
from typing import Any

import narwhals as nw

from liantu.kernel.columns import Choice
from liantu.kernel.relations import count_of, day_number, first_of, mapped, months_before, ratio, zero
from liantu.projects.choices import STAGES

RANKS = {choice.value: place for place, choice in enumerate(STAGES)}
LAMPS = (Choice("green", "绿灯", "Green"), Choice("yellow", "黄灯", "Yellow"), Choice("red", "红灯", "Red"), Choice("none", "不评", "Not judged"))
PROJECT_RULES = (
    Choice("ended", "已终止出库，不评", "Ended, not judged"),
    Choice("repeated", "与先签的项目是同一个，随它评", "One with the project signed first, judged there"),
    Choice("completed", "已竣工或投产", "Completed or producing"),
    Choice("overdue_finish", "过了计划竣工时间未竣工", "Past the planned finish"),
    Choice("overdue_start", "过了计划开工时间未开工", "Past the planned start"),
    Choice("drop", "长期没有动静，建议移出在谈库", "No movement for long: should leave the active pool"),
    Choice("stalled", "连续几个月没有动静", "No movement for months"),
    Choice("slow", "工期过大半，投资完成不足或未填", "Most of the time has passed, too little is invested or told"),
    Choice("stale", "快要成为停滞：近期没有动静", "No movement lately"),
    Choice("paused", "已暂停", "Paused"),
    Choice("undated", "没有计划时间也没有更新日期，无法评", "Neither plan nor update is dated"),
    Choice("on_schedule", "按计划推进", "On schedule"),
)
_COLOURS = {"ended": "none", "completed": "green", "overdue_finish": "red", "overdue_start": "red", "drop": "red", "stalled": "red", "slow": "yellow", "stale": "yellow",
            "paused": "yellow", "undated": "none", "on_schedule": "green"}


def reached(stage: str) -> Any:
    """Whether a project's stage is this one or later; its column ``rank`` comes from :func:`with_proof`."""
    return nw.col("rank") >= RANKS[stage]


def with_proof(project: Any, stage_event: Any, as_of: date) -> Any:
    """Add ``rank`` (place of the stage, 0 = lead), ``proven_stage`` and ``evidence`` of the latest stage that has evidence, ``verification`` and ``event_on``.

    A project is ``verified`` when the stage that it claims has evidence that a person has checked; a framework agreement
    proves no signing. Events dated after ``as_of`` have not happened.
    """
    happened = stage_event.filter(nw.col("happened_on").is_null() | (nw.col("happened_on") <= nw.lit(as_of)))
    events = happened.with_columns(mapped(nw.col("stage"), RANKS).alias("event_rank"))
    moved = events.group_by("project").agg(nw.col("happened_on").max().alias("event_on"))
    shown = events.filter(~nw.col("evidence").is_null())
    shown = shown.join(project.select(nw.col("id").alias("project"), "formal_contract"), on="project", how="inner")
    shown = shown.filter(~((nw.col("stage") == "signed") & ~nw.col("formal_contract")) | nw.col("formal_contract").is_null())
    paper = nw.when(nw.col("evidence_number").is_null()).then(nw.col("evidence")).otherwise(nw.concat_str(nw.col("evidence"), nw.lit(" "), nw.col("evidence_number")))
    shown = shown.with_columns(paper.alias("evidence"), count_of(nw.col("verified") == "verified").alias("checked"))
    latest = shown.group_by("project").agg(nw.col("event_rank").max())
    latest = shown.join(latest, on=["project", "event_rank"], how="inner").select("project", nw.col("stage").alias("proven_stage"), "evidence")
    claimed = shown.select("project", "stage", "checked")
    rows = project.rename({"id": "project"}).with_columns(mapped(nw.col("stage"), RANKS).alias("rank"))
    rows = rows.join(moved, on="project", how="left").join(latest, on="project", how="left").join(claimed, on=["project", "stage"], how="left")
    return rows.with_columns(nw.when(nw.col("checked") == 1).then(nw.lit("verified")).otherwise(nw.lit("to_verify")).alias("verification"))


def with_lamp(rows: Any, rule: dict[str, Any], as_of: date) -> Any:
    """Add ``invest_done_rate``, ``moved_on`` (the last day anything moved), ``lamp_rule`` and ``lamp`` by the dated rule.

    Asks for the columns of :func:`with_proof`. Time runs from the start (real, else planned, else the signing) to the planned finish.
    """
    today = nw.lit(as_of)
    done = ratio(nw.col("invest_done"), nw.col("invest_total"))
    days = [nw.when(nw.col(c) <= today).then(nw.col(c)) for c in ("updated_on", "event_on", "signed_on", "started_on", "finished_on")]
    rows = rows.with_columns(done.alias("invest_done_rate"), nw.max_horizontal(*days).alias("moved_on"), nw.coalesce("started_on", "start_plan", "signed_on").alias("began_on"))
    passed = ratio(nw.lit(as_of.toordinal()) - day_number(nw.col("began_on")), day_number(nw.col("finish_plan")) - day_number(nw.col("began_on")))

    def still(months: int) -> Any:
        return nw.col("moved_on") <= nw.lit(months_before(as_of, months))

    steps = [
        ("ended", nw.col("side_state") == "ended"),
        ("completed", reached("completed")),
        ("overdue_finish", nw.col("finish_plan") < today),
        ("overdue_start", (nw.col("start_plan") < today) & ~reached("started")),
        ("drop", still(rule["drop_months"])),
        ("stalled", still(rule["red_months"])),
        ("slow", (passed >= rule["slow_time_share"]) & (zero(nw.col("invest_done_rate")) < rule["slow_done_share"])),
        ("stale", still(rule["yellow_months"])),
        ("paused", nw.col("side_state") == "paused"),
        ("undated", nw.col("moved_on").is_null() & nw.col("finish_plan").is_null() & nw.col("start_plan").is_null()),
    ]
    rows = rows.with_columns(first_of(steps, "on_schedule").alias("lamp_rule"))
    return rows.with_columns(mapped(nw.col("lamp_rule"), _COLOURS).alias("lamp"))


def signed_sums(project_list: Any, *by: str) -> Any:
    """What the three rates rest on, per ``by``: ``signed``, ``performed`` (registered or later), ``signed_started``, ``signed_producing``, ``signed_above_scale``, ``signed_invest``, ``signed_funds``.

    Asks for the columns of the output ``project_list``. Framework agreements are no signed projects; projects that ended after signing stay.
    """
    signed = nw.col("counts_as_signed")
    counts = {"signed": signed, **{name: signed & nw.col("stage").is_in(later(stage)) for name, stage in
                                   (("performed", "registered"), ("signed_started", "started"), ("signed_producing", "producing"), ("signed_above_scale", "above_scale"))},
              "_funds_told": signed & ~nw.col("funds_arrived").is_null()}
    money = {"signed_invest": "invest_total", "signed_funds": "funds_arrived"}
    rows = project_list.select(*by, *(count_of(c).alias(name) for name, c in counts.items()), *(nw.when(signed).then(nw.col(c)).alias(name) for name, c in money.items()))
    return rows.group_by(*by).agg(*(nw.col(name).sum() for name in (*counts, *money)))


def later(stage: str) -> list[str]:
    """The names of a stage and all after it."""
    return [name for name, rank in RANKS.items() if rank >= RANKS[stage]]


def three_rates() -> list[Any]:
    """履约率, 开工率, 资金到位率 over the columns of :func:`signed_sums`; null, not 0, where nothing was signed or no funds were told."""
    return [ratio(nw.col("performed"), nw.col("signed")).alias("performance_rate"), ratio(nw.col("signed_started"), nw.col("signed")).alias("start_rate"),
            nw.when(nw.col("_funds_told") > 0).then(ratio(nw.col("signed_funds"), nw.col("signed_invest"))).alias("funds_rate")]


def with_repeats(rows: Any, project: Any, signing_verdict: Any) -> Any:
    """Add ``repeat_of``: the name of the project that was signed first, where a person decided that this one is the same told again; it is counted and judged once, under the first."""
    names = project.select(nw.col("id").alias("_first"), nw.col("name").alias("repeat_of"))
    same = signing_verdict.filter(nw.col("verdict") == "same").select(nw.col("project").alias("_first"), nw.col("other").alias("project"))
    told = same.join(names, on="_first", how="inner").group_by("project").agg(nw.col("repeat_of").min())
    rows, again = rows.join(told, on="project", how="left"), ~nw.col("repeat_of").is_null()
    return rows.with_columns(*(nw.when(again).then(nw.lit(word)).otherwise(nw.col(column)).alias(column) for column, word in (("lamp_rule", "repeated"), ("lamp", "none"))))


def once_each(project: Any, signing_verdict: Any) -> Any:
    """Projects without those that a person decided to be an earlier one told again."""
    later = signing_verdict.filter(nw.col("verdict") == "same").select(nw.col("other").alias("id"), nw.lit(1).alias("_again")).unique()
    return project.join(later, on="id", how="left").filter(nw.col("_again").is_null())
