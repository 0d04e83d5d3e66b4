"""A cell's content as the value of a declared column, with the codes of everything that was odd about it.

Every reader answers with a :class:`ParsedValue` and never raises; a value with an error code is None.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from liantu.kernel.columns import Choice, Column
from liantu.kernel.identifiers import check_uscc, normal_uscc, repair_uscc
from liantu.kernel.names import clean_text, split_name
from liantu.kernel.units import compatible, tidy, to_stored
from liantu.kernel.value_dates import read_date, read_month, read_year
from liantu.kernel.value_numbers import exact, read_amount

Found = tuple[str, tuple[tuple[str, str], ...]]

NIL_WORDS = frozenset(["", "—", "——", "-", "--", "---", "–", "－", "/", "\\", "//", "无", "空", "暂无", "没有", "不详", "未填", "未报", "缺", "n/a", "na", "n.a.",
                       "null", "none", "nan", "…", "……", "...", "*", "**", "、", ".", "?", "？", "无数据", "不适用", "同上略", "(空)", "(无)", "#", "~"])
ERROR_CELLS = frozenset(["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!", "#GETTING_DATA"])
_FORMULA = re.compile(r"^=\s*[A-Za-z_+\-(\d$'\[].*")
_WORD_BREAKS = re.compile(r"(?:[、，；;|\n\r\t]|(?<!\d),|,(?!\d{3}(?!\d)))+|(?<=[\u4e00-\u9fff])\s*/\s*(?=[\u4e00-\u9fff])")
_YES = frozenset(["是", "√", "✓", "✔", "☑", "■", "1", "y", "yes", "true", "t", "有", "对", "v", "已", "已完成", "是的", "●"])
_NO = frozenset(["否", "×", "✗", "✘", "x", "0", "n", "no", "false", "f", "无", "非", "未", "不是", "没有", "错", "□", "☐", "○", "不"])


@dataclass(frozen=True, slots=True)
class ParsedValue:
    """A value and what was found about it: (code, details) pairs."""

    value: Any
    problems: tuple[Found, ...] = ()


NIL = ParsedValue(None)


def is_nil(cell: object) -> bool:
    """Whether a cell says nothing: empty, a dash, 无, N/A."""
    if cell is None or cell == "":
        return True
    if isinstance(cell, str):
        return len(cell) <= 12 and unicodedata.normalize("NFKC", clean_text(cell)).casefold() in NIL_WORDS
    return isinstance(cell, float) and math.isnan(cell)


def cell_text(cell: object) -> str:
    """A cell's content as it stands on the screen, short enough for a message."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        if cell == int(cell) if abs(cell) < 1e15 else False:
            return str(int(cell))
        return format(cell, ".15g") if abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(" ") if cell.time() != datetime.min.time() else cell.date().isoformat()
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def parse_value(cell: object, column: Column, *, unit: str | None = None, year: int | None = None) -> ParsedValue:
    """Read one cell for one column. ``unit`` is the header's or corner's unit, ``year`` the sheet's (for ``3月``)."""
    if isinstance(cell, str):
        text = clean_text(cell)
        if text.upper() in ERROR_CELLS:
            return _error("cell-error")
        if text.startswith("=") and _FORMULA.match(text):
            return _error("formula-no-value")
    if is_nil(cell) and not (column.kind in ("choice", "flag") and cell not in (None, "")):
        return NIL
    if column.kind in ("date", "month", "year"):
        return _period(cell, column, year)
    return _READERS[column.kind](cell, column, unit)


def _error(code: str, **details: str) -> ParsedValue:
    return ParsedValue(None, ((code, tuple(details.items())),))


def _period(cell: object, column: Column, year: int | None) -> ParsedValue:
    value: Any
    if column.kind == "date":
        value, codes = read_date(cell)
    elif column.kind == "month":
        value, codes = read_month(cell, year)
    else:
        value, codes = read_year(cell)
    return ParsedValue(value, tuple((code, ()) for code in codes))


def _number(cell: object, column: Column, unit: str | None) -> ParsedValue:
    amount = read_amount(cell)
    if amount.value is None:
        return ParsedValue(None, tuple((code, ()) for code in amount.codes))
    try:
        value = _converted(amount.value, amount.unit, amount.times, column, unit)
    except ValueError:
        return _error("unit-mismatch", unit=amount.unit or unit or "", stored=column.unit or "")
    found: list[Found] = [(code, ()) for code in amount.codes]
    if column.kind == "integer":
        if value != value.to_integral_value():
            return _error("not-integer")
        return ParsedValue(int(value), tuple(found))
    if column.kind == "share" and column.name.endswith("_share") and not 0 <= value <= 1:
        found.append(("share-range", (("value", f"{tidy(value * 100):f}%"),)))
    return ParsedValue(tidy(value), tuple(found))


