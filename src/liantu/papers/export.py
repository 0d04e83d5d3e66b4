"""One door to every exported file: an output on an edition, as json, csv, xlsx, and drawn as svg, png, pptx or pdf."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from liantu.drawing.of_output import FORMS, drawable, picture
from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, run
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError
from liantu.kernel.release import release

TYPES = {"json": "application/json", "csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
         "svg": "image/svg+xml", "png": "image/png", "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
         "pdf": "application/pdf"}


@dataclass(frozen=True)
class Exported:
    """A file: its bytes, media type and name."""

    data: bytes
    media_type: str
    name: str


def formats_of(output: str) -> tuple[str, ...]:
    """The forms in which an output can be had."""
    return ("json", "csv", "xlsx", *(FORMS if drawable(output) else ()))


def export(output: str, edition: Edition, form: str, *, where: Mapping[str, Any] | None = None, columns: tuple[Column, ...] | None = None,
           language: str = "zh", result: Result | None = None, paper: str = "screen") -> Exported:
    """An output as a file. ``where`` keeps rows whose columns equal the values; drawings need one ``chain_code`` and stand on ``paper`` (screen, a4, a3, a0)."""
    if form not in formats_of(output):
        raise UserError(f"「{output}」不能导出为 {form}。", code="unknown-format", hint="可用：" + "、".join(formats_of(output)))
    conditions = dict(where or {})
    found = result or run(output, edition).where(conditions)
    drawn = form in FORMS
    sheet = [paper] if drawn and paper != "screen" else []
    name = "-".join([output, *(str(v).replace("/", "_") for v in conditions.values()), edition.number, *sheet]) + f".{form}"
    if drawn:
        data = _drawn(release(output, edition, found.version), conditions, form, language, paper)
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
            "synthetic": manifest.synthetic, "version": result.version, "withheld": sorted([list(h) for h in result.hidden if h[1] in {c.name for c in columns}]), "where": where, "units": {c.name: c.unit for c in columns if c.unit}}
    return json.dumps({**head, "rows": rows_of(result, columns)}, ensure_ascii=False, indent=1).encode()


def _csv(result: Result, columns: tuple[Column, ...], where: dict[str, Any], language: str) -> bytes:
    from liantu.papers.cells import HIDDEN, header, is_hidden, shown

    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*(header(c, language) for c in columns), "凭证号" if language == "zh" else "passport"])
    for row in result.frame.iter_rows(named=True):
        key = result.key_of(row)
        writer.writerow([*(HIDDEN if is_hidden(result, key, c) else _harmless(shown(row[c.name], c, language)) for c in columns), passport_id(result.output.name, key, result.edition.number)])
    return b"\xef\xbb\xbf" + out.getvalue().encode()


def _harmless(value: Any) -> Any:
    """Text that a spreadsheet would run as a formula gets a leading apostrophe."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _drawn(result: Result, where: dict[str, Any], form: str, language: str, paper: str) -> bytes:
    chain = where.get("chain_code")
    if not chain:
        known = "、".join(result.edition.table("chain")["code"].to_list())
        raise UserError("画图要指明哪一条产业链。", code="needs-chain", hint=f"例如 --where chain_code={known.split('、')[0]}；现有：{known}")
    return picture(result, str(chain), form, language=language, paper=paper)  # type: ignore[arg-type]
