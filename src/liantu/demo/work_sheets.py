"""Sheets of the daily work: projects by chain, stage proofs, needs, the ledger of cases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from random import Random

from liantu.demo import words
from liantu.demo.dirt import Plants, said_date, said_name, said_number
from liantu.demo.firms import Firm
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.work import STAGES, Case, Event, Need, Project, Work

PROJECT_FILE, EVENT_FILE, NEED_FILE, CASE_FILE = "15_重点项目调度表_202610.xlsx", "16_项目阶段佐证_202610.xlsx", "17_要素保障需求表.et", "18_企业诉求问题台账_202610.xlsx"
STAGE_SAID = {"在谈": ("在谈", "洽谈"), "签约": ("签约", "已签约"), "注册": ("注册", "已注册"), "备案审批": ("备案审批", "手续办理", "报建"), "开工": ("开工", "在建", "已开工"),
              "入统": ("入统", "已入统", "入库"), "竣工": ("竣工", "已竣工"), "投产": ("投产", "试生产"), "入规": ("入规", "已入规")}
STATE_SAID = {"登记": ("登记", "未启动"), "办理中": ("办理中", "推进中"), "办结": ("办结", "已办结"), "销号": ("销号", "已销号")}
HEADS = {  # header words of the projects' sheets; the n-th sheet says the n-th word (of as many as there are)
    "name": ("项目名称", "重点项目"), "code": ("项目编号", "项目赋码"), "firm": ("建设单位", "项目业主", "实施单位"), "investor": ("投资方", "投资主体"), "category": ("项目类别", "建设性质"),
    "chain": ("产业链", "所属产业链"), "node": ("环节名称", "所属环节", "产业链环节"), "move": ("补/强/延链", "链上作用"), "content": ("主要建设内容", "建设规模及内容"),
    "total": ("总投资", "计划总投资", "投资总额"), "plan_year": ("年度计划投资", "本年计划投资"), "done": ("累计完成投资", "开工以来累计完成投资"), "arrived": ("到位资金", "累计到位资金"),
    "stage": ("项目阶段", "当前阶段", "进展阶段"), "side": ("推进状态", "是否正常"), "formal": ("是否正式合同", "签订正式合同"), "signed": ("签约时间", "合同签订时间"),
    "start_plan": ("拟开工时间", "计划开工"), "started": ("实际开工时间", "开工日期"), "finish_plan": ("计划竣工时间", "预计投产时间"), "finished": ("竣工日期", "实际竣工时间"),
    "output": ("达产产值", "预计年产值"), "jobs": ("带动就业", "预计就业"), "land": ("用地（亩）", "占地面积（亩）"), "energy": ("能耗（吨标煤）", "综合能耗（吨标煤）"),
    "park": ("建设地点", "落地园区", "所在镇街"), "problem": ("存在的问题", "需协调问题"), "office": ("责任单位", "牵头单位"), "owner": ("项目专员", "责任人"),
    "leader": ("包联领导", "挂点领导"), "updated": ("更新日期", "填报日期"),
}


def head(key: str, number: int) -> str:
    """The ``number``-th way of naming a column."""
    said = HEADS[key]
    return said[number % len(said)]


def said_firm(firm: Firm | None, name: str, rng: Random) -> Cell:
    """A firm's name as typed in another office; spellings that its key still tells."""
    return said_name(name, rng) if firm else name or None


def said_day(day: dt.date | None, rng: Random) -> Cell:
    """A day as typed, never losing the day of the month (a month alone would change the answer)."""
    if day is None:
        return rng.choice((None, None, "—"))
    told = said_date(day, rng)
    return told if told != f"{day.year}.{day.month}" else day.isoformat()


def invested(value: float, hundred_million: bool, rng: Random) -> Cell:
    """An amount of 万元 in the sheet's unit (万元 or 亿元), now and then with the unit in the cell."""
    if not value:
        return rng.choice((None, 0, "—"))
    if hundred_million:
        return f"{value / 10_000:.4f}".rstrip("0").rstrip(".") + "亿元" if rng.random() < 0.04 else round(value / 10_000, 4)
    return said_number(value, rng, 0)


class Dirt:
    """Adds rows and cells that the desk must report, and writes them down."""

    def __init__(self, plants: Plants) -> None:
        self.found = plants.planted.dirt

    def note(self, file: str, sheet: Sheet, row: int, code: str, column: str, seen: str, kept: bool) -> None:
        """Record a problem that the desk must tell: ``kept`` says whether the row goes in all the same."""
        self.found.append({"place": [file, sheet.name, row], "code": code, "column": column, "seen": seen, "kept": kept})

    def row(self, file: str, sheet: Sheet, cells: Sequence[Cell], code: str, column: str, seen: str = "") -> None:
        """A row that no record must come of."""
        self.note(file, sheet, sheet.add(list(cells)), code, column, seen, kept=False)


