"""调度会材料: for each chain the meeting's five numbers, its cases, what the chief must decide, the projects whose lamp is not green, and what changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version, shows
from liantu.papers.blocks import Block, Decision, Grid, Heading, Paper, Paragraph
from liantu.papers.chain import chain_of
from liantu.papers.chain_changes import since_blocks
from liantu.papers.chain_state import Said, Telling, open_cases, paragraph, worst_first
from liantu.papers.figures import released
from liantu.papers.paper_words import day_words, paper_words

CASE_ROWS, PROJECT_ROWS, DECISIONS = 5, 4, 3
MEETING_KINDS = ("projects_new", "projects_moved")
ASKED_OF = ("chief", "general")
CASE_COLUMNS = ("title", "lead_office", "due_on", "lamp", "progress")
PROJECT_COLUMNS = ("name", "stage", "lamp", "lamp_rule", "invest_done_rate", "lead_office")
ALL_COLUMNS = {"chain_name": ("产业链", "Chain"), "in_talks": ("在谈（个）", "In talks"), "signed_year": ("新签约（个）", "Signed"), "started_year": ("新开工（个）", "Started"),
               "counted_year": ("新入统（个）", "Counted"), "producing_year": ("新投产（个）", "Producing"), "funds_arrived": ("到位资金（万元）", "Funds (10k yuan)"),
               "cases_overdue": ("超期（件）", "Overdue"), "cases_asked": ("提请（件）", "Asked")}


def meeting_paper(edition: Edition, chains: Sequence[str], *, since: Edition | None = None, version: Version = "internal", language: str = "zh", issue: str = "",
                  signed_on: date | None = None) -> Paper:
    """The paper of a meeting on one chain or several; with several, a table of all comes first and each chain begins a page.

    Raises UserError (``unknown-chain``) for a chain that the edition does not have.
    """
    known = [chain_of(edition, code) for code in chains]
    tellings = [Telling(edition, chain, version, language) for chain in known]
    blocks = _of_one(tellings[0], since, 1) if len(known) == 1 else _of_all(edition, tellings, since)
    words = paper_words("meeting", edition, language)
    zh = language == "zh"
    title = (f"{known[0].zh}\n调度会材料" if len(known) == 1 else "各产业链调度会材料") if zh else (f"{known[0].title('en')}: meeting paper" if len(known) == 1 else "Meeting paper of all chains")
    return Paper("调度会材料" if zh else "Meeting paper", title, tuple(blocks), issue or words.issue, words.issuer, day_words(signed_on or date.fromisoformat(edition.manifest.as_of), language),
                 words.reported_to, words.sent_to, masthead=words.masthead)


def _of_all(edition: Edition, tellings: list[Telling], since: Edition | None) -> list[Block]:
    blocks: list[Block] = []
    if not tellings:
        return [Paragraph(("没有产业链。",))]
    say, numbers = tellings[0].say, released("meeting_numbers", edition, tellings[0].version)
    if numbers is not None:
        codes = {t.chain.code: at for at, t in enumerate(tellings)}
        frame = numbers.frame.filter(pl.col("chain_code").is_in(list(codes))).sort(pl.col("chain_code").replace_strict(codes, return_dtype=pl.Int64))
        blocks += [Heading(1, say("各链主要数字", "All chains")), Grid(say("各产业链调度数字", "Meeting numbers of all chains"), replace(numbers, frame=frame), tuple(ALL_COLUMNS),
                                                              tuple(say(*heads) for heads in ALL_COLUMNS.values()),
                                                              note=say("新签约至新投产为本年1月1日至数据截至日；超期、提请指未办结问题；外出招商次数尚未登记", "signed to producing: since 1 January; overdue and asked: open cases; visits are not recorded yet"))]
    for telling in tellings:
        blocks += [Heading(1, telling.chain.title(telling.language), new_page=bool(blocks)), *_people(telling), *_of_one(telling, since, 2)]
    return blocks


def _people(telling: Telling) -> list[Paragraph]:
    """The chief and the lead office, when they are known."""
    known = [(telling.say("链长：", "Chief: "), telling.chain.chief), (telling.say("牵头单位：", "lead office: "), telling.chain.office)]
    told = telling.say("；", "; ").join(word + name for word, name in known if name)
    return [Paragraph((told + telling.say("。", "."),))] if told else []


def _of_one(telling: Telling, since: Edition | None, level: int) -> list[Block]:
    """A chain's parts, their headings at a level of 1 or 2."""
    say = telling.say
    blocks: list[Block] = [Heading(level, say("五项数字", "Five numbers")), *five_numbers(telling)]
    cases = open_cases(telling)
    if cases is not None:
        blocks += [Heading(level, say("问题清单", "Cases")), *_cases(telling, cases), Heading(level, say("需链长协调事项", "To be decided by the chief")), *decisions(telling, cases)]
    blocks += [Heading(level, say("项目亮灯情况", "Projects and lamps")), *_projects(telling)]
    changed = since_blocks(telling, since, MEETING_KINDS)
    if changed:
        blocks += [Heading(level, say("较上一版的变化", "What has changed")), *changed]
    return blocks


