"""The pages of the deck that are not maps or lists: cover, state of the chain, what changed, what must be decided, sources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from liantu.cases.shared import SETTLED
from liantu.drawing.shapes import Box
from liantu.drawing.slide_shapes import Run
from liantu.drawing.style import ACCENT, BANNER_LAST, FAINT, INK, LINE, MUTED, RED, STATUSES
from liantu.drawing.text import fit, text_width
from liantu.kernel.columns import Column
from liantu.kernel.output import Result, output_of, outputs
from liantu.kernel.passport import figure_id
from liantu.kernel.profile import profile
from liantu.kernel.release import release
from liantu.kernel.tables import table_of
from liantu.kernel.written import written
from liantu.maps_and_lists.changes import Changes, changes
from liantu.maps_and_lists.changes_parts import FigureChange
from liantu.maps_and_lists.changes_told import Group, told
from liantu.papers.blocks import figure
from liantu.papers.cells import version_word
from liantu.papers.deck_page import BOLD, CARD, HEIGHT, ROOM, WIDTH, Canvas, Page, Telling, drawn
from liantu.papers.deck_table import Cell, Table, rows_in, table_xml
from liantu.papers.figures import BASES_EN
from liantu.papers.parts import held
from liantu.papers.tints import signed, tints

GAP = 14.0
HEAD_FIGURES = ("completeness", "firms", "above_scale_firms", "output")
PROJECT_FIGURES = ("signed", "started", "producing", "invest_total", "funds_arrived")
RATES = ("performance_rate", "start_rate", "funds_rate")
UNFINISHED = ("not_started", "not_built", "not_finished")
OPEN_FIRST = {"red": 0, "yellow": 1, "green": 2}
ASKED_OF = ("chief", "general")
CHANGE_ROWS = 9
CASES_A_PAGE = 4
PUBLIC_CHANGES = ("firms_entered", "firms_left", "projects_new", "policies_new", "policies_expired")


def cover(telling: Telling) -> Page:
    """The first page: the chain, its chief, the edition, and the marks that must not be overlooked."""
    say, edition, chain, language = telling.say, telling.edition, telling.chain, telling.language
    chosen = profile()

    def draw(canvas: Canvas) -> None:
        canvas.block("底", Box(0, 0, WIDTH, HEIGHT), INK)
        canvas.block("色条", Box(64, 176, 56, 4), "#5fa8e0")
        canvas.words("产业链", Box(64, 188, WIDTH - 128, 64), chain.title(language), 40, colour="#ffffff", bold=True)
        canvas.words("题目", Box(64, 252, WIDTH - 128, 34), say(f"{chosen.title_of_set}汇报", f"{chosen.title_of_set_en}: report to the chain chief"), 22, colour="#c9d9ea")
        people = [f"{say('链长', 'Chain chief')}：{chain.chief}" if chain.chief else "", f"{say('牵头单位', 'Lead office')}：{chain.office}" if chain.office else ""]
        canvas.words("链长", Box(64, 314, WIDTH - 128, 22), "　　".join(p for p in people if p), 14, colour="#c9d9ea")
        canvas.words("版次", Box(64, 446, WIDTH - 128, 20), edition.label(language), 13, colour="#c9d9ea")
        since = say(f"与 {telling.since.number}（数据截至 {telling.since.manifest.as_of}）对比", f"compared with {telling.since.number} (as of {telling.since.manifest.as_of})") if telling.since else ""
        canvas.words("对比", Box(64, 466, WIDTH - 128, 18), since, 11, colour=BANNER_LAST)
        marks = [version_word(telling.version, language), *([say("合成数据", "Synthetic data")] if edition.manifest.synthetic else [])]
        x = 64.0
        for mark in marks:
            width = text_width(mark, 13) + 28
            canvas.block(f"{mark} 框", Box(x, 52, width, 26), INK, line="#c9d9ea", width=1, rounded=4)
            canvas.words(mark, Box(x, 52, width, 26), mark, 13, colour="#ffffff", align="ctr")
            x += width + 12

    return drawn(chain.title(language), draw, bare=True)


def state(telling: Telling) -> Page:
    """The chain on one page: completeness, firms, output; nodes by status; projects, their rates and what lies unfinished."""
    summary, rates = _one(telling, "chain_summary"), _one(telling, "project_rates")

    def draw(canvas: Canvas) -> None:
        top = ROOM.y
        if summary:
            top = _cards(canvas, telling, summary, HEAD_FIGURES, top, 92)
            top = _status_bar(canvas, telling, summary, top)
        if rates:
            _section(canvas, telling.say("项目", "Projects"), top)
            top = _cards(canvas, telling, rates, PROJECT_FIGURES, top + 22, 84)
            _rates(canvas, telling, rates, top)

    return drawn(telling.say("链条现状", "State of the chain"), draw, subtitle=telling.say("每个数字的替代文字是凭证号，可回到来源单元格", "The alternative text of each figure is its passport id"))


def _one(telling: Telling, name: str) -> tuple[Result, dict[str, Any]] | None:
    """The chain's row of an output, as this version may show it."""
    if not held(name, telling.version):
        return None
    result = release(name, telling.edition, telling.version)
    rows = result.frame.filter(pl.col("chain_code") == telling.chain.code)
    return (result, rows.row(0, named=True)) if rows.height else None


