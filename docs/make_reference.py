"""Write docs/reference.md from the declarations: tables, outputs, rules and problem codes. `make docs` leaves git clean."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from liantu.kernel.home import setup

setup()

import liantu.kernel.catalogue  # noqa: E402
import liantu.kernel.plan  # noqa: E402, F401  (its problems belong to the catalogue)
from liantu.kernel.output import KINDS, outputs  # noqa: E402
from liantu.kernel.parameter import BASES, _history, parameter_names  # noqa: E402
from liantu.kernel.problems import CATALOGUE  # noqa: E402
from liantu.kernel.tables import all_tables  # noqa: E402

TARGET = Path(__file__).with_name("reference.md")
SECRECY = {"public": "公开", "internal": "内部", "confidential": "限制"}


def lines() -> Iterator[str]:
    """The manual's reference part, from declarations alone."""
    yield "# 表与输出参考"
    yield ""
    yield "本页由声明生成（`make docs`），不手改。"
    yield ""
    yield "## 登记表"
    for table in all_tables().values():
        yield f"\n### {table.zh} `{table.name}`\n\n{table.help}\n\n键：{'、'.join(table.key)}\n"
        yield "| 列 | 中文 | 类型 | 单位 | 密级 | 表头别名 |\n|---|---|---|---|---|---|"
        for c in table.columns:
            yield f"| `{c.name}` | {c.zh} | {c.kind}{' → ' + c.reference if c.reference else ''} | {c.unit or ''} | {SECRECY[c.secrecy]} | {'、'.join(c.aliases[:8])} |"
    yield "\n## 输出"
    for output in outputs().values():
        rules = "；".join(f"{r.zh}（{BASES[r.basis]}）" for r in output.rules().values())
        yield f"\n### {output.zh} `{output.name}`（{KINDS[output.kind]}）\n\n{output.tells('zh')}\n\n{output.tells('en')}\n"
        yield f"键：{'、'.join(output.key)}。读：{'、'.join(output.inputs)}。{'规则：' + rules + '。' if rules else ''}\n"
        yield "| 列 | 中文 | 单位 | 说明 |\n|---|---|---|---|"
        for c in output.columns:
            yield f"| `{c.name}` | {c.zh} | {'%' if c.unit == '1' else c.unit or ''} | {c.help} |"
    yield "\n## 规则参数\n\n| 参数 | 中文 | 性质 | 起 | 来源 |\n|---|---|---|---|---|"
    for name in parameter_names():
        for p in _history(name):
            yield f"| `{name}` | {p.zh} | {BASES[p.basis]} | {p.since} | {p.source} |"
    yield "\n## 问题代号\n\n| 代号 | 级别 | 说明 | 怎样才对 |\n|---|---|---|---|"
    for entry in sorted(CATALOGUE.values(), key=lambda e: e.code):
        yield f"| `{entry.code}` | {entry.severity} | {entry.zh} | {entry.hint_zh} |"


def main() -> int:
    text = "\n".join(lines()) + "\n"
    if "--check" in sys.argv:
        return 0 if TARGET.read_text(encoding="utf-8") == text else 1
    TARGET.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
