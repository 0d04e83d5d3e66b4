"""演练评估报告: what was played, planned against actual times, which steps were late or skipped, what would have been at stake, what to mend."""

from __future__ import annotations

from datetime import date
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version
from liantu.kernel.problems import UserError
from liantu.papers.blocks import Block, Figure, Grid, Heading, Paper, Paragraph
from liantu.papers.event_plan import Telling, level_word
from liantu.papers.paper_words import day_words, paper_words

COMPARED = ("minute", "sender", "text", "expects", "due_minute", "done_minute", "mark")
STEPS = ("at", "step", "who", "note", "late")
MINUTES = 60
SHOWN_STEPS = 60


def clock(minute: int | None, language: str = "zh") -> str:
    """Minutes of the scenario in words.

    >>> clock(135), clock(45), clock(None)
    ('2小时15分', '45分', '—')
    """
    if minute is None:
        return "—"
    hours, rest = divmod(int(minute), MINUTES)
    if language == "zh":
        return (f"{hours}小时" if hours else "") + (f"{rest}分" if rest or not hours else "")
    return (f"{hours} h" if hours else "") + (" " if hours and rest else "") + (f"{rest} min" if rest or not hours else "")


def drill_paper(edition: Edition, code: str, *, version: Version = "internal", language: str = "zh") -> Paper:
    """The after-action report of a drill that has ended.

    Raises UserError (``unknown-drill``, ``drill-state``, ``not-visible``).
    """
    telling = Telling(edition, code, version, language)
    drills = telling.rows("drill_list", "code")
    if drills is None:
        raise UserError("公开版没有演练。", code="not-visible", hint="请出内部版或部门版。")
    if not drills.frame.height:
        raise UserError(f"版次 {edition.number} 里没有演练「{code[:40]}」。", code="unknown-drill", hint="请先生成新的工作版次。")
    row = drills.frame.row(0, named=True)
    if row["state"] != "ended":
        raise UserError("演练还没有结束，不能出评估报告。", code="drill-state", hint="请先结束演练。")
    say, words = telling.say, paper_words("drill", edition, language)
    injects, steps = telling.rows("drill_inject_list", "drill_code"), telling.rows("drill_step_list", "drill_code")
    blocks: list[Block] = [Heading(1, say("演练概况", "The drill")), *_facts(telling, drills, row, steps), Heading(1, say("计划与实际", "Planned and actual")),
                           *_compared(telling, drills, row, injects),
                           Heading(1, say("若真发生的敞口", "What would have been at stake")), *_exposure(telling, drills, row), Heading(1, say("经过", "Course"))]
    blocks.append(Grid(say("参演记录", "What the players did"), steps, STEPS, limit=SHOWN_STEPS) if steps is not None else Paragraph((say("没有记录。", "Nothing is recorded."),)))
    blocks += [Heading(1, say("要改进的", "To mend")), *_mend(telling, row, injects)]
    title = f"{row['title']}\n评估报告" if language == "zh" else f"{row['title']}: after-action report"
    day = date.fromisoformat(str(row["ended_at"])[:10])
    return Paper("应急演练评估报告" if language == "zh" else "After-action report", title, tuple(blocks), words.issue, words.issuer, day_words(day, language), words.reported_to,
                 words.sent_to, masthead=words.masthead,
                 note=say("本报告所述情况均为演练设定，不是真实事件。", "All that is told here was played; it did not happen."))


def _facts(telling: Telling, drills: Result, row: dict[str, Any], steps: Result | None) -> list[Block]:
    say = telling.say
    who = row["enterprise_name"] or row["subject"] or row["node_name"] or row["title"]
    people = sorted(set(steps.frame["who"].drop_nulls().to_list())) if steps is not None else []
    real = str(row["started_at"])[:16], str(row["ended_at"])[11:16]
    first = say(f"情景：{who}，{telling.word(drills, row, 'cause')}，设定级别：{level_word(row['level'], 'zh')}；名录和供需关系取自版次{row['edition']}。",
                f"Scenario: {who}, {telling.word(drills, row, 'cause')}, level {level_word(row['level'], 'en')}, on the register and links of edition {row['edition']}. ")
    second = say(f"{real[0]}开始，{real[1]}结束，时钟{row['speed']}倍速，情景走了{clock(row['lasted'])}，情况共{row['injects']}条。导调{row['lead'] or '未写'}，参演{'、'.join(people) or '无记录'}。",
                 f"Played from {real[0]} to {real[1]} at {row['speed']} times the pace; the scenario lasted {clock(row['lasted'], 'en')}, with {row['injects']} injects. Led by {row['lead'] or 'nobody named'}; players: {', '.join(people) or 'none'}.")
    third = say(f"演练事件{row['event_code'] or '—'}的级别：{level_word(row['event_level'], 'zh')}，走到“{telling.word(drills, row, 'event_state') or '未开始'}”。",
                f"Its event {row['event_code'] or '—'} was graded {level_word(row['event_level'], 'en')} and came to: {telling.word(drills, row, 'event_state') or 'not begun'}.")
    return [Paragraph((first,)), Paragraph((second + third,))]