def _may(found: tuple[Result, dict[str, Any]], names: tuple[str, ...]) -> list[Column]:
    allowed = {c.name: c for c in found[0].columns}
    return [allowed[n] for n in names if n in allowed]


def _cards(canvas: Canvas, telling: Telling, found: tuple[Result, dict[str, Any]], names: tuple[str, ...], top: float, height: float) -> float:
    columns = _may(found, names)
    width = (ROOM.w - GAP * (len(columns) - 1)) / max(1, len(columns))
    for at, column in enumerate(columns):
        told_figure = figure(*found, column.name, language=telling.language)
        canvas.card(Box(ROOM.x + at * (width + GAP), top, width, height), told_figure, colour=ACCENT if at == 0 else INK)
    return top + height + GAP


def _section(canvas: Canvas, title: str, top: float) -> None:
    canvas.words(title, Box(ROOM.x, top, 200, 18), title, 13, bold=True)
    canvas.block(f"{title} 线", Box(ROOM.x + text_width(title, 13) + 12, top + 9, ROOM.w - text_width(title, 13) - 12, 0.75), LINE)


def _status_bar(canvas: Canvas, telling: Telling, found: tuple[Result, dict[str, Any]], top: float) -> float:
    """Nodes by status: one bar whose parts are as long as their counts, each count a figure of its own."""
    columns = _may(found, tuple(STATUSES))
    counts = {c.name: found[1][c.name] or 0 for c in columns}
    total = sum(counts.values())
    if not total:
        return top
    _section(canvas, telling.say("环节", "Nodes"), top)
    x, y = ROOM.x, top + 26
    for column in columns:
        status, width = STATUSES[column.name], ROOM.w * counts[column.name] / total
        if width:
            canvas.block(f"{status.zh} 段", Box(x, y, max(1.0, width - 2), 12), status.colour)
        x += width
    each = ROOM.w / len(columns)
    for at, column in enumerate(columns):
        status, told_figure = STATUSES[column.name], figure(*found, column.name, language=telling.language)
        left = ROOM.x + at * each
        name = signed(status, telling.language)
        wide = text_width(name, 12) * BOLD + 8
        canvas.words(f"{status.zh} 名", Box(left, y + 18, wide, 20), name, 12, colour=status.colour, bold=True)
        canvas.amount(Box(left + wide, y + 17, each - wide - 4, 22), told_figure, 16)
    return y + 52


