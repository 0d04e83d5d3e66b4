"""一事一策: the plan of one risk event as a paper: how bad, who suffers, who could supply instead, who does what by when, what was done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version, shows
from liantu.kernel.problems import UserError
from liantu.kernel.profile import profile
from liantu.papers.blocks import Block, Decision, Figure, Grid, Heading, Paper, Paragraph, figure
from liantu.papers.cells import cell_text
from liantu.papers.figures import released
from liantu.papers.paper_words import day_words, paper_words

EXPOSED = ("enterprise_name", "node_name", "days", "remaining_share", "output", "jobs", "why")
SUPPLY = ("item", "kind", "supplier_told", "customer_name", "spare", "amount", "note")
POSSIBLE = ("item", "supplier_told", "note")
TASKS = ("kind", "what", "office", "who", "due_at", "state")
STEPS = ("at", "step", "who", "note", "late")
LEVELS = ("at", "step", "who", "level_before", "level_after", "reason", "note")
SHOWN_STEPS, SHOWN_FIRMS, SHOWN_SUPPLY = 40, 12, 20


@dataclass(frozen=True)
class Telling:
    """One event on one edition, for whom, in which language."""

    edition: Edition
    code: str
    version: Version
    language: str

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def rows(self, output: str, key: str = "event_code") -> Result | None:
        """The event's rows of an output; None where the version has not the output."""
        found = released(output, self.edition, self.version)
        return None if found is None else replace(found, frame=found.frame.filter(pl.col(key) == self.code))

    def word(self, result: Result, row: dict[str, Any], column: str) -> str:
        """A cell in words."""
        return cell_text(row[column], result.output.column(column), self.language)

    def figure(self, result: Result, row: dict[str, Any], column: str) -> Figure | None:
        """A cell as a figure, where the version shows it and it is known."""
        if row[column] is None or not shows(self.version, result.output.column(column)):
            return None
        return figure(result, row, column, language=self.language)


def level_word(level: str | None, language: str) -> str:
    """A level as the place calls it, with its meaning: 橙色（二级）."""
    if not level:
        return "未定级" if language == "zh" else "not graded"
    try:
        word, meaning, _ = profile().lamp("risk", level, language)
    except UserError:
        return level
    return (f"{word}（{meaning}）" if language == "zh" else f"{word} ({meaning})") if meaning else word


def event_paper(edition: Edition, code: str, *, version: Version = "internal", language: str = "zh", signed_on: date | None = None) -> Paper:
    """The plan of an event. Single firms' figures stand in the internal version only.

    Raises UserError (``unknown-event``, ``not-visible``) for an event that the edition does not hold, or a version that may not have it.
    """
    telling = Telling(edition, code, version, language)
    events = telling.rows("event_list", "code")
    if events is None:
        raise UserError("公开版没有风险事件。", code="not-visible", hint="请出内部版或部门版。")
    if not events.frame.height:
        raise UserError(f"版次 {edition.number} 里没有事件「{code[:40]}」。", code="unknown-event", hint="请先生成新的工作版次；演练不出一事一策。")
    row = events.frame.row(0, named=True)
    say, words = telling.say, paper_words("plan", edition, language)
    blocks: list[Block] = [Heading(1, say("基本情况", "What happened")), *_facts(telling, events, row), Heading(1, say("影响和敞口", "Exposure")),
                           *_exposure(telling, events, row),
                           Heading(1, say("替代供应", "Substitutes")), *_supply(telling), Heading(1, say("处置任务", "Tasks")), *_tasks(telling)]
    asked = _asked(telling)
    if asked:
        blocks += [Heading(1, say("需上级协调事项", "To be asked of higher levels")), *asked]
    blocks += [Heading(1, say("经过和级别变动", "Course and changes of level")), *_course(telling)]
    if row["lesson"]:
        blocks += [Heading(1, say("复盘结论", "What was learnt")), Paragraph((str(row["lesson"]),))]
    title = f"{row['title']}\n处置方案" if language == "zh" else f"{row['title']}: response plan"
    return Paper("风险事件处置方案" if language == "zh" else "Response plan", title, tuple(blocks), words.issue, words.issuer,
                 day_words(signed_on or date.fromisoformat(edition.manifest.as_of), language),
                 words.reported_to, words.sent_to, masthead=words.masthead,
                 note=say("本方案只安排核查、对接、协调和报送，不含补贴、税费优惠和指定采购；涉及政策措施的，另行公平竞争审查。",
                          "This plan arranges checks, contacts, coordination and reports; it holds no subsidy, tax favour or compulsory purchase."))


def _facts(telling: Telling, events: Result, row: dict[str, Any]) -> list[Block]:
    say = telling.say
    who = row["enterprise_name"] or row["subject"] or row["title"]
    where = "".join(f"{word}{row[name]}" for word, name in ((say("，环节", ", node "), "node_name"), (say("，产业链", ", chain "), "chain_name")) if row[name])
    found = telling.word(events, row, "found_by") or say("其他", "other")
    first = say(f"事件编号{row['code']}。{day_words(row['opened_on'])}经{found}发现：{who}，起因为{telling.word(events, row, 'cause')}{where}。",
                f"Event {row['code']}, found on {day_words(row['opened_on'], 'en')} ({found}): {who}, {telling.word(events, row, 'cause')}{where}. ")
    second = say(f"现为{level_word(row['level'], 'zh')}，状态为{telling.word(events, row, 'state')}，牵头单位{row['lead_office'] or '待定'}，责任人{row['owner'] or '待定'}。",
                 f"Level: {level_word(row['level'], 'en')}; state: {telling.word(events, row, 'state')}; lead office: {row['lead_office'] or 'to be named'}; owner: {row['owner'] or 'to be named'}.")
    told = [f"{word}{row[name]}" for word, name in ((say("情况：", ""), "summary"), (say("依据：", "Evidence: "), "evidence")) if row[name]]
    return [Paragraph((first + second,)), *(Paragraph((t,)) for t in told)]


