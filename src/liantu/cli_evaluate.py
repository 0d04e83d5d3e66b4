"""``liantu evaluate``: the fixed protocols, with intervals, on the data of a folder."""

from __future__ import annotations

import time
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer()
PROTOCOLS = {
    "placement": ("placement_classes", "placement_few", "placement_nodes", "placement_checked", "placement_map"),
    "recognition": ("recognition_names", "recognition_short"),
    "warnings": ("warnings_monthly",),
    "resilience": ("resilience_interval",),
    "signings": ("signing_pairs",),
}
SYNTHETIC = {"placement_map", "warnings_monthly", "resilience_interval", "signing_pairs"}  # need no data folder


class Form(StrEnum):
    """How the answer is printed."""

    table, json = "table", "json"


@app.command("evaluate")
def evaluate(what: Annotated[str, typer.Argument(help="、".join(PROTOCOLS))],
             data: Annotated[Path | None, typer.Option("--data", envvar="LIANTU_DATA", help="放评测数据的文件夹")] = None,
             seeds: Annotated[int, typer.Option("--seeds", min=1, help="随机划分的轮数")] = 5,
             quick: Annotated[bool, typer.Option("--quick", help="一分钟以内的小样")] = False,
             file: Annotated[Path | None, typer.Option("--file", help="自己的标注文件（见 docs/evaluation.md）")] = None,
             only: Annotated[str | None, typer.Option("--only", help="只跑这一项")] = None,
             form: Annotated[Form, typer.Option("--format", help="table 或 json")] = Form.table) -> None:
    """按固定的规程评测企业分类、企业名称识别的准确率，预警的召回和误报，停产损失的区间，重复签约的找到率：几轮划分、95% 区间，同一次运行里带朴素方法。"""
    from importlib import import_module

    from liantu.evaluation.report import Asked, as_json, as_table
    from liantu.kernel.problems import UserError

    if what not in PROTOCOLS:
        raise UserError(f"没有「{what}」这项评测。", code="unknown-evaluation", hint=f"可选：{'、'.join(PROTOCOLS)}。")
    names = [n for n in PROTOCOLS[what] if only in (None, n, n.partition("_")[2])]
    if not names:
        raise UserError(f"{what} 里没有「{only}」这一项。", code="unknown-protocol", hint=f"可选：{'、'.join(n.partition('_')[2] for n in PROTOCOLS[what])}。")
    if (data is not None or not SYNTHETIC.issuperset(names)) and (data is None or not data.is_dir()):
        raise UserError(f"找不到评测数据文件夹{f'「{data}」' if data else ''}。", code="no-data", hint="用 --data 指定文件夹，或设环境变量 LIANTU_DATA；warnings、resilience、signings 和 placement --only map 不用数据。")
    asked = Asked(data or Path(), 1 if quick else seeds, quick, file, lambda text: typer.echo(text, err=True))
    started, measures = time.perf_counter(), []
    for name in names:
        measures += import_module(f"liantu.evaluation.{name}").run(asked)
    facts = {"evaluation": what, "seeds": asked.seeds, "quick": quick, "seconds": round(time.perf_counter() - started, 1)}
    typer.echo(as_json(measures, facts) if form is Form.json else as_table(measures, facts))