def _rates(canvas: Canvas, telling: Telling, found: tuple[Result, dict[str, Any]], top: float) -> None:
    """The three rates as bars, and beside them what is signed, started or built but not finished."""
    left, columns = ROOM.w * 0.52, _may(found, RATES)
    for at, column in enumerate(columns):
        y, value, told_figure = top + at * 26, found[1][column.name], figure(*found, column.name, language=telling.language)
        canvas.words(f"{column.zh} 名", Box(ROOM.x, y, 98, 20), told_figure.label, 11.5, colour=MUTED)
        room = Box(ROOM.x + 102, y + 5, left - 102 - 70, 10)
        canvas.block(f"{column.zh} 槽", room, "#e6edf4")
        if value:
            canvas.block(f"{column.zh} 条", Box(room.x, room.y, max(1.0, room.w * min(1.0, value)), room.h), ACCENT)
        canvas.amount(Box(room.right + 8, y - 2, 62, 24), told_figure, 15)
    rest = _may(found, UNFINISHED)
    width = (ROOM.w - left - 24 - GAP * (len(rest) - 1)) / max(1, len(rest))
    for at, column in enumerate(rest):
        told_figure = figure(*found, column.name, language=telling.language)
        canvas.card(Box(ROOM.x + left + 24 + at * (width + GAP), top - 4, width, 80), told_figure, colour=RED if found[1][column.name] else INK)


def changed(telling: Telling) -> Iterator[Page]:
    """What changed since the earlier edition: head figures before and after, then firms, nodes, projects, cases, policies."""
    if telling.since is None:
        return
    found = changes(telling.since, telling.edition, telling.chain.code)
    title = telling.say("自上次以来的变化", "Changes since last time")
    subtitle = f"{telling.since.label(telling.language)} → {telling.edition.label(telling.language)}"
    groups = [g for g in told(found, telling.language) if g.name not in ("figures", "records") and (telling.version != "public" or g.name in PUBLIC_CHANGES)]
    figures = _changed_figures(telling, found)

    def draw(canvas: Canvas) -> None:
        if figures:
            canvas.shapes.append(table_xml(_figures_table(telling, figures), Box(ROOM.x, ROOM.y, 0, 0), 90_000))
        else:
            canvas.words("没有变化", Box(ROOM.x, ROOM.y, 360, 20), telling.say("主要数字没有变化。", "No head figure has changed."), 12, colour=MUTED)
        _groups(canvas, telling, groups, Box(ROOM.x + 420, ROOM.y, ROOM.w - 420, ROOM.h))

    yield drawn(title, draw, subtitle=subtitle)


def _changed_figures(telling: Telling, found: Changes) -> list[FigureChange]:
    """The head figures that differ and that this version may show in both editions.

    Outside the internal version sums over firms are left out: what such a sum moved by may be one firm's figure.
    """
    allowed = {}
    for name in (n for n in dict.fromkeys(f.output for f in found.figures) if held(n, telling.version)):
        editions = [release(name, e, telling.version) for e in (found.before, found.after)]
        allowed[name] = {c.name for c in editions[0].columns}, editions[0].hidden | editions[1].hidden
    plain = (f for f in found.figures_changed if telling.version == "internal" or not f.column.sums)
    return [f for f in plain if f.output in allowed and f.column.name in allowed[f.output][0] and (f.key, f.column.name) not in allowed[f.output][1]][:CHANGE_ROWS + 5]


def _figures_table(telling: Telling, figures: list[FigureChange]) -> Table:
    say, language = telling.say, telling.language
    heads = tuple(Cell(t, a, bold=True) for t, a in ((say("数字", "Figure"), "l"), (say("上次", "Before"), "r"), (say("本次", "Now"), "r"), (say("本次凭证号", "Passport now"), "l")))
    rows = tuple((Cell(f.label(language), size=10), Cell(written(f.before, f.column, language), "r", 10, MUTED), Cell(written(f.after, f.column, language), "r", 10.5, bold=True),
                  Cell(f.after_id, size=7.5, colour=FAINT)) for f in figures)
    return Table(say("主要数字的变化", "Head figures"), heads, rows, (112, 88, 94, 106), "figure: 3")


