"""Commands about maps: the boundaries of townships and parks."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
Folder = Annotated[Path | None, typer.Option("--dir", help="数据目录（默认 LIANTU_DIR 或 ./var）")]
SHOWN, LEFT_OUT = 40, 4


@app.command("boundaries")
def boundaries(file: Annotated[Path, typer.Argument(metavar="FILE", help="GeoJSON、.shp（旁边有同名 .dbf）或 zip 打包的 shapefile")],
               name_column: Annotated[str | None, typer.Option(help="哪个属性是镇街园区的名称或代码（默认自动找）")] = None,
               datum: Annotated[str | None, typer.Option(help="坐标系：cgcs2000、wgs84、gcj02、bd09（文件注明时可不写）")] = None,
               encoding: Annotated[str | None, typer.Option(help="属性文字的编码，如 gbk（默认自动）")] = None,
               approval: Annotated[str | None, typer.Option(help="审图号（边界来自经审核的地图时）")] = None,
               yes: Annotated[bool, typer.Option("--yes", "-y", help="不问，导入无误的要素")] = False, folder: Folder = None) -> None:
    """导入镇街、园区的边界（示意图用）；列出全部问题，作为一个批次入库，可以撤销。"""
    from liantu.kernel.home import setup
    from liantu.kernel.problems import UserError

    setup(folder)
    from liantu.chains.follow import follow
    from liantu.places.boundaries import inspect_boundaries, save_boundaries

    try:
        data = file.read_bytes()
        siblings = {near.name: near.read_bytes() for near in file.parent.glob(f"{file.stem}.*") if near != file and near.is_file()} if file.suffix.lower() == ".shp" else {}
    except OSError as error:
        raise UserError(f"文件打不开：{error.strerror}", code="file-unreadable", hint="请检查路径。") from None
    found = inspect_boundaries(data, file.name, datum=datum, name_column=name_column, encoding=encoding, approval=approval, siblings=siblings)
    typer.echo(f"{file.name}：坐标系 {found.datum}，按属性「{found.column}」对上 {len(found.rows)} 个镇街园区，{found.left_out} 个要素不能导入")
    for problem in found.problems[:SHOWN]:
        typer.echo("  " + problem.line())
    if len(found.problems) > SHOWN:
        typer.echo(f"  ……共 {len(found.problems)} 条")
    if not any(row.values for row in found.rows):
        typer.echo("没有变化")
    elif yes or typer.confirm("导入无误的要素？" if found.left_out else "导入？"):
        batch = save_boundaries(found)
        if batch:
            typer.echo(f"批次 {batch.number}：更新 {batch.updated}")
            for line in follow(batch):
                typer.echo(line)
    raise typer.Exit(LEFT_OUT if found.left_out else 0)
