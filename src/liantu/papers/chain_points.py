"""What is good, what is wrong and what follows from it: the points of a brief, each from rows of outputs by a plain rule.

Suggestions name work to be done. They never offer support, never ask anybody to buy locally, and never speak of tax.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import polars as pl

from liantu.kernel.output import Result, shows
from liantu.papers.blocks import Block, Grid, Heading, Paragraph, figure
from liantu.papers.chain_state import Said, Telling, open_cases, paragraph
from liantu.papers.docx_form import chinese

GAP_ROWS = 6
NAMED = 3
GAP_COLUMNS = ("name", "group_name", "status", "action", "firms", "above_scale_firms", "bought_outside")


@dataclass(frozen=True)
class Problems:
    """The rows that a brief's problems and suggestions rest on; None where the version may not have them."""

    gaps: Result | None
    masters: Result | None
    single: Result | None
    red: Result | None
    overdue: Result | None

    @property
    def partial(self) -> bool:
        """Whether the version keeps some of them back, so that silence is no news."""
        return None in (self.gaps, self.single, self.red, self.overdue)


def problems_of(telling: Telling) -> Problems:
    """Gaps by weight, masters they touch, nodes on one firm, red projects, overdue cases."""
    projects, cases = telling.rows("project_list"), open_cases(telling)
    nodes = telling.rows("chain_map")
    single = telling.rows("single_supplier")
    if single is not None and nodes is not None:
        single = _only(single, pl.col("node_code").is_in(nodes.frame["code"].to_list()))
    return Problems(_shown(telling.rows("gap_list"), "status"), _shown(telling.rows("gap_masters"), "master"), _shown(single, "name"),
                    _only(projects, pl.col("lamp") == "red") if _shown(projects, "lamp") else None, _only(cases, pl.col("days_left") < 0) if cases is not None else None)


def _shown(result: Result | None, column: str) -> Result | None:
    """The rows where the version shows the column that they are about."""
    return result if result is not None and shows(result.version, result.output.column(column)) else None


def _only(result: Result | None, *keep: pl.Expr) -> Result | None:
    return None if result is None else replace(result, frame=result.frame.filter(*keep))


def _names(result: Result | None, column: str, *keep: pl.Expr) -> list[str]:
    return [] if result is None else [n for n in result.frame.filter(*keep)[column].to_list() if n]


def highlights(telling: Telling) -> list[Block]:
    """Strong nodes, named masters, what was put into production this year; a plain word when there is nothing."""
    f, m = telling.figures("chain_summary"), telling.figures("meeting_numbers")
    told: list[Said] = []
    nodes = _shown(telling.rows("chain_map"), "status")
    strong = _names(nodes, "name", pl.col("status") == "strong")
    if strong:
        told.append(telling.tell("优势环节{n}，为{names}。", "Strong nodes ({n}): {names}.", n=f("strong"), names=telling.listed(strong)))
    masters = _names(_shown(telling.rows("chain_masters"), "named"), "name", pl.col("named"))
    if masters:
        told.append((telling.say(f"已明确链主企业：{telling.listed(masters)}。", f" Named chain masters: {telling.listed(masters)}."),))
    year = [(name, telling.tell(f"{zh}{{n}}", f"{{n}} {en}", n=m(name))) for name, zh, en in (
        ("signed_year", "新签约项目", "projects signed"), ("started_year", "新开工", "started"), ("counted_year", "新入统", "entered statistics"),
        ("producing_year", "新投产", "began production"), ("above_scale_year", "新入规", "rose above scale"))]
    moved = [said for name, said in year if said and m.value(name)]
    if moved:
        parts: list = [telling.say("本年以来", " This year ")]
        for at, said in enumerate(moved):
            parts += [telling.say("、", ", ") if at else "", *said]
        told.append((*(p for p in parts if p != ""), telling.say("。", ".")))
    if not any(told):
        if nodes is None:
            return [Paragraph((telling.say("本版本不列具体情况。", "Not told in this version."),))]
        return [Paragraph((telling.say("本期数据中没有可列为亮点的情况。", "The figures show no highlights this time."),))]
    return list(paragraph(*told))


