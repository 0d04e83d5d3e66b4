"""Outputs: one function per file, whose parameter names are the tables (or other outputs) that it reads.

A map, list, indicator, warning or section is declared with its words, its key, its columns and the road back to the rows
that made it (``trace``). Page, export, API, lineage and passport follow from the declaration. Functions receive
Narwhals lazy frames and return one, so that the same code runs on Polars and on DuckDB.
"""

from __future__ import annotations

import hashlib
import importlib
import inspect
import io
import json
import pkgutil
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal

import narwhals as nw
import polars as pl

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.home import folder, write_atomic
from liantu.kernel.kept import Kept
from liantu.kernel.parameter import Parameter, parameter
from liantu.kernel.problems import UserError

KINDS = {"map": "图", "list": "清单", "indicator": "指标", "warning": "预警", "section": "段落"}
AS_OF = "as_of"
DIGITS = {"money": 4, "share": 9, "number": 6}
Version = Literal["internal", "department", "public"]
Trace = tuple[tuple[str, Mapping[str, str]], ...]


def shows(version: Version, column: Column) -> bool:
    """Whether a version may show a column: internal all; department all but single firms' figures; public what is public and free of source limits.

    Sums over firms stand in every version, because :mod:`liantu.kernel.release` keeps their small cells back.
    """
    if version == "internal" or column.sums:
        return True
    if version == "department":
        return column.secrecy != "confidential"
    return column.secrecy == "public" and not column.source_limit


@dataclass(frozen=True)
class Output:
    """A declared output. ``trace`` is a walk: (input, {input column: output column, or ``table.column`` of an earlier step}), ….

    ``parameters`` maps argument names to parameter files. ``secrecy`` is that of the whole output: an internal one is in no public version. An argument named ``as_of`` receives the edition's day as a date.
    ``verified`` names the column that says whether a person has checked the row (confirmed or verified, else to verify).
    """

    name: str
    kind: str
    zh: str
    en: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    trace: Trace
    parameters: Mapping[str, str]
    function: Callable[..., Any]
    room: str
    sort: tuple[str, ...] = ()
    verified: str = ""
    secrecy: str = "public"

    def tells(self, language: str = "zh") -> str:
        """What it tells whom: the docstring's first paragraph in Chinese, the rest before the example in English."""
        paragraphs = (inspect.getdoc(self.function) or "").split("Example:", 1)[0].strip().split("\n\n")
        return paragraphs[0] if language == "zh" else "\n\n".join(paragraphs[1:])

    @property
    def doc(self) -> str:
        """What it tells whom, in Chinese."""
        return self.tells("zh")

    @property
    def inputs(self) -> list[str]:
        """Tables and outputs that it reads, by parameter name."""
        return [p for p in _asked(self.function) if p not in self.parameters and p != AS_OF]

    @property
    def dated(self) -> bool:
        """Whether it asks for the edition's day."""
        return AS_OF in _asked(self.function)

    def column(self, name: str) -> Column:
        for column in self.columns:
            if column.name == name:
                return column
        raise UserError(f"输出 {self.name} 没有列「{name}」。", code="unknown-column", hint="现有：" + "、".join(c.name for c in self.columns))

    def rules(self, on: date | None = None) -> dict[str, Parameter]:
        """The dated rules that it rests on."""
        return {argument: parameter(name, on) for argument, name in self.parameters.items()}


@cache
def _asked(function: Callable[..., Any]) -> tuple[str, ...]:
    """The names of a function's parameters; asked for so often that they are looked up once."""
    return tuple(inspect.signature(function).parameters)