def _groups(canvas: Canvas, telling: Telling, groups: list[Group], box: Box) -> None:
    """Groups of changes, each with its first lines, as many as there is room for; the rest is counted."""
    if not groups:
        canvas.words("没有变化", Box(box.x, box.y, box.w, 20), telling.say("企业、环节、项目、问题和政策没有变化。", "No firm, node, project, case or policy has changed."), 12, colour=MUTED)
        return
    room = int((box.h + 8) / 17)
    each = max(1, (room - 2 * len(groups)) // len(groups)) if groups else 0
    y = box.y
    for group in groups:
        if y + 36 > box.bottom:
            break
        canvas.runs(group.title, Box(box.x, y, box.w, 18), [Run(group.title, 11.5, ACCENT, True), Run(f"　{len(group.lines)}", 11.5, MUTED)])
        y += 18
        for line in group.lines[:each]:
            text = f"{line.subject}：{line.text}" + (f"（{'；'.join(line.notes[:2])}）" if line.notes and telling.version == "internal" else "")
            high = 14.0 * len(fit(text, (box.w - 12,) * 2, 10, 9.5).lines)
            if y + high > box.bottom:
                break
            canvas.words("变化", Box(box.x + 10, y, box.w - 10, high), text, 10)
            y += high + 2
        more = len(group.lines) - each
        if more > 0 and y + 14 <= box.bottom:
            canvas.words("其余", Box(box.x + 10, y, box.w - 10, 14), telling.say(f"另有 {more} 项，见「版次对比」", f"{more} more: see the comparison of editions"), 8.5, colour=FAINT)
            y += 15
        y += 6


def decisions(telling: Telling) -> Iterator[Page]:
    """What the chief has to decide: open cases put to the chief or with something asked, then other red ones; worst lamp first, four on a page."""
    if not held("case_list", telling.version):
        return
    result = release("case_list", telling.edition, telling.version)
    open_ones = result.frame.filter(pl.col("chain_code") == telling.chain.code, ~pl.col("state").is_in(SETTLED).fill_null(False))
    put = pl.col("ask").is_not_null() | pl.col("level").is_in(ASKED_OF).fill_null(False)
    asked = open_ones.filter(put | (pl.col("lamp") == "red").fill_null(False)).with_columns(put.alias("put"))
    asked = asked.sort(~pl.col("put"), pl.col("lamp").replace_strict(OPEN_FIRST, default=3, return_dtype=pl.Int64), pl.col("days_left"), nulls_last=True)
    title = telling.say("需链长协调的事项", "To be decided by the chief")
    count = asked["put"].sum()
    subtitle = telling.say(f"提请链长 {count} 项，另有超期等红灯事项 {asked.height - count} 项", f"{count} put to the chief, {asked.height - count} other red cases")
    rows = list(asked.iter_rows(named=True))
    if not rows:
        yield drawn(title, lambda c: c.words("没有", Box(ROOM.x, ROOM.y, ROOM.w, 24), telling.say("本期没有提请链长协调的事项。", "Nothing is put to the chief this time."), 14, colour=MUTED))
    for start in range(0, len(rows), CASES_A_PAGE):
        def draw(canvas: Canvas, start: int = start) -> None:
            for at, row in enumerate(rows[start:start + CASES_A_PAGE]):
                _case_card(canvas, telling, result, row, start + at + 1, Box(ROOM.x, ROOM.y + at * 103, ROOM.w, 95))

        pages = -(-len(rows) // CASES_A_PAGE)
        yield drawn(telling.part(title, start // CASES_A_PAGE + 1, pages), draw, subtitle=subtitle)


def _case_card(canvas: Canvas, telling: Telling, result: Result, row: dict[str, Any], number: int, box: Box) -> None:
    """One case: what is asked in large type, why in small, who leads, until when, how many days are left."""
    say, language = telling.say, telling.language
    look = tints(profile(), "case_list", language)(result.output.column("lamp"), row["lamp"])
    canvas.block(f"事项 {number} 底", box, CARD, line=LINE, rounded=4)
    canvas.block(f"事项 {number} 灯", Box(box.x, box.y + 8, 4, box.h - 16), look.ink if look else MUTED)
    canvas.words(f"事项 {number}", Box(box.x + 16, box.y + 10, 30, 26), str(number), 18, colour=ACCENT, bold=True)
    canvas.words("提请事项", Box(box.x + 50, box.y + 9, box.w - 210, 28), row["ask"] or row["title"] or "", 15, bold=True)
    canvas.words("问题", Box(box.x + 50, box.y + 38, box.w - 210, 30), row["title"] if row["ask"] else row["measure"] or "", 10.5, colour=MUTED)
    who = [row["enterprise_name"] or row["project_name"], row["lead_office"] and f"{say('牵头', 'lead')}：{row['lead_office']}", row["due_on"] and f"{say('时限', 'due')}：{row['due_on']}", row["code"]]
    canvas.words("责任", Box(box.x + 50, box.y + 71, box.w - 210, 16), "　".join(str(w) for w in who if w), 10)
    if look:
        canvas.words("灯", Box(box.right - 150, box.y + 10, 138, 20), look.word, 12, colour=look.ink, bold=True, align="r")
    if row["days_left"] is not None:
        canvas.amount(Box(box.right - 150, box.y + 32, 138, 30), figure(result, row, "days_left", language=language), 20, colour=RED if row["days_left"] < 0 else INK, align="r")
        canvas.words("剩余", Box(box.right - 150, box.y + 66, 138, 16), say("已超期" if row["days_left"] < 0 else "剩余天数", "overdue" if row["days_left"] < 0 else "days left"), 9, colour=MUTED, align="r")


def _input_words(name: str, language: str) -> str:
    """A table or an output by its words."""
    declared = outputs().get(name) or table_of(name)
    return declared.zh if language == "zh" else declared.en


def sources(telling: Telling, used: list[str]) -> Page:
    """The last page: from which outputs and tables the deck was made, by whose rules, and how to follow a figure."""
    say, language = telling.say, telling.language
    heads = tuple(Cell(t, bold=True) for t in ((say("图表清单", "Output"), say("读取的登记表", "Tables read"), say("规则与依据", "Rules"), say("例：凭证号", "A passport id"))))
    rows = []
    for name in used[:rows_in(ROOM.h - 84)]:
        output = output_of(name)
        rules = "；".join(f"{r.zh if language == 'zh' else r.en}〔{r.mark if language == 'zh' else BASES_EN[r.basis]}〕" for r in output.rules().values())
        frame = release(name, telling.edition, telling.version).frame
        example = figure_id(output, "|".join(str(v) for v in frame.select(output.key).row(0)), output.columns[-1].name, telling.edition.number) if frame.height else "—"
        rows.append((Cell(output.zh if language == "zh" else output.en), Cell("、".join(_input_words(n, language) for n in output.inputs), size=8), Cell(rules or say("直接取自登记", "from the records"), size=8), Cell(example, size=7.5, colour=FAINT)))
    manifest = telling.edition.manifest
    told_edition = "　".join(filter(None, [telling.edition.label(language), f"{say('批准', 'approved by')} {manifest.approver}" if manifest.approver else "", f"{say('内容', 'content')} {manifest.content}"]))

    def draw(canvas: Canvas) -> None:
        canvas.words("版次", Box(ROOM.x, ROOM.y - 4, ROOM.w, 18), told_edition, 10.5)
        canvas.words("怎么查", Box(ROOM.x, ROOM.y + 15, ROOM.w, 34), say(
            "查一个数：选中数字，看替代文字（或表格末列）里的凭证号，在系统「凭证查询」输入，或执行 liantu why 凭证号；查整份材料：liantu verify 文件。结果离线回到公式、输入行、批次、文件、工作表、单元格和经手人。",
            "To follow a figure: read the passport id in its alternative text (or in the table's last column) and look it up in the system, or run liantu why ID. To check this file: liantu verify FILE."), 10, colour=MUTED)
        canvas.shapes.append(table_xml(Table(say("数据来源", "Sources"), heads, tuple(rows), (160, 390, 220, 110)), Box(ROOM.x, ROOM.y + 58, 0, 0), 90_000))

    return drawn(say("数据来源与凭证", "Sources and passports"), draw)


