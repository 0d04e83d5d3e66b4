"""The sheets of November that tell what changed: firms registered and closed, placements changed, projects, proofs, cases, a policy."""

from __future__ import annotations

from random import Random

from liantu.demo import words
from liantu.demo.dirt import said_name
from liantu.demo.firms import Firm
from liantu.demo.knowledge_sheets import policy_sheets
from liantu.demo.month import SIDE_LINE, Month
from liantu.demo.sheets_out import Sheet
from liantu.demo.work import Work
from liantu.demo.work_sheets import case_sheet, event_sheet, project_sheets, said_day

MONTH = "2026年11月"


def month_books(work: Work, month: Month, stamp: str, rng: Random) -> dict[str, list[Sheet]]:
    """File → sheets; finished and neglected projects are not reported again, nor are cases that closed before."""
    project_file, event_file, case_file = f"15_重点项目调度表_{stamp}.xlsx", f"16_项目阶段佐证_{stamp}.xlsx", f"18_企业诉求问题台账_{stamp}.xlsx"
    moved = [p for p, _ in month.advanced]
    reported = [p for p in work.projects if p in moved or (p.why != "neglect" and p.updated.month == 11)]
    cases = [c for c in (*work.cases, *month.cases_new) if c.updated.month == 11]
    books = {
        f"02_市场监管_新设企业_{stamp}.csv": [_registered(month, rng)], f"02_市场监管_变更注销_{stamp}.csv": [_gone(month, rng)],
        f"14_入链调整确认表_{stamp}.xlsx": [_placements(work, month, rng)],
        project_file: project_sheets(work, [*reported, *month.projects_new], None, rng, project_file, MONTH),
        event_file: [event_sheet(month.events, None, rng, event_file, MONTH)], case_file: [case_sheet(work, cases, None, rng, case_file, MONTH, 1)]}
    if month.policy:
        books[f"20_惠企政策新增_{stamp}.xlsx"] = policy_sheets(work, [month.policy], rng, 1)
    return books


def _registered(month: Month, rng: Random) -> Sheet:
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}市场监管局 新设企业 {MONTH}"], [["序号", "企业名称", "社会信用代码", "行业小类", "业务范围", "注册日期", "注册资金（万元）", "登记状态", "住所", "所在镇街", "主营产品"]])
    for firm in month.new:
        sheet.add([len(sheet.rows) + 1, firm.name, firm.uscc, firm.industry_code, firm.scope, str(said_day(firm.established, rng)), firm.capital, "存续", firm.address,
                   firm.park.name, "、".join(firm.products)])
    return sheet


def _gone(month: Month, rng: Random) -> Sheet:
    sheet = Sheet("", [f"{words.DISTRICT_TITLE}市场监管局 注销和迁出企业 {MONTH}"], [["序号", "企业名称", "统一社会信用代码", "登记状态"]])
    for firm, state in month.gone:
        sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), firm.uscc, {"注销": "已注销"}.get(state, state)])
    return sheet


def _placements(work: Work, month: Month, rng: Random) -> Sheet:
    """Old nodes denied, new ones confirmed; a firm with a side line is confirmed at both nodes with the shares of its business."""
    sheet = Sheet("入链调整", [f"{words.DISTRICT_TITLE}企业入链调整确认表", f"链长办公室　{MONTH}"],
                  [["序号", "企业名称", "统一社会信用代码", "产业链", "入链环节", "核实程度", "企业角色", "业务占比（%）", "入链依据", "核实人"]])

    def add(firm: Firm, ref: str, grade: str, role: str, share: float | None, why: str) -> None:
        chain = work.templates[ref.split("/", maxsplit=1)[0]].zh
        sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), firm.uscc, chain, work.node(ref).zh, grade, role, None if share is None else round(share * 100, 1),
                   why, "链办王某"])

    for firm, old, new in month.moved:
        add(firm, old, "已否定", "配套企业", None, "原产线已停，不再生产")
        add(firm, new, "已确认", "配套企业", None, "转产，现场走访核实")
    for firm, ref in month.side_lines:
        add(firm, firm.nodes[0], "已确认", "骨干企业", 1 - SIDE_LINE, "主营业务")
        add(firm, ref, "已确认", "骨干企业", SIDE_LINE, "新产线投产，产品已送样")
    for firm in month.new:
        if firm.nodes:
            add(firm, firm.nodes[0], "已确认", "培育企业", None, "新设企业，园区走访")
    return sheet