def project_row(p: Project, work: Work, hundred_million: bool, rng: Random) -> dict[str, Cell]:
    """What an office types about a project, by HEADS' keys."""
    stage = STAGES[p.stage]

    def reached(at: int) -> Cell:
        return said_day(p.days.get(at), rng)

    return {
        "name": p.name, "code": p.code, "firm": said_firm(p.firm, p.firm_name, rng), "investor": p.investor,
        "category": rng.choice({"招商": ("招商", "招商引资"), "技改": ("技改", "技术改造"),
        "新建": ("新建", "新建项目"), "扩建": ("扩建", "增资扩产")}[p.category]), "chain": work.templates[p.chain].zh,
        "node": work.node(p.node).zh if p.node else rng.choice((None, "—")),
        "move": p.move, "content": p.content, "total": invested(p.total, hundred_million, rng), "plan_year": invested(p.plan_year, hundred_million, rng),
        "done": invested(p.done, hundred_million, rng), "arrived": invested(p.arrived, hundred_million, rng), "stage": rng.choice(STAGE_SAID.get(stage, (stage,))),
        "side": rng.choice({"正常": ("正常", "正常推进"), "暂停": ("停工", "暂停"), "终止": ("出库", "终止")}[p.side]),
        "formal": rng.choice(("是", "√")) if p.formal else "否" if p.stage >= 4 else None,
        "signed": reached(4), "start_plan": said_day(p.start_plan, rng), "started": reached(7), "finish_plan": said_day(p.finish_plan, rng), "finished": reached(9),
        "output": invested(p.output, hundred_million, rng), "jobs": p.jobs, "land": p.land_mu or "/", "energy": p.energy_tce, "park": p.park.name,
        "problem": p.problem or rng.choice((None, "无")),
        "office": p.office, "owner": p.owner, "leader": p.leader, "updated": said_day(p.updated, rng)}


def project_sheets(work: Work, projects: Iterable[Project], dirt: Dirt | None, rng: Random, file: str, month: str) -> list[Sheet]:
    """One sheet per chain with its own words and its own unit (万元, 亿元 in every second one)."""
    by_chain: dict[str, list[Project]] = {}
    for p in projects:
        by_chain.setdefault(p.chain, []).append(p)
    sheets = []
    for number, (chain, template) in enumerate(work.templates.items()):
        here = by_chain.get(chain, [])
        if not here:
            continue
        keys = list(HEADS)
        if number % 2:
            keys.insert(3, keys.pop(keys.index("stage")))
        big = bool(number % 2)
        sheet = Sheet(template.zh[:28], [f"{words.DISTRICT_TITLE}{template.zh}重点项目调度表", f"{template.zh}专班　{month}"], [["序号", *(head(k, number) for k in keys)]],
                      corner="单位：亿元" if big else "单位：万元")
        lines = [project_row(p, work, big, rng) for p in here]
        if dirt:
            _soil(dirt, sheet, here, lines, file, number)
        for at, line in enumerate(lines, 1):
            sheet.add([at, *(line[k] for k in keys)])
        if dirt:
            _add_unusable(dirt, sheet, keys, file, number)
        totals: dict[str, Cell] = {k: round(sum(getattr(p, k) for p in here) / (10_000 if big else 1), 4) for k in ("total", "done", "arrived")}
        sheet.rows.append(["合计", *(f"{len(here)}个" if k == "name" else totals.get(k) for k in keys)])
        sheet.notes = ["注：1.本表为合成数据；2.阶段按项目全生命周期划分，框架协议不算签约。"]
        sheets.append(sheet)
    return sheets


def _soil(dirt: Dirt, sheet: Sheet, here: list[Project], lines: list[dict[str, Cell]], file: str, number: int) -> None:
    """Cells that the desk must tell of while it takes the row: a round amount, and a node that no chain has where no node is true."""
    at = number % len(here)
    lines[at]["total"] = f"约{here[at].total / 10_000:g}亿元"
    dirt.note(file, sheet, sheet.first_row + at, "approximate", "总投资", str(lines[at]["total"]), kept=True)
    bare = next((i for i, p in enumerate(here) if not p.node), None)
    if bare is not None:
        lines[bare]["node"] = "其他未列环节"
        dirt.note(file, sheet, sheet.first_row + bare, "unknown-reference-blank", "环节", "其他未列环节", kept=True)


def _add_unusable(dirt: Dirt, sheet: Sheet, keys: list[str], file: str, number: int) -> None:
    """A row of no project: a stage that does not exist, a day that is none, an amount in words or dollars, no name."""
    kinds: tuple[tuple[str, str, str, Cell], ...] = (("not-a-choice", "阶段", "stage", "推进较快"), ("bad-date", "计划开工时间", "start_plan", "下半年"),
                                                     ("bad-number", "总投资", "total", "待定，以合同为准"),
                                                     ("required-missing", "项目名称", "name", None), ("foreign-currency", "总投资", "total", "1200万美元"))
    code, column, key, seen = kinds[number % len(kinds)]
    cells: dict[str, Cell] = {"name": f"未核实项目{number + 1}", "category": "招商", "stage": "在谈", "park": "江北街道", "content": "信息待核"}
    cells[key] = seen
    dirt.row(file, sheet, [len(sheet.rows) + 1, *(cells.get(k) for k in keys)], code, column, str(seen or ""))


