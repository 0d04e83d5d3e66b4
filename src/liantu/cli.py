"""The command line. Everything heavy is imported inside the commands, so that ``liantu --help`` answers at once.

Exit codes: 0 done · 1 a check found differences · 2 the command or its input cannot be used · 3 refused · 4 rows with errors were left out.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from liantu import cli_editions, cli_evaluate, cli_maps, cli_pack, cli_register, cli_watch

app = typer.Typer(name="liantu", help="链图：工业强区工作台。数据目录由环境变量 LIANTU_DIR 指定（默认 ./var）。", no_args_is_help=True, add_completion=False,
                  pretty_exceptions_enable=False, rich_markup_mode=None)
Folder = Annotated[Path | None, typer.Option("--dir", help="数据目录（默认 LIANTU_DIR 或 ./var）")]
app.add_typer(cli_editions.app)
app.add_typer(cli_pack.app)
app.add_typer(cli_maps.app)
app.add_typer(cli_evaluate.app)
app.add_typer(cli_register.app)
app.add_typer(cli_watch.app)
EXIT_DIFFERENT, EXIT_UNUSABLE, EXIT_REFUSED, EXIT_LEFT_OUT = 1, 2, 3, 4


def main() -> None:
    """Run a command; a person never sees a traceback for something a person did."""
    from liantu.kernel.problems import UserError

    try:
        app()
    except UserError as error:
        typer.echo(f"错误：{error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.exit(0)


def _site(folder: Path | None = None) -> None:
    from liantu.kernel.home import setup

    setup(folder)


def _where(conditions: list[str]) -> dict[str, str]:
    from liantu.kernel.problems import UserError

    parsed = {}
    for text in conditions:
        column, mark, value = text.partition("=")
        if not mark:
            raise UserError(f"--where 要写成 列=值，收到「{text}」。", code="bad-where", hint="例如 --where chain_code=nev_battery")
        parsed[column.strip()] = value.strip()
    return parsed


@app.command("demo")
def demo(folder: Folder = None, no_serve: Annotated[bool, typer.Option("--no-serve", help="做完就停，不启动服务")] = False,
         firms: Annotated[int, typer.Option(help="企业数")] = 5000, host: str = "127.0.0.1", port: int = 8000) -> None:
    """造一个合成区：生成各部门的脏表，导入、入链、定版、导出，然后在本机打开。"""
    from liantu.kernel.home import home

    target = folder or (home() / "demo")
    _site(target)
    from liantu.demo.run import build

    build(firms=firms)
    if not no_serve:
        _serve(host, port)


@app.command("import")
def import_files(files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="xlsx、xls、et、csv 文件")], as_table: Annotated[str | None, typer.Option("--as", help="按哪种表读")] = None,
                 yes: Annotated[bool, typer.Option("--yes", "-y", help="不问，导入无误的行")] = False, folder: Folder = None) -> None:
    """读表、列出全部问题，确认后一次入库；同一份表再导一次不会改变任何东西。"""
    _site(folder)
    from liantu.importing import import_paths

    raise typer.Exit(import_paths(files, as_table=as_table, yes=yes, say=typer.echo, ask=typer.confirm))


@app.command("freeze")
def freeze_edition(number: Annotated[str | None, typer.Option(help="正式版次号；不写则为工作版次")] = None, as_of: Annotated[str | None, typer.Option(help="数据截至日 YYYY-MM-DD")] = None,
                   approver: Annotated[str | None, typer.Option(help="批准人")] = None, note: Annotated[str | None, typer.Option(help="说明")] = None, folder: Folder = None) -> None:
    """把现在的记录定为一个版次。"""
    _site(folder)
    from liantu.kernel.edition import freeze

    edition = freeze(number=number, as_of=_day(as_of), approver=approver, note=note)
    typer.echo(f"{edition.label()}　内容 {edition.manifest.content}　{sum(t['rows'] for t in edition.manifest.tables.values()):,} 行")


def _day(text: str | None) -> Any:
    from datetime import date

    from liantu.kernel.problems import UserError

    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise UserError(f"日期「{text}」看不懂。", code="bad-date", hint="请写成 2026-09-30。") from None


@app.command("run")
def run_output(output: Annotated[str, typer.Argument(help="输出的名字，如 chain_map；写 list 看全部")], edition: cli_editions.Which = None,
               as_of: cli_editions.AsOf = None, where: Annotated[list[str], typer.Option("--where", help="筛选：列=值，可多次")] = [],  # noqa: B006
               form: Annotated[str, typer.Option("--format", help="json、csv、xlsx、svg、png、pptx；不写则打印表格")] = "table",
               out: Annotated[Path | None, typer.Option("--out", "-o", help="写到文件或目录")] = None, folder: Folder = None) -> None:
    """在一个版次上算一个输出（图、清单、预警）。"""
    _site(folder)
    from liantu.kernel.output import outputs, run

    if output == "list":
        for found in outputs().values():
            typer.echo(f"{found.name:<18}{found.zh}　{found.doc.splitlines()[0]}")
        return
    from liantu.kernel.edition import edition_meant

    opened = edition_meant(edition or as_of or "latest")
    conditions = _where(where)
    if form == "table":
        import polars as pl

        with pl.Config(tbl_rows=40, tbl_cols=12, fmt_str_lengths=24, tbl_width_chars=200, tbl_hide_column_data_types=True):
            typer.echo(opened.label())
            typer.echo(str(run(output, opened).where(conditions).frame))
        return
    from liantu.papers.export import export

    exported = export(output, opened, form, where=conditions)
    if out is None:
        sys.stdout.buffer.write(exported.data)
        return
    path = out / exported.name if out.is_dir() else out
    path.write_bytes(exported.data)
    typer.echo(str(path), err=True)


@app.command("self-check")
def self_check(folder: Folder = None) -> None:
    """合成区专用：把系统找到的与埋下的答案对照。"""
    from liantu.kernel.home import home

    _site(folder or (home() / "demo"))
    from liantu.demo.checking import run_self_check

    raise typer.Exit(0 if run_self_check(typer.echo) else EXIT_DIFFERENT)


@app.command("serve")
def serve(folder: Folder = None, host: str = "127.0.0.1", port: int = 8000) -> None:
    """启动网页服务。"""
    _site(folder)
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    _serve(host, port)


def _serve(host: str, port: int) -> None:
    from granian import Granian
    from granian.constants import Interfaces

    typer.echo(f"链图已在 http://{host}:{port} 打开，按 Ctrl+C 结束。")
    Granian("liantu.web.wsgi:application", address=host, port=port, interface=Interfaces.WSGI, workers=1, blocking_threads=4, log_access=False, websockets=False).serve()


@app.command("user")
def user(name: str, office: Annotated[list[str], typer.Option("--group", help="编辑、内部、研判")] = [], folder: Folder = None) -> None:  # noqa: B006
    """新建用户或重置密码；密码由系统生成并只显示一次。"""
    _site(folder)
    from liantu.accounts import make_user

    typer.echo(f"用户 {name}　密码 {make_user(name, office)}（只显示这一次）")


@app.command("setup")
def setup_site(folder: Folder = None, chains: Annotated[bool, typer.Option(help="装入五条产业链模板")] = True) -> None:
    """准备数据目录：建表，装入内置产业链模板。"""
    _site(folder)
    from liantu.accounts import prepare

    for line in prepare(chains=chains):
        typer.echo(line)


@app.command("place")
def place(folder: Folder = None) -> None:
    """重新判断全部企业站在哪个环节；人确认过的不动。"""
    _site(folder)
    from liantu.chains.placing import place_firms

    batch = place_firms(progress=typer.echo)
    typer.echo(f"批次 {batch.number}：新增 {batch.created}，更新 {batch.updated}，撤下 {batch.deleted}" if batch else "没有变化")


@app.command("new")
def new(what: Annotated[str, typer.Argument(help="如 warning、list、map、indicator、section")], path: Annotated[str, typer.Argument(help="房间/名字，如 resilience/slow_orders")]) -> None:
    """写一个新输出的文件，带可运行的例子。"""
    from liantu.scaffold import write_output

    typer.echo(str(write_output(what, path)))


@app.command("check")
def check(folder: Folder = None) -> None:
    """检查声明：表、输出、参数、产业链模板是否齐全合规。"""
    _site(folder)
    from liantu.checks import run_checks

    found = run_checks()
    for line in found:
        typer.echo(line)
    typer.echo(f"{len(found)} 处问题" if found else "全部通过")
    raise typer.Exit(EXIT_DIFFERENT if found else 0)


if __name__ == "__main__":
    main()
