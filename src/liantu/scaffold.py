"""`liantu new`: the one file that a new output needs, with an example that already runs."""

from __future__ import annotations

import re
from pathlib import Path

from liantu.kernel.output import KINDS
from liantu.kernel.problems import UserError

_TEMPLATE = '''"""{name}: say in one line what it is."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from liantu.kernel.columns import Column
from liantu.kernel.output import {decorator}

COLUMNS = (
    Column("enterprise", "企业编号", "Enterprise id", "integer", unit="号"),
    Column("name", "企业名称", "Enterprise", "name"),
)


@{decorator}("{zh}", "{en}", key=("enterprise",), columns=COLUMNS, trace=(("enterprise", {{"id": "enterprise"}}),))
def {name}(enterprise: Any) -> Any:
    """用一句中文说明：告诉谁什么。

    Say in English what it tells whom.

    Example:
        enterprise
        id | name
        7  | 甲
        gives
        enterprise | name
        7          | 甲
    """
    return enterprise.select(nw.col("id").alias("enterprise"), "name")
'''


def write_output(kind: str, path: str, *, root: Path | None = None) -> Path:
    """Write the file of a new output at ``room/name``; refuses bad names and existing files."""
    if kind not in KINDS:
        raise UserError(f"不认识「{kind}」。", code="unknown-kind", hint="可用：" + "、".join(KINDS))
    room, mark, name = path.partition("/")
    if not mark or not re.fullmatch(r"[a-z][a-z0-9_]*", room) or not re.fullmatch(r"[a-z][a-z0-9_]*", name):
        raise UserError(f"路径「{path}」应写成 房间/名字，小写英文。", code="bad-path", hint="例如 resilience/slow_orders")
    folder = (root or Path(__file__).resolve().parent) / room / f"{kind}s"
    target = folder / f"{name}.py"
    if target.exists():
        raise UserError(f"{target} 已经有了。", code="exists")
    folder.mkdir(parents=True, exist_ok=True)
    for package in (folder.parent, folder):
        init = package / "__init__.py"
        if not init.exists():
            init.write_text("", encoding="utf-8")
    decorator = f"{kind}_" if kind in ("map", "list") else kind
    target.write_text(_TEMPLATE.format(name=name, decorator=decorator, zh=name, en=name.replace("_", " ").capitalize()), encoding="utf-8")
    return target
