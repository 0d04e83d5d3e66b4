"""Commands about the register of firms."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from liantu.cli_editions import Folder

app = typer.Typer()
WIDTHS = (32, 21, 32, 21, 8, 62)
HEADER = ("企业名称", "信用代码", "疑似同一家", "其信用代码", "可能性", "差别")


@app.command("duplicates")
def duplicates(out: Annotated[Path | None, typer.Option("--out", "-o", help="写成 xlsx 文件")] = None, folder: Folder = None) -> None:
    """疑似重复的企业：名称相近的两条记录、可能性和差别；只列出，不合并。"""
    from liantu.kernel.home import setup

    setup(folder)
    from liantu.enterprises.duplicates import possible_duplicates

    rows = [(d.one_name, d.one_code or "", d.other_name, d.other_code or "", round(d.probability, 3), "；".join(d.why)) for d in possible_duplicates()]
    if out is None:
        for row in rows:
            typer.echo("\t".join(str(v) for v in row))
        typer.echo(f"{len(rows)} 对疑似重复，可能性由随包模型按名称估计；请逐对核对。", err=True)
        return
    import io

    import xlsxwriter  # type: ignore[import-untyped]

    from liantu.kernel.home import write_atomic

    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as book:
        _fill(book, rows)
    write_atomic(out, data.getvalue())
    typer.echo(f"{out}：{len(rows)} 对", err=True)


def _fill(book: Any, rows: Sequence[tuple[Any, ...]]) -> None:
    """Title, where the figures come from, and one row per pair; prints on A4 across."""
    from liantu.kernel.home import home

    sheet = book.add_worksheet("疑似重复企业")
    bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
    synthetic = (home() / "SYNTHETIC").exists()
    sheet.write(0, 0, "疑似重复企业" + ("（合成数据）" if synthetic else ""), book.add_format({"bold": True, "font_size": 14}))
    sheet.write(1, 0, f"{date.today():%Y年%m月%d日}，名录现状；可能性（0–1）由随包模型按名称估计，门槛为 liantu 默认；请逐对核对，本表不合并任何企业。")
    sheet.write_row(2, 0, HEADER, bold)
    for at, row in enumerate(rows, 3):
        for column, value in enumerate(row):
            sheet.write(at, column, value, wrap)
        sheet.set_row(at, 15 * max(1, -(-len(str(row[-1])) * 2 // WIDTHS[-1]), -(-max(len(row[0]), len(row[2])) * 2 // WIDTHS[0])) + 3)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(3, 0)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
