"""Commands about editions and passports: what changed between two, and where a number comes from."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
Folder = Annotated[Path | None, typer.Option("--dir", help="数据目录（默认 LIANTU_DIR 或 ./var）")]
Which = Annotated[str | None, typer.Option("--edition", help="版次号，或 latest、latest-formal、previous、日期")]
AsOf = Annotated[str | None, typer.Option("--as-of", help="这一天的版次 YYYY-MM-DD")]


class Form(StrEnum):
    """How a comparison is written."""

    text = "text"
    json = "json"


class Language(StrEnum):
    """The language of the words."""

    zh = "zh"
    en = "en"


@app.command("compare")
def compare_editions(before: Annotated[str | None, typer.Argument(metavar="[E1]", help="从哪个版次：号、latest、latest-formal、previous 或日期；不写为上一个正式版次")] = None,
                     after: Annotated[str | None, typer.Argument(metavar="[E2]", help="到哪个版次；不写为最新")] = None,
                     chain: Annotated[str | None, typer.Option(help="只看一条产业链（代码）")] = None, form: Annotated[Form, typer.Option("--format", help="text 或 json")] = Form.text,
                     language: Annotated[Language, typer.Option(help="zh 或 en")] = Language.zh, out: Annotated[Path | None, typer.Option("--out", "-o", help="写到文件")] = None,
                     folder: Folder = None) -> None:
    """两个版次之间变了什么：企业进出换环节、环节状态和原因、项目、问题、政策、主要数字。"""
    from liantu.kernel.home import setup

    setup(folder)
    from liantu.kernel.edition import edition_meant
    from liantu.maps_and_lists.changes import changes

    found = changes(edition_meant(before or "previous"), edition_meant(after or "latest"), chain)
    if form is Form.json:
        import json

        text = json.dumps(found.to_dict(), ensure_ascii=False, indent=1)
    else:
        from liantu.maps_and_lists.changes_told import report

        text = report(found, language.value)
    if out is None:
        typer.echo(text)
        return
    from liantu.kernel.home import write_atomic

    write_atomic(out, f"{text}\n".encode())
    typer.echo(str(out), err=True)


@app.command("why")
def why_number(code: Annotated[str, typer.Argument(metavar="CODE|OUTPUT", help="凭证号 P…（或 P….7），或输出的名字")], key: Annotated[str | None, typer.Argument(help="行的键；给凭证号时不用")] = None,
               column: Annotated[str | None, typer.Option(help="只看这一列")] = None, edition: Which = None,
               as_of: AsOf = None,
               rows: Annotated[int, typer.Option(help="每张表最多列出的行数")] = 5, folder: Folder = None) -> None:
    """这个数从哪里来：规则、输入行、批次、文件、工作表、单元格。凭证号不用说是哪个版次的。"""
    from liantu.kernel.home import setup

    setup(folder)
    from liantu.kernel.edition import edition_meant, open_edition
    from liantu.kernel.output import outputs, run
    from liantu.kernel.passport import find, why
    from liantu.kernel.problems import UserError
    from liantu.kernel.told import passport_lines
    from liantu.papers.figures import marks

    wanted = edition or as_of
    opened = edition_meant(wanted) if wanted else None
    output = code
    if key is None:
        if code in outputs():
            result = run(code, opened or open_edition())
            known = "、".join(result.key_of(r) for r in result.frame.head(3).iter_rows(named=True))
            raise UserError(f"请写明「{result.output.zh}」的哪一行。", code="needs-key", hint=f"例如 liantu why {code} '{known.split('、')[0]}'；前几行的键：{known}")
        number, output, key, place = find(code, opened)
        opened, column = open_edition(number), column or place
    passport = why(output, key, opened or open_edition(), column=column)
    for line in passport_lines(passport, rows, marks(passport.output, passport.row, passport.edition)):
        typer.echo(line)