def five_numbers(telling: Telling) -> list[Paragraph]:
    """外出招商, 在谈到签约, 签约到开工, 开工到纳统投产, 到位资金; the first is not recorded yet and says so."""
    m, p, say = telling.figures("meeting_numbers"), telling.figures("project_rates"), telling.say
    if m.row is None:
        return [Paragraph((say("本链没有可用的调度数字。", "No numbers are known."),))]
    rate: Said = telling.tell("，开工率{n}", ", start rate {n}", n=p("start_rate"))
    funds: Said = telling.tell("，资金到位率{n}", ", funds rate {n}", n=p("funds_rate"))
    items: list[Said] = [
        (say("一是外出招商次数：系统尚未登记，请会前补报。", "Visits to investors: not recorded yet. "),),
        telling.tell("二是在谈到签约：现有在谈项目{talks}，本年以来新签约{signed}。", "Talks to signing: {talks} in talks, {signed} signed this year. ", talks=m("in_talks"), signed=m("signed_year")),
        (*telling.tell("三是签约到开工：本年以来新开工{started}", "Signing to start: {started} started this year", started=m("started_year")), *rate, say("。", ". ")),
        telling.tell("四是开工到纳统投产：本年以来新入统{counted}、新投产{producing}。", "Start to production: {counted} entered statistics, {producing} began production this year. ",
                     counted=m("counted_year"), producing=m("producing_year")),
        (*(telling.tell("五是到位资金：累计{n}", "Funds arrived: {n}", n=m("funds_arrived")) or (say("五是到位资金：本版本不列", "Funds arrived: not in this version"),)), *funds, say("。", ".")),
    ]
    return [p for item in items for p in paragraph(item)]


def _cases(telling: Telling, cases: Result) -> list[Block]:
    say, m = telling.say, telling.figures("meeting_numbers")
    if not cases.frame.height:
        return [Paragraph((say("目前没有未办结的问题。", "No case is open."),))]
    told = paragraph(telling.tell("未办结问题{n}，超期{late}；本年以来办结{done}。", "{n} cases are open, {late} overdue; {done} were settled this year.",
                                  n=m("cases_open"), late=m("cases_overdue"), done=m("cases_settled_year")))
    rest = cases.frame.height > CASE_ROWS
    shown = cases.frame.head(CASE_ROWS)
    named = all(name is None or name in (title or "") for name, title in shown.select("enterprise_name", "title").iter_rows())
    columns = CASE_COLUMNS if named else ("enterprise_name", *CASE_COLUMNS)
    return [*told, Grid(say("未办结问题（红灯在前）", "Open cases, red lamps first"), cases, columns, limit=CASE_ROWS, note=say("其余见问题清单", "the rest stands in the case list") if rest else "")]


def decisions(telling: Telling, cases: Result) -> list[Block]:
    """One item per open case that is put to the chief or the general chief, or that asks for something; worst lamp first."""
    asked = cases.frame.filter(pl.col("level").is_in(ASKED_OF).fill_null(False) | pl.col("ask").is_not_null())
    if not asked.height:
        return [Paragraph((telling.say("本次没有需要链长协调的事项。", "Nothing is put to the chief this time."),))]
    made: list[Block] = [_decision(telling, row) for row in asked.head(DECISIONS).iter_rows(named=True)]
    if asked.height > DECISIONS:
        made.append(Paragraph((telling.say("其余提请事项见问题清单。", "Further items stand in the case list."),)))
    return made


def _decision(telling: Telling, row: dict[str, Any]) -> Decision:
    """What is asked, the case behind it, its office and day."""
    say = telling.say
    title = str(row["title"] or "").strip("。；; ")
    ask = str(row["ask"] or "").strip("。；; ")
    general = row["level"] == "general"
    text = ask or say(f"提请{'总链长' if general else '链长'}协调：{title}", f"To be decided by the {'general chief' if general else 'chief'}: {title}")
    due = day_words(row["due_on"], telling.language) if row["due_on"] else ""
    reason = say(f"事由：{title}。", f"Case: {title}.") if ask and title else ""
    return Decision(text + say("。", "."), (reason,) if reason else (), str(row["lead_office"] or ""), due)


def _projects(telling: Telling) -> list[Block]:
    """Counts by lamp, and the projects that are red or yellow."""
    say, p = telling.say, telling.figures("project_rates")
    if p.value("projects") == 0:
        return [Paragraph((say("本链目前没有在库项目。", "No projects are registered."),))]
    told = paragraph(telling.tell("在库项目{n}", "{n} projects", n=p("projects")), telling.tell("，其中红灯{red}、黄灯{yellow}", ", {red} red and {yellow} yellow", red=p("red"), yellow=p("yellow")), (say("。", "."),))
    found = telling.rows("project_list")
    if found is None or not shows(found.version, found.output.column("lamp")):
        return [*told]
    chosen = worst_first(found, pl.col("lamp").is_in(["red", "yellow"]))
    if not chosen.frame.height:
        return [*told, Paragraph((say("没有亮红灯、黄灯的项目。", "None shows red or yellow."),))]
    rest = chosen.frame.height > PROJECT_ROWS
    return [*told, Grid(say("红灯、黄灯项目", "Projects with a red or yellow lamp"), chosen, PROJECT_COLUMNS, limit=PROJECT_ROWS, note=say("其余见重点项目清单", "the rest stands in the project list") if rest else "")]
