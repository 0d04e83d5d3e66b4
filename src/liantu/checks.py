"""The house rules as named checks: what `liantu check` prints and what the contract tests demand to be empty."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from liantu.kernel.columns import Column

PACKAGE = Path(__file__).resolve().parent
NO_PINYIN = re.compile(r"\b(qiye|chanye|lianzhang|lianzhu|huanjie|qingdan|zhaoshang)\w*\b")
UNIT_ENDINGS = {"kWh": "_kwh", "亩": "_mu", "m²": "_m2", "吨标煤": "_tce"}
# Larger than 400 lines, or a function longer than 60, with the reason why it is better whole.
LONG_FILES: dict[str, str] = {}
NUMERIC_LIBRARIES = {"numpy", "scipy", "numba", "sklearn", "highspy"}
ROOMS = ("places", "enterprises", "chains", "projects", "cases", "maps_and_lists", "coordination", "resilience", "attraction", "clusters", "firm_services", "innovation", "briefings")


def run_checks() -> list[str]:
    """All findings of all checks, each starting with the check's name."""
    found: list[str] = []
    for check in (outputs_declared, outputs_traced, codes_unique, units_present, parameters_sourced, profiles_fit, templates_load, files_not_long, no_sql, numbers_in_methods, division_guarded, glossary_words):
        found += [f"[{check.__name__}] {line}" for line in check()]
    return found


def outputs_declared() -> Iterator[str]:
    """Every output says in Chinese and English what it tells whom, and has a runnable example."""
    from liantu.kernel.example import example_of
    from liantu.kernel.output import outputs

    for name, output in outputs().items():
        if not (output.zh and output.en and output.tells("zh") and output.tells("en")):
            yield f"{name}：缺少中文或英文的名称、说明"
        try:
            example_of(output)
        except (ValueError, KeyError) as error:
            yield f"{name}：没有可运行的例子（{error}）"


def outputs_traced() -> Iterator[str]:
    """Every output's inputs exist, and each of them stands in the road back."""
    from liantu.kernel.output import outputs
    from liantu.kernel.tables import models_by_table, table_of

    tables = models_by_table()
    for name, output in outputs().items():
        walked = _walked(output)
        for table in output.inputs:
            if table not in tables and table not in outputs():
                yield f"{name}：没有叫「{table}」的表或输出"
            if table not in walked:
                yield f"{name}：trace 没有说明「{table}」的行怎样找回"
        for table, conditions in output.trace:
            for column in conditions:
                if table in tables and column != "id" and column not in table_of(table).names:
                    yield f"{name}：trace 用了 {table} 没有的列「{column}」"


def codes_unique() -> Iterator[str]:
    """No two columns of an output share the number by which printed codes name them."""
    from liantu.kernel.output import outputs
    from liantu.kernel.passport import column_number

    for name, output in outputs().items():
        seen: dict[int, str] = {}
        for column in output.columns:
            other = seen.setdefault(column_number(column.name), column.name)
            if other != column.name:
                yield f"{name}：列 {column.name} 与 {other} 的凭证编号相同，请改一个列名"


def _walked(output: Any) -> set[str]:
    """Tables and outputs on an output's road back, with those on the roads of the outputs among them."""
    from liantu.kernel.output import outputs

    direct = {table for table, _ in output.trace}
    return direct.union(*(_walked(outputs()[name]) for name in direct if name in outputs()))


def units_present() -> Iterator[str]:
    """Every numeric column has a unit; physical units end the column's name; shares say so."""
    from liantu.kernel.output import outputs
    from liantu.kernel.tables import all_tables

    for owner, columns in [*((n, t.columns) for n, t in all_tables().items()), *((n, o.columns) for n, o in outputs().items())]:
        for column in columns:
            yield from (f"{owner}.{column.name}：{text}" for text in _unit_faults(column))