@dataclass(frozen=True)
class Result:
    """An output's rows on one edition, as one version (internal, department, public) may show them.

    ``hidden`` holds (row key, column) of figures kept back so that no single firm can be told; their cells are null.
    """

    output: Output
    edition: Edition
    frame: pl.DataFrame
    version: Version = "internal"
    hidden: frozenset[tuple[str, str]] = frozenset()

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that this version may show."""
        return tuple(c for c in self.output.columns if shows(self.version, c))

    def where(self, conditions: Mapping[str, Any]) -> Result:
        """Keep rows whose columns equal the given values (compared as text)."""
        frame = self.frame
        for name, value in conditions.items():
            self.output.column(name)
            frame = frame.filter(pl.col(name).cast(pl.String) == str(value))
        return replace(self, frame=frame)

    def key_of(self, row: Mapping[str, Any]) -> str:
        """The row's key as text, parts joined with ``|``."""
        return "|".join(str(row[k]) for k in self.output.key)


_OUTPUTS: dict[str, Output] = {}


def _declare(kind: str) -> Callable[..., Any]:
    def decorator(zh: str, en: str, *, key: tuple[str, ...], columns: tuple[Column, ...], trace: Trace, sort: tuple[str, ...] = (), verified: str = "",
                  secrecy: str = "public", **parameters: str) -> Any:
        def register(function: Callable[..., Any]) -> Callable[..., Any]:
            name = function.__name__
            room = function.__module__.split(".")[1]
            if name in _OUTPUTS and _OUTPUTS[name].function.__module__ != function.__module__:
                raise ValueError(f"output {name} is declared twice")
            _OUTPUTS[name] = Output(name, kind, zh, en, key, columns, trace, parameters, function, room, sort, verified, secrecy)
            return function

        return register

    return decorator


map_, list_, indicator, warning, section = (_declare(k) for k in KINDS)


@cache
def outputs() -> dict[str, Output]:
    """All outputs, found by walking the rooms' folders; nobody registers anything."""
    import liantu

    for room in pkgutil.iter_modules(liantu.__path__):
        if not room.ispkg:
            continue
        for kind in ("maps", "lists", "indicators", "warnings", "sections"):
            try:
                package = importlib.import_module(f"liantu.{room.name}.{kind}")
            except ModuleNotFoundError as missing:
                if missing.name in (f"liantu.{room.name}", f"liantu.{room.name}.{kind}"):
                    continue
                raise
            for module in pkgutil.iter_modules(package.__path__):
                importlib.import_module(f"{package.__name__}.{module.name}")
    return dict(sorted(_OUTPUTS.items()))


def output_of(name: str) -> Output:
    """An output by name; an unknown name is answered with the names that exist."""
    try:
        return outputs()[name]
    except KeyError:
        raise UserError(f"没有名为「{name}」的输出。", code="unknown-output", hint="可用：" + "、".join(outputs())) from None


def run(name: str, edition: Edition, *, cached: bool = True) -> Result:
    """Compute an output on an edition; the result is kept by content, so the same rows are never computed twice."""
    output = output_of(name)
    if not cached:
        return Result(output, edition, compute(output, edition))
    return Result(output, edition, _cached(name, content_key(output, edition), Kept(edition)))


def holds(output: Output, edition: Edition) -> bool:
    """Whether an edition can give everything that an output asks for."""
    return all(edition.has(name) or (name in outputs() and holds(output_of(name), edition)) for name in output.inputs)


def content_key(output: Output, edition: Edition) -> str:
    """Equal on two editions exactly when the output must give the same rows there: same code, same inputs, same rules."""
    parts: dict[str, Any] = {"source": _source_hash(output.name)}
    for name in output.inputs:
        parts[name] = edition.manifest.tables.get(name, {}).get("sha256") if edition.has(name) else content_key(output_of(name), edition)
    on = date.fromisoformat(edition.manifest.as_of)
    if output.dated:
        parts[AS_OF] = edition.manifest.as_of
    parts["rules"] = {a: json.dumps(p.value, sort_keys=True, default=str) for a, p in output.rules(on).items()}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


