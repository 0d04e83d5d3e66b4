"""Commands about the register of firms."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from liantu.cli_editions import Folder

app = typer.Typer()
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
        sheet = book.add_worksheet("疑似重复企业")
        bold, wrap = book.add_format({"bold": True, "bottom": 1}), book.add_format({"text_wrap": True, "valign": "top"})
        sheet.write_row(0, 0, HEADER, bold)
        for at, row in enumerate(rows, 1):
            for column, value in enumerate(row):
                sheet.write(at, column, value, wrap)
        for column, width in enumerate((34, 22, 34, 22, 8, 60)):
            sheet.set_column(column, column, width)
        sheet.freeze_panes(1, 0)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)
        sheet.repeat_rows(0)
    write_atomic(out, data.getvalue())
    typer.echo(f"{out}：{len(rows)} 对", err=True)
