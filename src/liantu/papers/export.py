"""One door to every exported file: an output on an edition, as json, csv, xlsx, svg, png or pptx."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, run
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "svg": "image/svg+xml", "png": "image/png", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation"}
DRAWN = ("svg", "png", "pptx")


@dataclass(frozen=True)
class Exported:
    """A file: its bytes, media type and name."""

    data: bytes
    media_type: str
    name: str


def formats_of(output: str) -> tuple[str, ...]:
    """The forms in which an output can be had."""
    return ("json", "csv", "xlsx", *(DRAWN if output == "chain_map" else ()))


def export(output: str, edition: Edition, form: str, *, where: Mapping[str, Any] | None = None, columns: tuple[Column, ...] | None = None,
           language: str = "zh", result: Result | None = None) -> Exported:
    """An output as a file. ``where`` keeps rows whose columns equal the values; drawings need one ``chain_code``."""
    if form not in formats_of(output):
        raise UserError(f"「{output}」不能导出为 {form}。", code="unknown-format", hint="可用：" + "、".join(formats_of(output)))
    conditions = dict(where or {})
    found = result or run(output, edition).where(conditions)
    name = "-".join([output, *(str(v).replace("/", "_") for v in conditions.values()), edition.number]) + f".{form}"
    if form in DRAWN:
        data = _drawn(run(output, edition), conditions, form, language)
    else:
        data = {"json": _json, "csv": _csv, "xlsx": _xlsx}[form](found, columns or found.output.columns, conditions, language)
    return Exported(data, TYPES[form], name)


def _xlsx(result: Result, columns: tuple[Column, ...], where: dict[str, Any], language: str) -> bytes:
    from liantu.papers.xlsx import list_workbook

    return list_workbook(result, columns=columns, where=where, language=language)


def rows_of(result: Result, columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    """Rows as plain values, each with its passport id."""
    rows = []
    for row in result.frame.iter_rows(named=True):
        plain = {c.name: v.isoformat() if isinstance(v := row[c.name], date) else v for c in columns}
        rows.append({**plain, "passport": passport_id(result.output.name, result.key_of(row), result.edition.number)})
    return rows


def _json(result: Result, columns: tuple[Column, ...], where: dict[str, Any], language: str) -> bytes:
    manifest = result.edition.manifest
    head = {"output": result.output.name, "title": result.output.zh if language == "zh" else result.output.en, "edition": manifest.number, "as_of": manifest.as_of,
            "synthetic": manifest.synthetic, "where": where, "units": {c.name: c.unit for c in columns if c.unit}}
    return json.dumps({**head, "rows": rows_of(result, columns)}, ensure_ascii=False, indent=1).encode()


def _csv(result: Result, columns: tuple[Column, ...], where: dict[str, Any], language: str) -> bytes:
    from liantu.papers.xlsx import header, shown

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(header(c, language) for c in columns), "凭证号" if language == "zh" else "passport"])
    for row in result.frame.iter_rows(named=True):
        writer.writerow([*(_harmless(shown(row[c.name], c, language)) for c in columns), passport_id(result.output.name, result.key_of(row), result.edition.number)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _drawn(result: Result, where: dict[str, Any], form: str, language: str) -> bytes:
    from liantu.drawing import to_png, to_pptx, to_svg
    from liantu.drawing.of_output import chain_layout, chain_title

    chain = where.get("chain_code")
    if not chain:
        known = "、".join(result.frame["chain_code"].unique().sort().to_list())
        raise UserError("画图要指明哪一条产业链。", code="needs-chain", hint=f"例如 --where chain_code={known.split('、')[0]}；现有：{known}")
    layout = chain_layout(result, str(chain), language=language)
    title = chain_title(result, str(chain), language)
    mark = passport_id("chain_summary", str(chain), result.edition.number)
    if form == "pptx":
        return to_pptx(layout, title=title, subtitle=result.edition.label(language), footer=f"{result.edition.label(language)}　liantu 链图　{mark}", language=language)
    svg = to_svg(layout, title=title, subtitle=f"{result.edition.label(language)}　{mark}", legend=True, language=language, interactive=False, standalone=True)
    return svg.encode() if form == "svg" else to_png(svg)
