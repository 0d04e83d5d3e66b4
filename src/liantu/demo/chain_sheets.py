"""Sheets about the chains: who supplies whom (from the chain masters and per chain), and placements that people confirmed."""

from __future__ import annotations

from random import Random

from liantu.demo import words
from liantu.demo.dirt import said_money, said_name
from liantu.demo.firms import Firm
from liantu.demo.nodes import ChainPlan
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Sheet
from liantu.demo.supply import Supply

SUPPLY_FILE, PLACEMENT_FILE = "13_产业链供需对接汇总.xlsx", "14_入链确认表.xlsx"
CONFIRMED_SHARE = 0.07  # of all firms (unit: 1)


def master_file(number: int) -> str:
    """File of one chain master's suppliers."""
    return f"12_链主企业供应商清单_{number}.xlsx"


def _said(name: str, firm: Firm | None, rng: Random) -> str:
    """A partner's name as typed by the other side: sometimes its former name."""
    if firm and firm.former and rng.random() < 0.12:
        return firm.former[-1]
    return said_name(name, rng) if rng.random() < 0.3 else name


def master_sheet(firm: Firm, rows: list[Supply], rng: Random, headers: tuple[str, ...] = ("供应商名称", "采购单位", "采购物料", "采购金额（万元）", "采购年度")) -> Sheet:
    """All suppliers of one chain master, newest year first, with a total."""
    sheet = Sheet("供应商清单", [f"{firm.name}主要供应商清单（{words.LABEL}）", "链主企业填报"], [["序号", *headers, "供应商所在地"]])
    for row in sorted(rows, key=lambda r: -r.year):
        sheet.add([len(sheet.rows) + 1, _said(row.supplier_name, row.supplier, rng), firm.name, row.item, said_money(row.amount, rng), row.year,
                   words.DISTRICT if row.supplier else "区外"])
    sheet.add([None, "合计", None, None, round(sum(r.amount for r in rows), 2), None, None])
    return sheet


def supply_sheets(world: World, plan: ChainPlan, rows: list[Supply]) -> list[Sheet]:
    """The other supply rows, one sheet per chain of the customer."""
    rng, sheets = world.rng("supply"), []
    for number, (code, template) in enumerate(plan.templates.items()):
        headers = ["供应商名称", "客户名称", "物料名称", "年采购额", "年份"] if number % 2 else ["供货单位", "需方", "配套产品", "年供货额", "年度"]
        sheet = Sheet(template.zh[:28], [f"{words.DISTRICT_TITLE}{template.zh}供需配套汇总", "工信局"], [["序号", *headers, "备注"]], corner="单位：万元")
        for row in (r for r in rows if r.customer.chain == code and not r.customer.master):
            sheet.add([len(sheet.rows) + 1, _said(row.supplier_name, row.supplier, rng), _said(row.customer.name, row.customer, rng), row.item,
                       said_money(row.amount, rng), row.year, None])
        sheets.append(sheet)
    return sheets


def placement_sheets(world: World, plan: ChainPlan) -> list[Sheet]:
    """Placements that the chain offices confirmed: all masters, some backbones, suppliers and nurtured firms."""
    rng, sheets, planted = world.rng("placements"), [], world.plants.planted
    for code, template in plan.templates.items():
        sheet = Sheet(template.zh[:28], [f"{words.DISTRICT_TITLE}{template.zh}重点企业入链确认表", "链长办公室　2026年9月"],
                      [["序号", "企业名称", "统一社会信用代码", "产业链", "环节名称", "企业角色", "环节产品", "入链依据", "确认人"]])
        here = [f for f in world.firms if f.chain == code]
        chosen = [f for f in here if f.master]
        large = sorted((f for f in here if f.above_scale and not f.master), key=lambda f: -f.base)
        budget = max(4, round(len(world.firms) * CONFIRMED_SHARE / len(plan.templates)))
        chosen += rng.sample(large, min(len(large), budget // 2))
        rest = [f for f in here if not f.above_scale]
        chosen += rng.sample(rest, min(len(rest), max(0, budget - len(chosen))))
        deputies = {f.number for f in large[:2]}
        for firm in chosen:
            role = "链主" if firm.master else "副链主" if firm.number in deputies else rng.choice(("骨干企业", "骨干")) if firm.above_scale and firm.base > 9000 \
                else "配套企业" if rng.random() < 0.7 else "培育企业"
            node = plan.nodes[firm.nodes[0]].node
            sheet.add([len(sheet.rows) + 1, said_name(firm.name, rng), firm.uscc, template.zh, node.zh, role, "、".join(firm.products[:2]),
                       rng.choice(("现场走访核实", "企业填报，专班核对", "主导产品相符")), rng.choice(("链办王某", "专班李某", "园区张某"))])
            planted.confirmed.append({"uscc": firm.uscc, "node": firm.nodes[0], "role": role})
        sheets.append(sheet)
    return sheets