def problems(telling: Telling, found: Problems) -> list[Block]:
    """Each kind of trouble under its own heading, gaps with their table; a plain word when there is none."""
    blocks = [*_gaps(telling, found), *_single(telling, found), *_red(telling, found), *_overdue(telling, found)]
    if blocks:
        return blocks
    if found.partial:
        return [Paragraph((telling.say("本版本不列环节、项目和事项的具体问题。", "Problems of nodes, projects and cases are not told in this version."),))]
    return [Paragraph((telling.say("本期数据中没有发现突出问题。", "The figures show no marked problem this time."),))]


def _gaps(telling: Telling, found: Problems) -> Iterator[Block]:
    if found.gaps is None or not found.gaps.frame.height:
        return
    f = telling.figures("chain_summary")
    yield Heading(2, telling.say("短板环节", "Gaps"))
    told: list[Said] = []
    missing = _names(found.gaps, "name", pl.col("status") == "missing")
    if missing:
        few = len(set(missing)) <= NAMED + 2
        told.append(telling.tell("缺失环节{n}，" + ("为" if few else "主要是") + "{names}。", "{n} nodes are missing" + (": " if few else ", chiefly ") + "{names}.", n=f("missing"), names=telling.listed(missing)))
    if f.value("weak"):
        told.append(telling.tell("薄弱环节{n}。", " {n} are weak.", n=f("weak")))
    told.append(_masters(telling, found.masters))
    more = found.gaps.frame.height > GAP_ROWS
    told.append((telling.say(f"按权重排在前面的{GAP_ROWS}个见下表。" if more else "情况见下表。", f" The first {GAP_ROWS} by weight stand below." if more else " They stand below."),))
    yield from paragraph(*told)
    yield Grid(telling.say("主要短板环节", "Chief gaps"), found.gaps, GAP_COLUMNS, limit=GAP_ROWS,
               note=telling.say("区外采购额为已填报的本区企业向区外采购该环节产品的金额，仅作监测", "bought outside: told purchases of local firms, for watching only"))


def _masters(telling: Telling, masters: Result | None) -> Said:
    """Which gaps stand right above which chain master: 甲公司（隔膜、电解液）."""
    if masters is None or not masters.frame.height:
        return ()
    nodes: dict[str, list[str]] = {}
    for node, master in masters.frame.select("node_name", "master").iter_rows():
        nodes.setdefault(master, []).append(node)
    each = [telling.say(f"{master}（{telling.listed(names, NAMED)}）", f"{master} ({telling.listed(names, NAMED)})") for master, names in nodes.items()]
    return (telling.say(f"短板处在链主企业直接上游的有：{telling.listed(each, NAMED)}。", f" Gaps directly above chain masters: {telling.listed(each, NAMED)}."),)


def _single(telling: Telling, found: Problems) -> Iterator[Block]:
    if found.single is None or not found.single.frame.height:
        return
    yield Heading(2, telling.say("依靠单一企业的环节", "Nodes that rest on one firm"))
    may = shows(telling.version, found.single.output.column("share"))
    told: list = []
    for row in found.single.frame.head(NAMED).iter_rows(named=True):
        told += [telling.say("、", ", ") if told else "", telling.say(f"{row['node_name']}（{row['name']}", f"{row['node_name']} ({row['name']}")]
        told += [telling.say("，占", ", "), figure(found.single, row, "share", language=telling.language)] if may else []
        told.append(telling.say("）", ")"))
    more = telling.say("等", " and others") if found.single.frame.height > NAMED else ""
    yield from paragraph((telling.say("一家企业占环节产值绝大部分的有：", "One firm makes nearly all of the output at: "), *(t for t in told if t), more + telling.say("。", ".")))


