"""The command of the watch: run all rules on an edition and print the month's alarms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liantu.cli_editions import Which

app = typer.Typer()
Folder = Annotated[Path | None, typer.Option("--dir", help="数据目录（默认 LIANTU_DIR 或 ./var）")]
SHOWN = 60


@app.command("watch")
def watch(edition: Which = None, budget: Annotated[int | None, typer.Option(min=0, max=10_000, help="本次的预警名额（家）；不写则用设定的名额")] = None, folder: Folder = None) -> None:
    """在一个版次上跑全部预警规则，打印本月预警；信号作为一个批次入库，可以撤销。"""
    from liantu.kernel.home import setup

    setup(folder)
    from liantu.kernel.edition import edition_meant
    from liantu.resilience.telling import told_lines
    from liantu.resilience.watching import watch as run_watch

    opened = edition_meant(edition or "latest")
    done = run_watch(opened, budget=budget)
    typer.echo(opened.label())
    typer.echo(f"{done.month} 预警 {done.alarmed} 家（本月新增 {done.fresh} 家，名额 {done.budget}），线下 {done.below} 家，结构风险 {done.standing} 条，数据质量 {done.data} 条；"
               + (f"新信号 {done.new} 条，恢复 {done.ended} 条，批次 {done.batch.number}" if done.batch else "与上次监测相同"))
    for name, reason in done.muted.items():
        typer.echo(f"已停用 {name}：{reason}")
    for line in told_lines(SHOWN):
        typer.echo(line)
