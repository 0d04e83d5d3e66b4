"""Lists as a workbook that works like one: see :mod:`liantu.papers.xlsx_sheet` for the sheets; here the book and its sheet of explanations."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

import xlsxwriter

from liantu.kernel.columns import Column
from liantu.kernel.output import Result
from liantu.kernel.parameter import BASES
from liantu.papers.cells import header, is_technical, shown, word
from liantu.papers.figures import BASES_EN
from liantu.papers.xlsx_sheet import LINE, Sheet, Styles, lines_of, write_sheet

_SAFE = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False, "in_memory": True, "nan_inf_to_errors": False}
ABOUT = {"zh": "说明", "en": "About"}
ABOUT_WIDTH = 96
SECRECY = {"zh": {"confidential": "单位内部资料"}, "en": {"confidential": "single firms' figures, internal"}}
STEADY = datetime(2020, 1, 1)  # equal lists are equal files
NAME_LENGTH = 31  # characters that Excel allows in the name of a sheet


def made_book(write: Callable[[Any, Styles], None], *, title: str = "") -> bytes:
    """A workbook's bytes; ``write`` fills it."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, _SAFE) as book:
        book.set_properties({"title": title, "author": "liantu 链图", "created": STEADY})
        write(book, Styles(book))
    return buffer.getvalue()


def list_workbook(result: Result, *, columns: tuple[Column, ...] | None = None, where: Mapping[str, Any] | None = None, language: str = "zh") -> bytes:
    """A result as xlsx. Totals are live SUBTOTAL formulas, so that they follow the reader's filter; shares are not summed."""
    declared = tuple(sorted(columns or result.columns, key=is_technical))  # codes for machines stand last
    title = result.output.zh if language == "zh" else result.output.en
    sheet = Sheet(sheet_name(title), title, result, declared, dict(where or {}), frozenset(c.name for c in declared if is_technical(c)))

    def write(book: Any, styles: Styles) -> None:
        write_sheet(book, styles, sheet, language)
        write_about(book, styles, (sheet,), language)

    return made_book(write, title=title)


def sheet_name(title: str) -> str:
    """The title as Excel allows it as the name of a sheet."""
    return "".join(c for c in title if c not in "[]:*?/\\'")[:NAME_LENGTH]


def write_about(book: Any, styles: Styles, sheets: Iterable[Sheet], language: str) -> None:
    """The sheet of explanations: for each list where it comes from, by which rules, and what each column is."""
    zh = language == "zh"
    page = book.add_worksheet(ABOUT["zh" if zh else "en"])
    page.set_column(0, 0, 22)
    page.set_column(1, 1, ABOUT_WIDTH)
    page.set_column(2, 2, 36)
    page.set_landscape()
    page.fit_to_pages(1, 0)
    head, bold, wrap, faint = styles.head(), styles.of(bold=True, valign="top"), styles.of(text_wrap=True, valign="top"), styles.of(valign="top", font_color="#5B6773", font_size=9)
    row = 0
    for sheet in sheets:
        for at, text in enumerate((sheet.title, "说明" if zh else "What it is", "代号" if zh else "Code")):
            page.write_string(row, at, text, head)
        row += 1
        lines = [*((w, t, sheet.result.output.name if i == 0 else "") for i, (w, t) in enumerate(_about_list(sheet, language))),
                 *((header(c, language), _about_column(c, language), f"{sheet.result.output.name}.{c.name}") for c in sheet.columns)]
        for told, text, code in lines:
            page.write_string(row, 0, told, bold)
            page.write_string(row, 1, text, wrap)
            page.write_string(row, 2, code, faint)
            page.set_row(row, LINE * sum(lines_of(part, ABOUT_WIDTH) for part in text.split("\n")) + 3)
            row += 1
        row += 1


def _about_list(sheet: Sheet, language: str) -> list[tuple[str, str]]:
    zh, output = language == "zh", sheet.result.output
    rules = [(f"{r.zh}：{BASES[r.basis]}" if zh else f"{r.en}: {BASES_EN[r.basis]}") + f"；{r.source}；{r.since} 起；" + "；".join(f"{k} {v}" for k, v in r.figures(language))
             for r in output.rules().values()]
    filtered = "；".join(f"{word(output.column(k), language)} {_wish(output.column(k), v, language)}" for k, v in sheet.where.items())
    return [
        ("清单" if zh else "List", f"{output.zh} {output.en}"),
        ("版次" if zh else "Edition", sheet.result.edition.label(language)),
        ("说明" if zh else "What it tells", output.tells(language)),
        ("筛选" if zh else "Filter", filtered or ("全部" if zh else "all")),
        ("来源" if zh else "Sources", "、".join(output.inputs)),
        *(("规则" if zh else "Rule", rule) for rule in rules),
        ("追溯" if zh else "Trace", f"每行末列为凭证号。在系统「凭证查询」中输入，或执行 liantu why {output.name} <键>，可回到来源单元格。" if zh
         else f"Each row ends with a passport id: look it up in the system or run: liantu why {output.name} KEY"),
    ]


FORMS = {"not": ("不含", "not"), "min": ("不低于", "at least"), "max": ("不高于", "at most"), "has": ("含", "has"), "empty": ("为空：", "empty:")}


def _wish(column: Column, wish: Any, language: str) -> str:
    """A filter in words: 是, 已确认或可能, 不含已终止."""
    if isinstance(wish, Mapping):
        return "，".join(f"{FORMS[form][language != 'zh']}{_wish(column, value, language)}" for form, value in wish.items())
    if isinstance(wish, list | tuple):
        return ("或" if language == "zh" else " or ").join(_wish(column, value, language) for value in wish)
    return str(shown(wish, column, language))


def _about_column(column: Column, language: str) -> str:
    unit = f"{'单位' if language == 'zh' else 'unit'} {column.unit}" if column.numeric and column.unit not in (None, "1") else ""
    return "；".join(filter(None, [unit, column.help, column.source_limit, SECRECY["zh" if language == "zh" else "en"].get(column.secrecy, "")])) or "—"