def _compared(telling: Telling, drills: Result, row: dict[str, Any], injects: Result | None) -> list[Block]:
    say = telling.say
    if injects is None or not injects.frame.height:
        return [Paragraph((say("没有通报情况。", "There were no injects."),))]
    f = {name: telling.figure(drills, row, name) or str(row[name]) for name in ("judged", "in_time", "late", "missed")}
    parts: tuple[str | Figure, ...] = (say("到了时限、可评定的回应", "Due and marked: "), f["judged"], say("，按时", "; in time: "), f["in_time"], say("，超时", "; late: "), f["late"],
                                       say("，未做", "; not done: "), f["missed"], say("。", "."))
    note = say("通报、应在、实际为情景时钟的分钟数；结束时还没有通报、或时限没有到的不评", "minutes of the scenario's clock; what never came, or whose time had not run out, is not marked")
    return [Paragraph(parts), Grid(say("情况与回应", "Injects and answers"), injects, COMPARED, note=note)]


def _exposure(telling: Telling, drills: Result, row: dict[str, Any]) -> list[Block]:
    say = telling.say
    f = {name: telling.figure(drills, row, name) for name in ("firms_at_stake", "exposure_mid", "exposure_low", "exposure_high", "jobs_at_stake")}
    parts: list[str | Figure] = []
    for zh, en, name in (("涉及企业", "Firms: ", "firms_at_stake"), ("，涉及年产值", "; yearly output: ", "exposure_mid"), ("，涉及就业", "; jobs: ", "jobs_at_stake")):
        if f[name]:
            parts += [say(zh, en).lstrip("，; ") if not parts else say(zh, en), f[name] or ""]
            if name == "exposure_mid" and f["exposure_low"] and f["exposure_high"]:
                parts += [say("（区间", " (interval "), f["exposure_low"], say("至", " to "), f["exposure_high"], say("）", ")")]
    blocks: list[Block] = [Paragraph((*parts, say("。", ".")))] if parts else []
    if row["exposure_basis"]:
        blocks.append(Paragraph((say(f"算法：{row['exposure_basis']}。", f"How found: {row['exposure_basis']}."),)))
    return blocks or [Paragraph((say("演练中没有测算敞口。", "No exposure was computed during the drill."),))]


def _mend(telling: Telling, row: dict[str, Any], injects: Result | None) -> list[Block]:
    """The leader's word first, then each step that was late or left out, in words."""
    say, blocks = telling.say, []
    if row["lesson"]:
        blocks.append(Paragraph((str(row["lesson"]),)))
    rows = injects.frame.filter(pl.col("mark").is_in(["late", "missed"])).iter_rows(named=True) if injects is not None else ()
    for at, r in enumerate(rows, 1):
        what = telling.word(injects, r, "expects") if injects is not None else ""
        due, done = clock(r["due_minute"], telling.language), clock(r["done_minute"], telling.language)
        zh = f"“{what}”应在情景{due}前完成，实际{done}才做，晚{clock((r['done_minute'] or 0) - (r['due_minute'] or 0))}" if r["mark"] == "late" else f"“{what}”没有做" + (f"（应在情景{due}前）" if r["due_minute"] is not None else "")
        en = f"{what}: due by {due}, done at {done}" if r["mark"] == "late" else f"{what}: not done" + (f" (due by {due})" if r["due_minute"] is not None else "")
        tail = say(f"；{r['remark']}", f"; {r['remark']}") if r["remark"] else ""
        blocks.append(Paragraph((say(f"第{at}条：{zh}{tail}。", f"{at}. {en}{tail}."),)))
    if not row["judged"]:
        blocks.append(Paragraph((say("结束时还没有一步到了时限，无从评定。", "No step was due before the end, so none can be marked."),)))
    return blocks or [Paragraph((say("应做的步骤都按时做了。", "All expected steps that were due were taken in time."),))]
