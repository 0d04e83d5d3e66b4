"""An empty Excel workbook for a table, from its declaration: headers with units, lists of choices, and explanations."""

from __future__ import annotations

import io
from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.tables import model_of, sheet_table, table_of
from liantu.web.cells import caption_column

ROWS = 2000
LISTED = 300
KINDS = {"name": "名称", "text": "文字", "long_text": "长文字", "words": "几个词，用、隔开", "uscc": "18 位代码（设为文本）", "code": "代码（设为文本）", "money": "金额", "number": "数",
         "integer": "整数", "share": "百分数", "date": "日期，如 2025-03-01", "month": "月份，如 2025-03", "year": "年份，如 2025", "choice": "从列表里选", "flag": "是 / 否", "reference": "名录里的名称"}
SECRECY = {"public": "公开", "internal": "内部", "confidential": "保密"}


def template_header(column: Column) -> str:
    """A header that says its unit, as the import desk reads it back."""
    unit = "%" if column.kind == "share" else "" if column.unit in (None, "1", "号", "位", "分", "个") else column.unit
    return f"{column.zh}（{unit}）" if unit else column.zh


def template_columns(table: str) -> list[Column]:
    """The columns of the empty sheet: the table's own, and the codes that tell its references."""
    companions = set(table_of(table).companions)
    return [c for c in sheet_table(table).columns if c.name.partition(".")[0] not in companions]


def template_workbook(table: str) -> bytes:
    """The empty workbook as bytes of an .xlsx file."""
    import xlsxwriter

    buffer = io.BytesIO()
    book = xlsxwriter.Workbook(buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    declared = table_of(table)
    columns = template_columns(table)
    formats = {"head": book.add_format({"bold": True, "bg_color": "#E8F1F9", "border": 1, "border_color": "#B9C9D9", "text_wrap": True, "valign": "vcenter"}),
               "must": book.add_format({"bold": True, "bg_color": "#FDEBD2", "border": 1, "border_color": "#B9C9D9", "text_wrap": True, "valign": "vcenter"}),
               "text": book.add_format({"num_format": "@"}), "wrap": book.add_format({"text_wrap": True, "valign": "top"}), "bold": book.add_format({"bold": True})}
    sheet = book.add_worksheet(declared.zh[:31])
    notes = book.add_worksheet("填表说明")
    lists = book.add_worksheet("可选项")
    lists.hide()
    sheet.freeze_panes(1, 1)
    sheet.set_row(0, 30)
    for index, column in enumerate(columns):
        _column(sheet, lists, index, column, formats)
    _notes(notes, columns, formats)
    book.close()
    return buffer.getvalue()


def _column(sheet: Any, lists: Any, index: int, column: Column, formats: dict[str, Any]) -> None:
    header = template_header(column)
    text = column.kind in ("uscc", "code", "month")
    sheet.set_column(index, index, max(11, min(30, 2 * len(header) + 3)), formats["text"] if text else None)
    sheet.write_string(0, index, header, formats["must" if column.required else "head"])
    words = choice_words(column)
    if words:
        for row, word in enumerate(words):
            lists.write_string(row, index, word)
        letter = _letter(index)
        sheet.data_validation(1, index, ROWS, index, {"validate": "list", "source": f"=可选项!${letter}$1:${letter}${len(words)}", "error_title": column.zh[:32],
                                                     "error_message": "请从列表里选。", "error_type": "stop" if column.kind in ("choice", "flag") else "warning"})


def choice_words(column: Column) -> list[str]:
    """What may be chosen in a column; empty when anything may be written."""
    if column.kind == "choice":
        return [c.zh for c in column.choices]
    if column.kind == "flag":
        return ["是", "否"]
    if column.kind == "reference" and column.reference:
        caption = caption_column(column.reference)
        names = list(model_of(column.reference).objects.exclude(**{caption: None}).order_by(caption).values_list(caption, flat=True)[:LISTED + 1])
        return [str(n) for n in names] if len(names) <= LISTED else []
    return []


def _letter(index: int) -> str:
    from liantu.kernel.sheets import column_letter

    return column_letter(index)


def _notes(notes: Any, columns: list[Column], formats: dict[str, Any]) -> None:
    notes.write_string(0, 0, "本页只作说明，不用填。橙色表头必填；列的次序可以变，不用的列可以删。", formats["bold"])
    for index, (label, width) in enumerate((("说明", 22), ("要求", 8), ("写法", 24), ("单位是", 10), ("补充", 60), ("密级", 8), ("用途限制", 40))):
        notes.write_string(2, index, label, formats["head"])
        notes.set_column(index, index, width)
    for row, column in enumerate(columns, 3):
        words = "、".join(c.zh for c in column.choices)
        unit = "%" if column.kind == "share" else column.unit or ""
        more = "；".join(part for part in (column.help, f"可选：{words}" if words else "", f"也认：{'、'.join(column.aliases[:6])}" if column.aliases else "") if part)
        for index, text in enumerate((f"{column.zh}：", "必填" if column.required else "", KINDS[column.kind], unit, more, SECRECY[column.secrecy], column.source_limit)):
            notes.write_string(row, index, text, formats["wrap"])