@cache
def _source_hash(name: str) -> str:
    """Hash of the code an output rests on: its own module and, by their imports, all modules of liantu behind it."""
    module = inspect.getmodule(output_of(name).function)
    waiting, read = [module.__name__ if module else ""], dict[str, str]()
    while waiting:
        this = waiting.pop()
        read[this] = _source(this)
        for package, names in _IMPORTED.findall(read[this]):
            behind = (package, *(f"{package}.{n.split(' as ')[0].strip()}" for n in names.strip("()").split(",") if n.strip()))
            waiting += [m for m in behind if m not in read and m not in waiting and _source(m)]
    return hashlib.sha256("".join(read[m] for m in sorted(read)).encode()).hexdigest()


_IMPORTED = re.compile(r"^\s*from (liantu[\w.]*) import (\([\w\s,]+\)|[\w ,]+)", re.M)


@cache
def _source(module: str) -> str:
    """The text of a module of liantu; nothing for a name that is none."""
    path = files("liantu").joinpath(*module.split(".")[1:])
    for found in (path.joinpath("__init__.py"), path.parent.joinpath(f"{path.name}.py")):  # type: ignore[attr-defined]
        if found.is_file():
            return str(found.read_text(encoding="utf-8"))
    return ""


@lru_cache(maxsize=64)
def _cached(name: str, key: str, holder: Kept) -> pl.DataFrame:
    path = folder("cache") / f"{name}-{key[:32]}.parquet"
    if path.exists():
        return pl.read_parquet(path)
    frame = compute(output_of(name), holder.value, inner=lambda other: run(other, holder.value).frame)
    buffer = io.BytesIO()
    frame.write_parquet(buffer)
    write_atomic(path, buffer.getvalue(), lasting=False)
    return frame


def compute(output: Output, edition: Edition, tables: Mapping[str, pl.DataFrame] | None = None, inner: Callable[[str], pl.DataFrame] | None = None) -> pl.DataFrame:
    """Run the function itself. ``tables`` replaces inputs by other rows (used to recompute a number from only its rows).

    ``inner`` gives the outputs that this one reads; without it they are computed here, each once.
    """
    give: Callable[[str], pl.DataFrame] = inner or cache(lambda name: compute(output_of(name), edition, tables, give))
    arguments: dict[str, Any] = {}
    for name in output.inputs:
        if tables is not None and name in tables:
            frame = tables[name]
        elif edition.has(name):
            frame = edition.table(name)
        elif name in outputs():
            frame = give(name)
        else:
            raise UserError(f"输出 {output.name} 要读「{name}」，但没有这个表或输出。", code="unknown-input", hint="现有表：" + "、".join(edition.tables))
        arguments[name] = nw.from_native(frame.lazy())
    for argument, rule in output.rules(date.fromisoformat(edition.manifest.as_of)).items():
        arguments[argument] = rule.value
    if output.dated:
        arguments[AS_OF] = date.fromisoformat(edition.manifest.as_of)
    return shape(output, nw.to_native(output.function(**arguments).lazy()).collect())


def shape(output: Output, frame: pl.DataFrame) -> pl.DataFrame:
    """The declared columns in their order, rounded to what they can mean and sorted, so that two runs are equal row by row.

    The order in which an engine adds floats is its own; money is kept to one 元 (0.0001 万元), shares to a billionth.
    """
    missing = [c.name for c in output.columns if c.name not in frame.columns]
    if missing:
        raise UserError(f"输出 {output.name} 没有给出列：{'、'.join(missing)}", code="output-incomplete")
    digits = {c.name: DIGITS[c.kind] for c in output.columns if c.kind in DIGITS and frame.schema[c.name].is_float()}
    frame = frame.with_columns(pl.col(name).round(places) for name, places in digits.items())
    order = [s.removeprefix("-") for s in output.sort] + list(output.key)
    down = [s.startswith("-") for s in output.sort] + [False] * len(output.key)
    return frame.select([c.name for c in output.columns]).sort(order, descending=down, nulls_last=True)
