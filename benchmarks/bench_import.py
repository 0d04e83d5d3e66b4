"""The import desk (read + plan + write) on a 50,000 × 20 sheet, beside the same file read with openpyxl alone, in the same run.

    python benchmarks/bench_import.py [--rows 50000] [--profile plan|write|read]

Seconds are CPU seconds of this process (the machine may be shared; a PostgreSQL server's own are not in them), peak memory is of
the whole process so far. A ratio below 1 means that checking, meeting
the register and saving with full history cost less than merely reading the cells with openpyxl. ``LIANTU_DATABASE_URL``
measures PostgreSQL; otherwise SQLite in a folder of its own.
"""

from __future__ import annotations

import argparse
import cProfile
import io
import os
import pstats
import random
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

HEADER = ["统一社会信用代码", "企业名称", "曾用名", "行业代码", "经营范围", "主导产品", "详细地址", "企业规模", "是否规上", "成立日期", "注册资本（万元）", "资质", "经营状态", "经度", "纬度",
          "2025年工业总产值（万元）", "2025年营业收入（万元）", "2025年税收（万元）", "2025年研发费用（万元）", "2025年从业人数（人）"]
WORDS = ["锂离子电池", "动力电池结构件", "铜箔", "铝材", "正极材料", "隔膜", "电解液", "汽车座椅", "铸件", "紧固件", "线束", "注塑件", "糕点", "面粉", "中药饮片", "软件开发", "系统集成", "模具", "机床", "检测服务"]


def sheet(rows: int, *, changed: bool = False) -> bytes:
    """A register sheet with the year's figures beside each firm: 20 columns. ``changed``: the same firms, figures and addresses moved on."""
    import xlsxwriter

    from tests.robust.kit import credit_code

    chance = random.Random(1)
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"constant_memory": True}) as book:
        page = book.add_worksheet("名录")
        page.write_row(0, 0, HEADER)
        for n in range(rows):
            scope = "；".join(f"{w}{chance.choice(['制造', '销售', '研发', '加工'])}" for w in chance.sample(WORDS, 5)) + "；依法须经批准的项目，经相关部门批准后方可开展经营活动"
            made = f"{2000 + n % 24}-{1 + n % 12:02d}-{1 + n % 28:02d}"
            figures = [round(chance.lognormvariate(8, 1.5), 2), round(chance.lognormvariate(8, 1.5), 2), round(chance.lognormvariate(5, 1), 2), round(chance.lognormvariate(4, 1), 2),
                       chance.randint(5, 3000)]
            if changed:
                figures = [f + 1 for f in figures]
            page.write_row(n + 1, 0, [credit_code(n), f"云澜第{n}{WORDS[n % 20]}有限公司", f"云澜{n}厂" if n % 5 == 0 else None, f"{3800 + n % 90}", scope, "、".join(chance.sample(WORDS, 2)),
                                      f"云澜区工业大道{n}号{'甲' if changed else ''}", ("大型", "中型", "小型", "微型")[n % 4], "是" if n % 3 else "否", made, chance.randint(50, 90000),
                                      "高企" if n % 7 == 0 else None, "在营", round(114 + chance.random(), 6), round(28 + chance.random(), 6), *figures])
    return buffer.getvalue()


def peak() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def timed(work: Callable[[], Any], profile: bool = False) -> tuple[float, Any]:
    """CPU seconds and result."""
    profiler = cProfile.Profile() if profile else None
    began = time.process_time()
    result = profiler.runcall(work) if profiler else work()
    spent = time.process_time() - began
    if profiler:
        pstats.Stats(profiler).sort_stats("tottime").print_stats(28)
    return spent, result


def openpyxl_alone(data: bytes) -> int:
    """Every cell of the file, with openpyxl in its fastest (read-only) way."""
    from openpyxl import load_workbook

    return sum(1 for row in load_workbook(io.BytesIO(data), read_only=True, data_only=True).active.iter_rows(values_only=True) for _ in row)


def desk_import(data: bytes, name: str, profile: str = "") -> dict[str, float]:
    """One import by its steps: reading, planning (inside the transaction) and writing."""
    from liantu.kernel import batch, desk, plan

    spent: dict[str, float] = {}
    draft_seconds, draft = timed(lambda: desk.open_draft(data, name), profile == "read")
    spent["read"] = draft_seconds + timed(lambda: desk.read_draft(draft), profile == "read")[0]
    kept = desk.make_plan, desk.write

    def planning(reading: Any) -> Any:
        spent["plan"], made = timed(lambda: plan.make_plan(reading), profile == "plan")
        return made

    def writing(made: Any, rows: Any) -> None:
        spent["write"] = timed(lambda: batch.write(made, rows), profile == "write")[0]

    desk.make_plan, desk.write = planning, writing
    try:
        total, saved = timed(lambda: desk.accept(draft))
    finally:
        desk.make_plan, desk.write = kept
    spent["rest"] = total - spent.get("plan", 0) - spent.get("write", 0)
    spent["total"] = spent["read"] + total
    spent["rows"] = (saved.created + saved.updated) if saved else 0
    return spent


def line(what: str, spent: dict[str, float], alone: float) -> None:
    """One line of the report."""
    print(f"{what:<34} read {spent['read']:6.2f}  plan {spent.get('plan', 0):6.2f}  write {spent.get('write', 0):6.2f}  rest {spent['rest']:5.2f}  total {spent['total']:6.2f} s"
          f"  ratio {spent['total'] / alone:5.2f}  records {int(spent['rows']):,}", flush=True)


def main() -> None:
    """Print the seconds of each step, the ratio, and how both grow."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=50_000)
    options.add_argument("--profile", default="", choices=["", "read", "plan", "write"])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(prefix="liantu-bench-") as folder:
        os.environ["LIANTU_DIR"] = folder
        from liantu.kernel.home import setup

        setup()
        from django.core.management import call_command
        from django.db import connection

        call_command("migrate", verbosity=0)
        print(f"desk import against openpyxl alone; {connection.vendor}; 20 columns; a row becomes a firm and its figures of the year")
        for rows in (chosen.rows // 10, chosen.rows):
            call_command("flush", interactive=False, verbosity=0)
            first, second = sheet(rows), sheet(rows, changed=True)
            alone, cells = timed(lambda first=first: openpyxl_alone(first))
            print(f"-- {rows:,} rows, {cells:,} cells, {len(first) / 1e6:.1f} MB: openpyxl alone {alone:.2f} s")
            whole = rows == chosen.rows
            line("new", desk_import(first, "名录.xlsx", chosen.profile if whole else ""), alone)
            line("the same file again", desk_import(first, "名录.xlsx"), alone)
            line("all rows changed", desk_import(second, "名录2.xlsx", chosen.profile if whole else ""), alone)
            print(f"   peak memory {peak():.0f} MB")


if __name__ == "__main__":
    main()
