"""Builds the synthetic district in memory and writes the sheets that its departments would hand over."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from liantu.demo import (
    capacity_sheets,
    chain_sheets,
    figure_sheets,
    pipeline_sheets,
    promise_sheets,
    register_sheets,
    target_sheets,
    verdict_sheets,
    watch_sheets,
    words,
    work_books,
)
from liantu.demo.dirt import Plants
from liantu.demo.district import parks
from liantu.demo.figures import LAST_MONTH, SINGLE_SHARE, YEARS, make_figures
from liantu.demo.firms import make_firms
from liantu.demo.nodes import ChainPlan, plan_nodes
from liantu.demo.planted import Planted
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Sheet, write_csv, write_html, write_xls, write_xlsx
from liantu.demo.supply import Supply, make_supply
from liantu.demo.work import Work
from liantu.demo.work_make import make_work

Progress = Callable[[str, int, int], None]
LATEST = YEARS[-1]


@dataclass
class Built:
    """The district in memory."""

    world: World
    plan: ChainPlan
    supply: list[Supply]
    work: Work


def build(settings: dict[str, Any]) -> Built:
    """The whole district without any file; equal settings give an equal district."""
    seed, count = int(settings["seed"]), int(settings["firms"])
    plan = plan_nodes(count, np.random.default_rng([seed, 1]))
    land = parks(seed)
    firms, maker = make_firms(plan, land, count, seed)
    figures = make_figures(firms, plan, seed)
    supply = make_supply(plan, firms, figures, maker.names, int(settings["supply_links"]), seed)
    planted = Planted(dict(settings), chains=list(plan.templates))
    names = {f.name for f in firms} | {old for f in firms for old in f.former if f.renamed_in == 0}
    world = World(land, firms, figures, Plants(planted, Random(f"plants:{seed}"), names), seed)
    return Built(world, plan, supply, make_work(world, plan))


def generate(out_dir: Path, *, seed: int = 20261123, firms: int = 5000, months: int = 36, supply_links: int = 30000,
             progress: Progress | None = None) -> Planted:
    """Write ``sheets/``, ``planted.json`` and ``README.txt`` into ``out_dir`` and return the known answers.

    ``months`` (2–36, unit: months) end at October 2026. ``progress`` is called with a Chinese word, steps done, steps in all.
    All names, codes, places and figures are invented; see ``docs/synthetic-district.md``.
    """
    settings = {"seed": seed, "firms": firms, "months": months, "supply_links": supply_links, "last_month": LAST_MONTH}
    tell = progress or (lambda word, done, total: None)
    folder = Path(out_dir) / "sheets"
    folder.mkdir(parents=True, exist_ok=True)
    tell("生成企业", 0, 4)
    built = build(settings)
    tell("编制表格", 1, 4)
    books = _books(built, months)
    for at, (name, sheets) in enumerate(books.items()):
        tell(f"写出 {name}", at, len(books))
        write(folder / name, sheets)
        built.world.plants.planted.files[name] = sum(len(s.rows) for s in sheets)
    planted = _answers(built)
    planted.save(Path(out_dir) / "planted.json")
    (Path(out_dir) / "README.txt").write_text(_readme(planted), encoding="utf-8")
    tell("完成", len(books), len(books))
    return planted


def write(path: Path, sheets: list[Sheet]) -> None:
    """Write one file in the format that its name (and department) asks for."""
    if path.name == figure_sheets.RESEARCH_FILE:
        write_html(path, sheets[0])
    elif path.suffix == ".csv":
        write_csv(path, sheets[0], "utf-8-sig" if path.name == register_sheets.MARKET_FILE else "gb18030")
    elif path.suffix in (".xls", ".et"):
        write_xls(path, sheets)
    else:
        write_xlsx(path, sheets)


def _books(built: Built, months: int) -> dict[str, list[Sheet]]:
    """All files in the order of their numbers. Township lists come last: they complete the pairs of double entries."""
    world, plan = built.world, built.plan
    last = figure_sheets.published(months)
    years = sorted({int(m[:4]) for m in last})
    title = f"{words.DISTRICT_TITLE}科技局 高新技术企业名单"
    books: dict[str, list[Sheet]] = {
        "01_园区名录.xlsx": register_sheets.park_sheets(world),
        register_sheets.MARKET_FILE: [register_sheets.market_sheet(world)],
        register_sheets.ABOVE_FILE: [register_sheets.above_sheet(world)],
        register_sheets.HIGH_TECH_FILE: [register_sheets.qualified_sheet(world, "high", register_sheets.HIGH_TECH_FILE, title, words.QUALIFICATIONS[:1])],
        register_sheets.SRDI_FILE: [register_sheets.qualified_sheet(world, "srdi", register_sheets.SRDI_FILE, f"{words.DISTRICT_TITLE}工信局 专精特新企业名单",
                                                                     words.QUALIFICATIONS[2:])],
        **{figure_sheets.tax_file(year): [figure_sheets.tax_sheet(world, year)] for year in YEARS},
        figure_sheets.RESEARCH_FILE: [figure_sheets.research_sheet(world)],
        figure_sheets.YEARLY_FILE: figure_sheets.yearly_sheets(world),
        **{figure_sheets.power_file(year): [figure_sheets.power_sheet(world, year, last)] for year in years},
    }
    books |= {figure_sheets.output_file(year): sheets for year in years if (sheets := figure_sheets.output_sheets(world, year, last))}
    for number, firm in enumerate((f for f in world.firms if f.master), 1):
        rows = [r for r in built.supply if r.customer is firm]
        books[chain_sheets.master_file(number)] = [chain_sheets.master_sheet(firm, rows, world.rng(f"master{number}"))]
    books[chain_sheets.SUPPLY_FILE] = chain_sheets.supply_sheets(world, plan, built.supply)
    books[chain_sheets.PLACEMENT_FILE] = chain_sheets.placement_sheets(world, plan)
    books[register_sheets.TOWNSHIP_FILE] = register_sheets.township_sheets(world)
    books |= work_books.books(world, built.work)
    books |= capacity_sheets.books(world, built.supply, world.plants.planted)
    books |= promise_sheets.books(world, built.work)
    books |= watch_sheets.books(world, built.supply, world.plants.planted)
    books |= target_sheets.books(built)
    books |= pipeline_sheets.books(built)
    books |= verdict_sheets.books(built)
    return dict(sorted(books.items()))


def _answers(built: Built) -> Planted:
    """Fill in what is true: nodes, single suppliers, masters, totals."""
    world, plan, planted = built.world, built.plan, built.world.plants.planted
    output, revenue = world.figures.annual_output[:, -1], world.figures.revenue[:, -1]
    at: dict[str, list[int]] = {}
    for f in world.firms:
        planted.firms[f.uscc] = {"name": f.name, "former": f.former, "park": f.park.name, "chain": f.chain, "nodes": f.nodes, "also": f.also,
                                 "industry_code": f.industry_code, "above_scale": f.above_scale, "output_2025": float(output[f.number - 1]),
                                 "revenue_2025": float(revenue[f.number - 1]), "longitude": f.longitude, "latitude": f.latitude}
        for ref in f.nodes:
            at.setdefault(ref, []).append(f.number - 1)
    planted.missing_nodes = sorted(set(plan.nodes) - set(at))
    planted.single_share = SINGLE_SHARE
    for ref, here in sorted(at.items()):
        total = float(output[here].sum())
        top = max(here, key=lambda i: output[i])
        if not any(world.firms[i].above_scale for i in here):
            planted.weak_nodes[ref] = {"firms": len(here), "output_2025": round(total, 2)}
        elif world.firms[top].above_scale and output[top] >= SINGLE_SHARE * total:
            planted.single_suppliers.append({"node": ref, "uscc": world.firms[top].uscc, "share": round(float(output[top]) / total, 4), "firms": len(here),
                                             "planted": plan.nodes[ref].kind == "single"})
    local: dict[int, set[int]] = {}
    for row in built.supply:
        if row.year == LATEST and row.supplier:
            local.setdefault(row.customer.number, set()).add(row.supplier.number)
    planted.chain_masters = [{"chain": f.chain, "uscc": f.uscc, "name": f.name, "node": f.nodes[0], "revenue_2025": float(revenue[f.number - 1]),
                              "local_suppliers": len(local.get(f.number, ()))} for f in world.firms if f.master]
    planted.power_falls = [{"uscc": world.firms[i].uscc, "first_month": month, "share_left": share} for i, month, share in world.figures.falls]
    planted.unlisted_headers = _unlisted()
    by_park = figure_sheets.park_output(world, LATEST)
    planted.totals = {"distinct_firms": len(world.firms), "above_scale": sum(f.above_scale for f in world.firms), "park_output_2025": by_park,
                      "output_2025": round(sum(by_park.values()), 2), "supply_rows": len(built.supply),
                      "supply_rows_local": sum(r.supplier is not None for r in built.supply)}
    work_books.answers(built.work, planted)
    planted.totals["records"] |= watch_sheets.counts(world, built.supply) | planted.attraction["promises"]["counts"]
    target_sheets.answers(built, planted)
    pipeline_sheets.answers(built, planted)
    verdict_sheets.answers(built, planted)
    return planted


def _unlisted() -> list[dict[str, str]]:
    year = int(LAST_MONTH[:4])
    return [{"file": figure_sheets.output_file(year), "sheet": "", "header": figure_sheets.OUTPUT_HEADER, "means": "monthly_figure.output"},
            {"file": figure_sheets.power_file(year), "sheet": "用电量", "header": figure_sheets.POWER_NAME_HEADER, "means": "monthly_figure.enterprise"}]


def _readme(planted: Planted) -> str:
    listed = "\n".join(f"  {name}（{rows} 行）" for name, rows in planted.files.items())
    return (f"{words.DISTRICT_TITLE}\n\n本文件夹全部为{words.LABEL}：区划、企业、代码、人名、坐标和数字均为程序虚构，与任何真实地区和企业无关，不得作为统计资料引用。\n"
            f"区划代码 {words.DISTRICT_CODE} 在国家标准中不存在；如有重名，纯属巧合。\n生成参数：{planted.settings}\n\n"
            f"sheets/ 是各部门交来的表，按编号顺序导入：\n{listed}\n\nplanted.json 是预先埋设的答案，用来检查系统找得对不对，各项含义见 docs/synthetic-district.md。\n\n"
            "Everything in this folder is synthetic. No place, firm, code, person or figure is real. planted.json holds the known answers.\n")
