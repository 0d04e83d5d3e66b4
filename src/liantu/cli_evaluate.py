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
    "attraction": ("attraction_entry",),
    "replay": ("replay_districts",),
}
SYNTHETIC = {"placement_map", "warnings_monthly", "resilience_interval", "signing_pairs", "replay_districts"}  # need no data folder


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
             panel: Annotated[Path | None, typer.Option("--panel", help="attraction：一张地区 × 行业 × 年份的 parquet 或 csv")] = None,
             column: Annotated[list[str] | None, typer.Option("--column", help="attraction：region=、industry=、year=、value= 列名，level= 最低数量，years=2011,2016,2021")] = None,
             form: Annotated[Form, typer.Option("--format", help="table 或 json")] = Form.table) -> None:
    """按固定的规程评测企业分类、企业名称识别的准确率，预警的召回和误报，停产损失的区间，重复签约的找到率，名单回看说得对不对，哪些行业会在哪里新出现：几轮划分、95% 区间，同一次运行里带朴素方法。"""
    from importlib import import_module

    from liantu.evaluation.report import Asked, as_json, as_table
    from liantu.kernel.problems import UserError

    if what not in PROTOCOLS:
        raise UserError(f"没有「{what}」这项评测。", code="unknown-evaluation", hint=f"可选：{'、'.join(PROTOCOLS)}。")
    names = [n for n in PROTOCOLS[what] if only in (None, n, n.partition("_")[2])]
    if not names:
        raise UserError(f"{what} 里没有「{only}」这一项。", code="unknown-protocol", hint=f"可选：{'、'.join(n.partition('_')[2] for n in PROTOCOLS[what])}。")
    options = _options(column or [], panel)
    if panel is None and (data is not None or not SYNTHETIC.issuperset(names)) and (data is None or not data.is_dir()):
        raise UserError(f"找不到评测数据文件夹{f'「{data}」' if data else ''}。", code="no-data", hint="用 --data 指定文件夹，或设环境变量 LIANTU_DATA；warnings、resilience、signings、replay 和 placement --only map 不用数据。")
    asked = Asked(data or Path(), 1 if quick else seeds, quick, file, lambda text: typer.echo(text, err=True), options)
    started, measures = time.perf_counter(), []
    for name in names:
        measures += import_module(f"liantu.evaluation.{name}").run(asked)
    facts = {"evaluation": what, "seeds": asked.seeds, "quick": quick, "seconds": round(time.perf_counter() - started, 1)}
    typer.echo(as_json(measures, facts) if form is Form.json else as_table(measures, facts))


def _options(told: list[str], panel: Path | None) -> dict[str, str]:
    """``name=value`` pairs, and the file of a panel under ``panel``."""
    from liantu.kernel.problems import UserError

    known = ("region", "industry", "year", "value", "level", "years")
    for pair in told:
        name, sign, value = pair.partition("=")
        if name not in known or not sign or not value.strip():
            raise UserError(f"「{pair}」看不懂。", code="option-unclear", hint=f"写成 名称=内容，名称可选：{'、'.join(known)}。")
        if name == "level" and not value.replace(".", "", 1).isdigit():
            raise UserError(f"最低数量「{value}」不是数。", code="option-unclear", hint="写成 level=10。")
    return dict(pair.split("=", 1) for pair in told) | ({"panel": str(panel)} if panel else {})