def _converted(value: Decimal, own: str | None, times: bool, column: Column, unit: str | None) -> Decimal:
    if own is not None:
        return to_stored(value, own, column) if column.unit or column.kind in ("money", "share") else value
    if times and column.kind == "money":
        return to_stored(value, "元", column)
    if times:
        return value
    return to_stored(value, unit, column) if unit and (compatible(unit, column) or column.kind in ("money", "share")) else value


def _uscc(cell: object, column: Column, unit: str | None) -> ParsedValue:
    if isinstance(cell, (bool, date, datetime)):
        return _error("uscc-length", length=str(len(str(cell))))
    if isinstance(cell, (int, float)) and not check_uscc(cell_text(cell)):
        return ParsedValue(cell_text(cell))
    scientific = isinstance(cell, str) and re.fullmatch(r"\s*\d(?:\.\d+)?[eE]\+?1[678]\s*", cell)
    if isinstance(cell, (int, float)) or scientific:
        return _damaged(cell)
    text = clean_text(cell)
    code = normal_uscc(text)
    wrong = check_uscc(code)
    if wrong and wrong != ["uscc-inner"]:
        candidates = repair_uscc(text) if wrong == ["uscc-check"] and code.endswith("000") and code.isdigit() else []
        return _damaged(text) if candidates else _error(wrong[0], length=str(len(code)), value=code)
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text))
    found: list[Found] = [(w, ()) for w in wrong]
    if len(plain) == 18 and plain.upper() != code:
        found.append(("uscc-fixed", (("value", code),)))
    return ParsedValue(code, tuple(found))


def _damaged(cell: object) -> ParsedValue:
    candidates = repair_uscc(cell)  # type: ignore[arg-type]
    if len(candidates) == 1:
        return ParsedValue(candidates[0], (("uscc-repaired", (("value", candidates[0]), ("candidates", candidates[0]))),))
    if candidates:
        return ParsedValue(None, (("uscc-damaged", (("candidates", "、".join(candidates)),)),))
    return _error("uscc-number")


def _name(cell: object, column: Column, unit: str | None) -> ParsedValue:
    name, note = split_name(cell_text(cell))
    found: tuple[Found, ...] = (("name-note", (("note", note), ("value", name))),) if note else ()
    if not name:
        return NIL
    return _fitting(name, column, found)


def _text(cell: object, column: Column, unit: str | None) -> ParsedValue:
    return _fitting(clean_text(cell_text(cell)), column, ())


def _fitting(text: str, column: Column, found: tuple[Found, ...]) -> ParsedValue:
    if column.max_length and len(text) > column.max_length:
        return _error("too-long", length=str(len(text)), limit=str(column.max_length))
    return ParsedValue(text, found)


def _code(cell: object, column: Column, unit: str | None) -> ParsedValue:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        number = exact(cell)
        if number is None:
            return NIL
        text = f"{number:f}"
        if abs(number) >= 10**15:
            return ParsedValue(text, (("code-number", ()),))
        if column.name.rpartition(".")[2] == "industry_code" and len(text) == 3 and text.isdigit():
            return ParsedValue("0" + text, (("code-padded", (("value", "0" + text),)),))
        return ParsedValue(text)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", clean_text(cell_text(cell)))).strip("'`")
    return _fitting(text, column, ())


def _words(cell: object, column: Column, unit: str | None) -> ParsedValue:
    text = cell_text(cell)
    parts = (clean_text(part).strip(" 。.;；") for part in _WORD_BREAKS.split(text))
    words = tuple(dict.fromkeys(part for part in parts if part and not is_nil(part)))
    return ParsedValue(words or None)


def _flat(text: object) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", cell_text(text))).casefold()


@lru_cache(maxsize=512)
def _choice_words(choices: tuple[Choice, ...]) -> dict[str, str]:
    known: dict[str, str] = {}
    for choice in choices:
        for word in (choice.value, choice.zh, choice.en, *choice.aliases):
            known.setdefault(_flat(word), choice.value)
    return known


def _choice(cell: object, column: Column, unit: str | None) -> ParsedValue:
    known = _choice_words(column.choices)
    text = _flat(cell)
    for word in (text, re.sub(r"^\d+[.、:]", "", text), text.strip("()"), text.removesuffix("企业"), text + "企业"):
        if word in known:
            return ParsedValue(known[word])
    if is_nil(cell):
        return NIL
    return _error("not-a-choice", allowed="、".join(c.zh for c in column.choices))


def _flag(cell: object, column: Column, unit: str | None) -> ParsedValue:
    if isinstance(cell, bool):
        return ParsedValue(cell)
    text = _flat(cell)
    if text in _YES or text in {_flat(column.zh), _flat(column.zh.removeprefix("是否"))}:
        return ParsedValue(True)
    if text in _NO:
        return ParsedValue(False)
    return NIL if is_nil(cell) else _error("bad-flag")


_READERS: dict[str, Callable[[object, Column, str | None], ParsedValue]] = {
    "name": _name, "reference": _name, "text": _text, "long_text": _text, "words": _words, "uscc": _uscc, "code": _code,
    "money": _number, "number": _number, "integer": _number, "share": _number, "choice": _choice, "flag": _flag,
}
