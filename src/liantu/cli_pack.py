"""Commands about papers: make the chain-chief pack, and prove a paper against its edition."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from liantu.cli_editions import Folder, Language, Which

if TYPE_CHECKING:
    from liantu.papers.pack import Pack
    from liantu.papers.verify import Proof

app = typer.Typer()
EXIT_DIFFERENT = 1
LISTED = 20


@app.command("pack")
def pack(chain: Annotated[str | None, typer.Option(help="哪一条产业链（代码）")] = None, every: Annotated[bool, typer.Option("--all", help="全部产业链各一套，另加一本总册")] = False,
         edition: Which = None, out: Annotated[Path, typer.Option("--out", "-o", help="放在哪个目录")] = Path("."),
         version: Annotated[str, typer.Option(help="internal 内部、department 部门、public 公开")] = "internal",
         since: Annotated[str | None, typer.Option(help="与哪个版次对比（默认上一个正式版次）")] = None, language: Annotated[Language, typer.Option("--lang", help="zh 或 en")] = Language.zh,
         pdf: Annotated[bool, typer.Option("--pdf", help="另做图册、清单册和 A3、A0 图（PDF）")] = False, folder: Folder = None) -> None:
    """一键成套：简报、调度会材料、汇报、清单册、四图；没有变化的不重做。"""
    from liantu.kernel.home import setup
    from liantu.kernel.problems import UserError

    if every == bool(chain):
        raise UserError("要么用 --chain 指明一条产业链，要么用 --all 做全部。", code="needs-chain")
    setup(folder)
    from liantu.kernel.edition import edition_meant
    from liantu.kernel.release import VERSIONS
    from liantu.papers.pack import make_pack, make_packs

    if version not in VERSIONS:
        raise UserError(f"没有版本「{version}」。", code="unknown-version", hint="可用：" + "、".join(f"{code}（{zh}）" for code, zh in VERSIONS.items()))
    options: dict[str, Any] = {"version": version, "since": edition_meant(since) if since else None, "language": language.value, "pdf": pdf}
    opened = edition_meant(edition or "latest")
    with _progress() as tell:
        packs = make_packs(opened, out, tell=tell, **options) if every else [make_pack(opened, chain, out, tell=tell, **options)]
    for made in packs:
        typer.echo(_summary(made))
    typer.echo(f"{opened.label()}　共 {sum(len(p.files) for p in packs)} 个文件，用时 {sum(p.seconds for p in packs):.1f} 秒")


def _summary(made: Pack) -> str:
    how = "未变，没有重做" if made.unchanged else f"新做 {made.made} 个，沿用 {len(made.files) - made.made} 个"
    return "\n".join([f"{made.folder}　{len(made.files)} 个文件：{how}（{made.seconds:.1f} 秒）", *(f"  提示：{note}" for note in made.notes)])


def _progress() -> Any:
    """A progress bar on a terminal; (done, total, what) is told to it."""
    from collections.abc import Iterator
    from contextlib import contextmanager

    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    @contextmanager
    def shown() -> Iterator[Any]:
        with Progress(BarColumn(32), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(), TextColumn("{task.description}"), console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("", total=None)
            yield lambda done, total, what: bar.update(task, completed=done, total=total, description=what)

    return shown()


@app.command("verify")
def verify_paper(files: Annotated[list[Path], typer.Argument(metavar="FILE…", help="docx、pptx、xlsx、svg")], edition: Which = None,
                 every: Annotated[bool, typer.Option("--all", help="每个数都列出")] = False, folder: Folder = None) -> None:
    """核对一份材料：把里面的每个数与它所说的版次重新对一遍，说清一致、不一致、查不到。"""
    from liantu.kernel.home import setup

    setup(folder)
    from liantu.kernel.edition import edition_meant
    from liantu.papers.verify import verify

    chosen = edition_meant(edition) if edition else None
    proofs = [verify(file, edition=chosen) for file in files]
    for proof in proofs:
        for line in proof_lines(proof, every):
            typer.echo(line)
    if not all(p.holds for p in proofs):
        raise typer.Exit(EXIT_DIFFERENT)


def proof_lines(proof: Proof, every: bool = False) -> list[str]:
    """What was found in a paper: one line of counts, then each figure that does not hold (or each figure)."""
    from liantu.papers.verify import STATES

    counts = "，".join(f"{zh} {proof.count(state)}" for state, (zh, _) in STATES.items() if proof.count(state))
    head = f"{proof.path.name}：{counts or '没有带凭证号的数'}　（版次 {'、'.join(proof.editions) or '—'}）"
    told = [c for c in proof.checked if every or c.state in ("differs", "unknown")]
    shown = told if every else told[:LISTED]
    lines = [f"  {STATES[c.state][0]}　{c.label}　材料写「{c.printed.text}」" + (f"，版次是「{c.expected}」" if c.state == "differs" else "") + f"　{c.printed.id}　{c.printed.where}" for c in shown]
    return [head, *lines, *([f"  ……另有 {len(told) - len(shown)} 个"] if len(told) > len(shown) else [])]