def _red(telling: Telling, found: Problems) -> Iterator[Block]:
    if found.red is None or not found.red.frame.height:
        return
    rates = telling.figures("project_rates")
    yield Heading(2, telling.say("推进受阻的项目", "Projects in trouble"))
    told = [telling.tell("红灯项目{n}。", "Red lamps: {n}.", n=rates("red"))]
    reasons = found.red.output.column("lamp_rule")
    for row in found.red.frame.head(NAMED).iter_rows(named=True):
        why = next((telling.say(c.zh, c.en) for c in reasons.choices if c.value == row["lamp_rule"]), "")
        trouble = str(row["problem"] or "").strip("。；; ")
        told.append((telling.say(f"{row['name']}：{why}" + (f"，{trouble}" if trouble else "") + "。", f" {row['name']}: {why}."),))
    yield from paragraph(*told)


def _overdue(telling: Telling, found: Problems) -> Iterator[Block]:
    if found.overdue is None or not found.overdue.frame.height:
        return
    m = telling.figures("meeting_numbers")
    yield Heading(2, telling.say("超期未办结的问题", "Overdue cases"))
    told = [telling.tell("未办结问题{n}，其中超期{late}，逐件见问题清单。", "{n} cases are open, {late} of them overdue; see the case list.", n=m("cases_open"), late=m("cases_overdue"))]
    yield from paragraph(*told)


def suggestions(telling: Telling, found: Problems) -> list[Block]:
    """One item per kind of trouble that was found, in the order of the problems; nothing that the figures do not ask for, and nothing where a version keeps the problems back."""
    office = telling.chain.office
    who = telling.say(f"由{office}牵头，" if office else "", "")
    missing = _names(found.gaps, "name", pl.col("status") == "missing")
    weak = _names(found.gaps, "name", pl.col("status") == "weak")
    single = _names(found.single, "node_name")

    def listed(names: list[str]) -> str:
        return telling.listed(names, NAMED)

    items = [
        (missing, telling.say("补上缺失环节", "Fill what is missing"),
         telling.say(f"{who}对{listed(missing)}环节，先核实区内企业能否转产，再逐个环节列出目标企业，精准对接。", f"For {listed(missing)}: see first which local firms could turn to it, then list target firms node by node.")),
        (weak, telling.say("做强薄弱环节", "Strengthen what is weak"),
         telling.say(f"对{listed(weak)}环节，逐户了解现有企业在技术改造、用工、用地和市场方面的需求，协调服务。", f"For {listed(weak)}: ask each firm there what it needs and help.")),
        (single, telling.say("防范断供风险", "Guard against a break"),
         telling.say(f"对{listed(single)}环节，摸清备用供应来源，由链主企业和重点企业自主制定备份方案。", f"For {listed(single)}: find out second sources; masters and key firms make their own plans.")),
        (_names(found.red, "name"), telling.say("推动受阻项目", "Move the projects"),
         telling.say("对红灯项目逐个明确堵点、责任单位和完成时限，下次调度会报告进展。", "For each red project name the obstacle, the office and the day; report at the next meeting.")),
        (_names(found.overdue, "code"), telling.say("办结超期问题", "Settle overdue cases"),
         telling.say("超期问题由牵头单位限期办结，仍有困难的按程序提请链长协调。", "Lead offices settle overdue cases by a set day; what they cannot settle goes to the chief.")),
        (_to_verify(telling), telling.say("核实基础数据", "Verify the data"),
         telling.say("请各镇街园区核实待核企业和未报送的数据，下期按核实后的数据更新。", "Parks and townships verify what is still open; the next edition follows.")),
    ]
    due = [(title, text) for cause, title, text in items if cause]
    blocks: list[Block] = [Paragraph((telling.say(f"{chinese(at)}是{title}。{text}", f"{title}. {text}"),)) for at, (title, text) in enumerate(due, start=1)]
    if blocks or found.partial:
        return blocks
    return [Paragraph((telling.say("继续按现有安排推进，按期更新数据。", "Go on as planned and keep the data up to date."),))]


def _to_verify(telling: Telling) -> list[str]:
    f = telling.figures("chain_summary")
    return ["to_verify"] if f.value("to_verify") or (f.value("output") == 0 and f.value("firms")) else []