def event_sheet(events: Iterable[Event], dirt: Dirt | None, rng: Random, file: str, month: str) -> Sheet:
    """Which stage was reached when, by what proof; those without proof stay to be verified."""
    sheet = Sheet("阶段佐证", [f"{words.DISTRICT_TITLE}重点项目阶段佐证汇总", f"区重点项目办　{month}"], [["序号", "项目名称", "到达阶段", "到达日期", "佐证材料", "材料文号", "是否核实", "核实人"]])
    for e in events:
        stage = STAGES[e.stage]
        sheet.add([len(sheet.rows) + 1, e.project.name, rng.choice(STAGE_SAID.get(stage, (stage,))), said_day(e.day, rng), e.proof or rng.choice((None, "无")),
                   e.number or None,
                   rng.choice(("已核", "已核实", "是")) if e.proof else rng.choice(("待核", "未核", "否")), e.who or None])
    if dirt:
        dirt.row(file, sheet, [len(sheet.rows) + 1, "无此项目扩建工程", "签约", "2026-05-06", "框架协议", None, "未核", None], "unknown-reference", "项目名称", "无此项目扩建工程")
    return sheet


def need_sheet(needs: Iterable[Need], rng: Random) -> Sheet:
    """What projects need; each row names its own unit."""
    sheet = Sheet("要素需求", [f"{words.DISTRICT_TITLE}重点项目要素保障需求表"], [["序号", "项目名称", "要素类别", "需求数量", "已落实", "计量单位", "保障单位", "保障时限"]])
    for n in needs:
        sheet.add([len(sheet.rows) + 1, n.project.name, rng.choice({"用地": ("用地", "土地"), "用工": ("用工", "招工"), "融资": ("融资", "贷款")}.get(n.factor, (n.factor,))), n.needed,
                   n.secured,
                   n.unit, n.office, said_day(n.due, rng)])
    return sheet


_CASE_HEADS = (("问题编号", "诉求内容", "诉求来源", "问题类别", "企业名称", "涉及项目", "所属产业链", "环节", "登记日期", "牵头单位", "协办单位", "责任人", "解决措施", "办理时限", "办理进展", "办理进度（%）", "办理状态",
                "办结日期", "销号佐证", "回访评价", "升级层级", "提请协调事项", "更新日期"),
               ("事项编号", "问题描述", "问题来源", "类别", "反映企业", "项目名称", "产业链", "所属环节", "提出日期", "主办单位", "配合单位", "经办人", "工作措施", "限办日期", "落实情况", "完成比例（%）", "事项状态",
                "销号日期", "办结佐证", "满意度", "提请层级", "需链长协调事项", "填报日期"))


def case_row(c: Case, work: Work, rng: Random) -> list[Cell]:
    """What stands in the ledger about a case, in the order of its columns."""
    return [c.code, c.title, c.source, c.category, said_firm(c.firm, c.firm.name, rng) if c.firm else None, c.project.name if c.project else None,
            work.templates[c.chain].zh,
            work.node(c.node).zh if c.node else None, said_day(c.raised, rng), c.office, "、".join(c.partners) or None, c.owner, c.measure, said_day(c.due, rng),
            c.progress,
            round(c.share * 100), rng.choice(STATE_SAID.get(c.state, (c.state,))), said_day(c.closed, rng), c.proof or None, c.satisfaction or None, c.level,
            c.ask or None, said_day(c.updated, rng)]


def case_sheet(work: Work, cases: Iterable[Case], dirt: Dirt | None, rng: Random, file: str, month: str, words_of: int = 0) -> Sheet:
    """The ledger; a number used twice with another text and a date that does not exist are planted in it."""
    sheet = Sheet("问题台账", [f"{words.DISTRICT_TITLE}企业诉求和项目问题台账", f"区链长办　{month}"], [["序号", *_CASE_HEADS[words_of]]])
    for c in cases:
        sheet.add([len(sheet.rows) + 1, *case_row(c, work, rng)])
    if dirt:
        blank: list[Cell] = [None] * 22
        day = [len(sheet.rows) + 1, "WT2026-9001", "时间写错的问题", "企业", "其他", *blank[:4], "2026-13-05", *blank[:14]]
        dirt.row(file, sheet, day, "bad-date", "提出日期", "2026-13-05")
        dirt.row(file, sheet, [len(sheet.rows) + 1, None, "没有编号的问题", "走访", "其他", *blank[:19]], "required-missing", "问题编号")
    return sheet


