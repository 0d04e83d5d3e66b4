"""招商周报: one button a week: what is new, what moved, what is late, the visits, next week's steps; as a page, a Word file and a workbook."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.kernel.profile import profile
from liantu.papers.blocks import Block, Grid, Heading, Paper, Paragraph
from liantu.papers.figures import released
from liantu.papers.paper_words import day_words, paper_words
from liantu.papers.tints import tints
from liantu.papers.xlsx import made_book, sheet_name, write_about
from liantu.papers.xlsx_sheet import Sheet, write_sheet

LATE = ("red", "yellow")
NARROW = {"new": ("title", "investor", "invest_total", "received_on", "owner"), "moved": ("name", "stage", "happened_on", "evidence", "verified", "owner"), "assessed": ("title", "verdict", "lead_class", "reason", "owner"),
          "late_leads": ("title", "lamp", "lamp_rule", "days_left", "owner"), "late_projects": ("name", "lamp", "lamp_rule", "stage", "problem", "owner"), "visits": ("visited_on", "firm_name", "office", "notes", "next_step"),
          "next_leads": ("title", "next_clock", "due_on", "next_step", "owner"), "next_projects": ("name", "due_what", "due_on", "next_step", "owner")}  # columns that fit an upright A4 page
SHOWN = 40


@dataclass(frozen=True)
class Part:
    """One part of the weekly sheet: its title, its rows, the columns to print."""

    key: str
    title: str
    result: Result
    columns: tuple[str, ...]
    nothing: str

    @property
    def rows(self) -> int:
        return self.result.frame.height


@dataclass(frozen=True)
class Week:
    """A week of attraction, from its first to its last day, both included."""

    first: date
    last: date
    parts: tuple[Part, ...]

    def count(self, key: str) -> int:
        return next(p.rows for p in self.parts if p.key == key)


def week_of(edition: Edition, *, last: date | None = None, version: Version = "internal", language: str = "zh", chain: str = "") -> Week:
    """The days of the ledger rule up to ``last`` (the edition's day when not told), on one chain or all. Raises UserError for versions that may not have it."""
    as_of = date.fromisoformat(edition.manifest.as_of)
    end = min(last or as_of, as_of)
    days = int(parameter("lead_clock", end).value["ledger_days"])
    first, ahead = end - timedelta(days=days - 1), end + timedelta(days=days)

    def rows(name: str, *conditions: pl.Expr) -> Result:
        found = released(name, edition, version)
        if found is None:
            raise UserError("公开版没有招商周报。", code="not-visible", hint="请出内部版或部门版。")
        frame = found.frame.filter(*conditions)
        return replace(found, frame=frame.filter(pl.col("chain_code") == chain) if chain else frame)

    def within(column: str, start: date = first, stop: date = end) -> pl.Expr:
        return pl.col(column).is_between(start, stop)

    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    alive = ~pl.col("side_state").is_in(["ended", "paused"]).fill_null(False)
    open_ = ~pl.col("state").is_in(["dropped", "talks"])
    tomorrow = end + timedelta(days=1)
    return Week(first, end, (
        Part("new", say("新增线索", "New leads"), rows("lead_list", within("received_on")), ("title", "investor", "chain_name", "invest_total", "received_on", "told", "office", "owner"), say("本周没有新增线索。", "No new leads.")),
        Part("moved", say("项目阶段变动", "Stages reached"), rows("stage_move_list", within("happened_on")), ("name", "stage", "happened_on", "evidence", "verified", "chain_name", "invest_total", "owner"),
             say("本周没有项目到达新的阶段。", "No project reached a stage.")),
        Part("assessed", say("研判结论", "Leads judged"), rows("lead_list", within("assessed_on")), ("title", "investor", "verdict", "lead_class", "assessed_on", "reason", "owner"), say("本周没有研判线索。", "No lead was judged.")),
        Part("late_leads", say("超时线索", "Late leads"), rows("lead_list", pl.col("lamp").is_in(LATE), open_), ("title", "lamp", "lamp_rule", "next_clock", "due_on", "days_left", "office", "owner"),
             say("没有超时的线索。", "No lead is late.")),
        Part("late_projects", say("亮灯项目", "Projects with a lamp"), rows("pipeline_list", pl.col("lamp").is_in(LATE)), ("name", "lamp", "lamp_rule", "stage", "stage_days", "problem", "lead_office", "owner"),
             say("没有亮灯的项目。", "No project shows a lamp.")),
        Part("visits", say("走访洽谈", "Visits"), rows("visit_list", within("visited_on")), ("visited_on", "firm_name", "kind", "office", "people", "notes", "next_step", "next_on"), say("本周没有走访洽谈。", "No visits.")),
        Part("next_leads", say("下周要办的线索", "Leads due next week"), rows("lead_list", within("due_on", tomorrow, ahead) | within("next_on", tomorrow, ahead), open_), ("title", "next_clock", "due_on", "next_step", "next_on", "owner"),
             say("下周没有到期的线索。", "No lead falls due.")),
        Part("next_projects", say("下周要办的项目", "Projects due next week"), rows("pipeline_list", within("due_on", tomorrow, ahead), alive), ("name", "stage", "due_what", "due_on", "next_step", "owner"), say("下周没有到期的项目。", "No project falls due."))))


def weekly_paper(edition: Edition, *, last: date | None = None, version: Version = "internal", language: str = "zh", chain: str = "") -> Paper:
    """The week as a paper. All its numbers are counts of rows printed below them."""
    week, words = week_of(edition, last=last, version=version, language=language, chain=chain), paper_words("weekly", edition, language)
    zh = language == "zh"
    end = day_words(week.last, language)
    span = f"{day_words(week.first, language)}{'至' if zh else ' to '}{end.partition('年')[2] if zh and week.first.year == week.last.year else end}"
    blocks: list[Block] = [Heading(1, "本周概况" if zh else "The week"), Paragraph((summary(week, language),))]
    heads = (("new", "新增" if zh else "New"), ("moved", "变动" if zh else "What moved"), ("late_leads", "超时和亮灯" if zh else "What is late"), ("visits", "走访洽谈" if zh else "Visits"), ("next_leads", "下周计划" if zh else "Next week"))
    starts = dict(heads)
    for part in week.parts:
        if part.key in starts:
            blocks.append(Heading(1, starts[part.key]))
        blocks.append(_grid(part, zh) if part.rows else Paragraph((part.nothing,)))
    rule = parameter("lead_clock", week.last)
    note = (f"时限依据：{rule.source}。周报只列进度、走访和下一步，不含任何优惠和支持的承诺。" if zh else f"Clocks: {rule.source}. This sheet lists progress, visits and next steps; it holds no offer of support.")
    title = f"招商周报\n（{span}）" if zh else f"Attraction weekly\n{span}"
    return Paper("招商周报" if zh else "Attraction weekly", title, tuple(blocks), words.issue, words.issuer, day_words(week.last, language), words.reported_to, words.sent_to, masthead=words.masthead, note=note)


def summary(week: Week, language: str = "zh") -> str:
    """The week in one sentence."""
    n = {p.key: p.rows for p in week.parts}
    if language == "zh":
        return (f"新增线索{n['new']}条，研判{n['assessed']}条，项目到达新阶段{n['moved']}次，走访洽谈{n['visits']}次；超时或将到期的线索{n['late_leads']}条，亮灯项目{n['late_projects']}个；"
                f"下周有{n['next_leads']}条线索、{n['next_projects']}个项目要办。")
    return (f"New leads: {n['new']}; judged: {n['assessed']}; stages reached: {n['moved']}; visits: {n['visits']}. Leads late or nearly so: {n['late_leads']}; projects with a lamp: {n['late_projects']}. "
            f"Due next week: {n['next_leads']} leads and {n['next_projects']} projects.")


def _grid(part: Part, zh: bool) -> Grid:
    rest = part.rows - SHOWN
    note = (f"另有{rest}行见工作簿" if zh else f"{rest} more rows stand in the workbook") if rest > 0 else ""
    return Grid(part.title, part.result, NARROW[part.key], limit=SHOWN, note=note)


def weekly_workbook(edition: Edition, *, last: date | None = None, version: Version = "internal", language: str = "zh", chain: str = "") -> bytes:
    """The week as a workbook, one sheet per part, all rows."""
    week = week_of(edition, last=last, version=version, language=language, chain=chain)
    zh = language == "zh"
    span = f"{week.first:%m.%d}–{week.last:%m.%d}"
    sheets = []
    for part in week.parts:
        columns = tuple(c for name in part.columns for c in part.result.columns if c.name == name)
        sheets.append(Sheet(sheet_name(part.title), f"{part.title}（{span}）" if zh else f"{part.title} ({span})", part.result, columns, {}, frozenset(), tints(profile(), part.result.output.name, language)))
    title = "招商周报" if zh else "Attraction weekly"

    def write(book: object, styles: object) -> None:
        for sheet in sheets:
            write_sheet(book, styles, sheet, language)  # type: ignore[arg-type]
        write_about(book, styles, sheets, language)  # type: ignore[arg-type]

    return made_book(write, title=title)