def _unit_faults(column: Column) -> Iterator[str]:
    if column.numeric and not column.unit:
        yield "数字列没有单位"
    if column.kind == "money" and column.unit != "万元":
        yield f"金额单位应为万元，现为 {column.unit}"
    ending = UNIT_ENDINGS.get(column.unit or "")
    if ending and not column.name.endswith(ending):
        yield f"单位 {column.unit} 的列名应以 {ending} 结尾"


def parameters_sourced() -> Iterator[str]:
    """Every policy number is dated, sourced and marked official, local or liantu_default."""
    from liantu.kernel.parameter import BASES, _history, parameter_names

    for name in parameter_names():
        for entry in _history(name):
            if entry.basis not in BASES or not entry.source:
                yield f"参数 {name} {entry.since}：缺少来源或性质"


def profiles_fit() -> Iterator[str]:
    """Every shipped profile, and the site's own, counts what its title says and names outputs, columns and choices that exist."""
    from liantu.kernel.profile import profile, profiles

    for code in profiles():
        yield from (f"{code}：{text}" for text in profile(code).problems())
    yield from (f"本数据目录的档案：{text}" for text in profile().problems() if profile().own)


def templates_load() -> Iterator[str]:
    """Every built-in chain loads."""
    from liantu.chains.template import TemplateError, builtin_templates, load_builtin

    for code in builtin_templates():
        try:
            load_builtin(code)
        except TemplateError as error:
            yield f"{code}：{error}"


def _sources(*folders: str) -> Iterator[tuple[Path, str]]:
    for folder in folders or ("",):
        for path in sorted((PACKAGE / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path, path.read_text(encoding="utf-8")


def files_not_long() -> Iterator[str]:
    """A file stays under 400 lines and a function under 60 unless it is listed with a reason."""
    for path, text in _sources():
        name = str(path.relative_to(PACKAGE))
        if text.count("\n") > 400 and name not in LONG_FILES:
            yield f"{name}：{text.count(chr(10))} 行"
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 60:
                yield f"{name}:{node.lineno} {node.name}：{(node.end_lineno or 0) - node.lineno + 1} 行"


def no_sql() -> Iterator[str]:
    """SQL stands nowhere outside the ORM and its migrations."""
    pattern = re.compile(r"\.raw\(|cursor\(\)|\bSELECT\b.+\bFROM\b|RunSQL|\.extra\(")
    for path, text in _sources():
        if path.name != "checks.py" and pattern.search(text):
            yield f"{path.relative_to(PACKAGE)}：含有 SQL"


def numbers_in_methods() -> Iterator[str]:
    """NumPy, SciPy, scikit-learn and solvers stay in methods/ and what measures them."""
    for path, text in _sources():
        if path.relative_to(PACKAGE).parts[0] in ("methods", "demo", "evaluation"):  # the demo draws random numbers, evaluation draws splits
            continue
        for node in ast.walk(ast.parse(text)):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            if {n.split(".")[0] for n in names} & NUMERIC_LIBRARIES:
                yield f"{path.relative_to(PACKAGE)}:{node.lineno}"  # type: ignore[attr-defined]


def division_guarded() -> Iterator[str]:
    """Relations divide only through ``relations.ratio`` (null, never NaN), or by a literal."""
    for path, text in _sources(*ROOMS):
        if not ({"maps", "lists", "indicators", "warnings", "sections"} & set(path.parts)) and path.name != "shared.py":
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div) and not isinstance(node.right, ast.Constant) and "nw.lit" not in ast.unparse(node.right):
                yield f"{path.relative_to(PACKAGE)}:{node.lineno} {ast.unparse(node)[:60]}"


def glossary_words() -> Iterator[str]:
    """Identifiers are English words of the glossary, never pinyin."""
    for path, text in _sources():
        if path.name == "checks.py":
            continue
        for found in NO_PINYIN.finditer(text):
            yield f"{path.relative_to(PACKAGE)}：{found.group(0)}"