def _exposure(telling: Telling, events: Result, row: dict[str, Any]) -> list[Block]:
    say, f = telling.say, {name: telling.figure(events, row, name) for name in ("firms_at_stake", "exposure_mid", "exposure_low", "exposure_high", "jobs_at_stake",
                                                                                "tax_at_stake")}
    parts: list[str | Figure] = []
    for zh, en, name in (("涉及企业", "Firms: ", "firms_at_stake"), ("，涉及年产值", "; yearly output at stake: ", "exposure_mid")):
        if f[name]:
            parts += [say(zh, en).lstrip("，; ") if not parts else say(zh, en), f[name] or ""]
    if f["exposure_low"] and f["exposure_high"]:
        parts += [say("（区间", " (interval "), f["exposure_low"], say("至", " to "), f["exposure_high"], say("）", ")")]
    for zh, en, name in (("，涉及就业", "; jobs: ", "jobs_at_stake"), ("，涉及年税收", "; yearly tax: ", "tax_at_stake")):
        if f[name]:
            parts += [say(zh, en), f[name] or ""]
    blocks: list[Block] = [Paragraph((*parts, say("。", ". ")))] if parts else []
    if row["exposure_basis"]:
        at = say(f"，数据版次{row['exposure_edition']}", f", edition {row['exposure_edition']}") if row["exposure_edition"] else ""
        blocks.append(Paragraph((say(f"算法：{row['exposure_basis']}{at}。", f"How found: {row['exposure_basis']}{at}."),)))
    exposed = telling.rows("event_exposure_list")
    if exposed is not None and exposed.frame.height:
        rest = exposed.frame.height - SHOWN_FIRMS
        blocks.append(Grid(say("受影响企业（先受影响的在前）", "Firms, the first to feel it first"), exposed, EXPOSED, limit=SHOWN_FIRMS,
                           note=say(f"另有{rest}家见系统“受影响企业清单”", f"{rest} more stand in the list of exposed firms") if rest > 0 else ""))
    return blocks or [Paragraph((say("尚未测算。", "Not computed yet."),))]


def _supply(telling: Telling) -> list[Block]:
    found = telling.rows("event_substitute_list")
    if found is None or not found.frame.height:
        return [Paragraph((telling.say("没有可列的替代供应商，由责任单位人工核对。", "None listed; the office in charge looks for them."),))]
    lacking = found.frame.filter(pl.col("kind") == "short")
    short, unknown = (lacking.filter(pl.col("amount").is_not_null() == known)["item"].drop_nulls().unique().sort().to_list() for known in (True, False))
    priced = found.frame["amount"].is_not_null().any()
    if not priced:
        told = telling.say("下列企业可能替代；富余产能尚不知道，由责任单位逐家核对。", "These firms might supply instead; their spare capacity is not known yet and must be asked for.")
    elif short:
        told = telling.say(f"仍有缺口的物料：{'、'.join(short)}。", f"Still short: {', '.join(short)}.")
    else:
        told = telling.say("按已知富余产能可以补上。", "By known spare capacity nothing stays short.")
    if unknown:
        told += telling.say(f"需求数量不明的物料：{'、'.join(unknown)}。", f" Amounts needed are not known of: {', '.join(unknown)}.")
    rest = found.frame.height - SHOWN_SUPPLY
    return [Paragraph((told,)), Grid(telling.say("替代供应", "Substitutes"), found, SUPPLY if priced else POSSIBLE, limit=SHOWN_SUPPLY,
                                     note=telling.say(f"另有{rest}行见系统“替代供应清单”", f"{rest} more rows stand in the list of substitutes") if rest > 0 else "")]


def _tasks(telling: Telling) -> list[Block]:
    found = telling.rows("event_task_list")
    if found is None or not found.frame.height:
        return [Paragraph((telling.say("尚未列出任务。", "No tasks yet."),))]
    done, late = found.frame.filter(pl.col("state") == "done").height, found.frame.filter(pl.col("lamp") == "red").height
    told = telling.say(f"共{found.frame.height}项，已完成{done}项" + (f"，超期{late}项" if late else "") + "。",
                       f"{found.frame.height} tasks, {done} done" + (f", {late} overdue" if late else "") + ".")
    return [Paragraph((told,)), Grid(telling.say("处置任务", "Tasks"), found, TASKS)]


def _asked(telling: Telling) -> list[Block]:
    found = telling.rows("event_task_list")
    rows = found.frame.filter(pl.col("kind") == "superior", ~pl.col("state").is_in(["done", "dropped"])) if found is not None else pl.DataFrame()
    return [Decision(str(r["what"]) + telling.say("。", "."), (), str(r["office"] or ""), str(r["due_at"] or "")) for r in rows.iter_rows(named=True)]


def _course(telling: Telling) -> list[Block]:
    say, steps = telling.say, telling.rows("event_step_list")
    if steps is None or not steps.frame.height:
        return [Paragraph((say("没有记录。", "Nothing is recorded."),))]
    changed = replace(steps, frame=steps.frame.filter(pl.col("level_before").is_not_null(), pl.col("level_after").is_not_null(),
                                                      pl.col("level_before") != pl.col("level_after")))
    level: list[Block] = [Grid(say("级别变动", "Changes of level"), changed, LEVELS)] if changed.frame.height else [Paragraph((say("没有升降级。", "The level has not changed."),))]
    return [*level, Grid(say("事件经过", "Course"), steps, STEPS, limit=SHOWN_STEPS)]
