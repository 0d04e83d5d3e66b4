"""Days, months and years as clerks write them: 2025.3, 2025年3月, 20250301, 45717 (a spreadsheet's day number)."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, timedelta

_EPOCH = date(1899, 12, 30)
_FIRST, _LAST = 1850, 2100
_SEPARATED = re.compile(r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*(?:[-/.月]\s*(\d{1,2})\s*日?|月份?)?(?:[ T]\s*\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?$")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})?$")
_YEAR = re.compile(r"^(\d{4})\s*(?:年度?|财年)?$")
_SHORT = re.compile(r"^(\d{2})年(\d{1,2})月(?:份|(\d{1,2})日)?$")
_RANGE = re.compile(r"^(?:(\d{4})\s*[年.\-/]\s*)?0?1\s*(?:月)?\s*[-~—–至到]\s*(\d{1,2})\s*月份?(?:累计)?$")
_MONTH = re.compile(r"^0?(\d{1,2})\s*月份?$")
_CHINESE = str.maketrans("〇零○一二三四五六七八九", "000123456789")

Parts = tuple[int, int | None, int | None]


def day_of_serial(number: float) -> date | None:
    """The day of a spreadsheet day number (1900 system) between 1927 and 2119; else None."""
    return _EPOCH + timedelta(days=int(number)) if 10_000 <= number <= 80_000 else None


def _plain(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).replace("—", "-").replace("–", "-").strip().strip("'‘’`")
    if re.match(r"^[〇零○一二三四五六七八九]{4}年", plain):
        plain = plain[:4].translate(_CHINESE) + plain[4:]
    return plain


def _valid(year: int, month: int | None, day: int | None) -> Parts | None:
    if not _FIRST <= year <= _LAST or (month is not None and not 1 <= month <= 12):
        return None
    if day is not None:
        try:
            date(year, month or 1, day)
        except ValueError:
            return None
    return year, month, day


def read_parts(cell: object) -> Parts | None:
    """Year, month and day as far as the cell tells them; None when it is no date."""
    if isinstance(cell, (datetime, date)):
        return _valid(cell.year, cell.month, cell.day)
    if isinstance(cell, bool):
        return None
    if isinstance(cell, (int, float)):
        return _number_parts(cell)
    text = _plain(str(cell))
    for pattern in (_SEPARATED, _COMPACT, _SHORT):
        found = pattern.match(text)
        if found:
            year, month, day = (int(g) if g else None for g in found.groups())
            return _valid((year or 0) + (2000 if pattern is _SHORT else 0), month, day)
    found = _YEAR.match(text)
    if found:
        return _valid(int(found.group(1)), None, None)
    return _number_parts(float(text)) if re.fullmatch(r"\d{5}(?:\.\d+)?", text) else None


def _number_parts(number: float) -> Parts | None:
    if not abs(number) <= 1e9:
        return None
    if number == int(number):
        digits = str(int(number))
        if _COMPACT.match(digits):
            return _valid(int(digits[:4]), int(digits[4:6]), int(digits[6:]) if len(digits) == 8 else None)
        if len(digits) == 4:
            return _valid(int(digits), None, None)
    elif _FIRST <= number <= _LAST + 1:
        year, _, month = format(number, ".15g").partition(".")
        return _valid(int(year), int(month), None) if len(month) <= 2 else None
    day = day_of_serial(number)
    return (day.year, day.month, day.day) if day else None


def read_date(cell: object) -> tuple[date | None, tuple[str, ...]]:
    """A day; a month or year alone becomes its first day with the code ``date-incomplete``."""
    parts = read_parts(cell)
    if parts is None:
        return None, ("bad-date",)
    year, month, day = parts
    return date(year, month or 1, day or 1), () if day else ("date-incomplete",)


def read_month(cell: object, year: int | None = None) -> tuple[str | None, tuple[str, ...]]:
    """A month as ``YYYY-MM``; ``year`` is the sheet's, for cells such as ``3月``. 1–3月 is the third month, cumulative."""
    if isinstance(cell, str):
        text = _plain(cell)
        found = _RANGE.match(text)
        if found:
            told = int(found.group(1)) if found.group(1) else year
            return _month(told, int(found.group(2)), ("cumulative-period",))
        found = _MONTH.match(text)
        if found:
            return _month(year, int(found.group(1)), ())
        if text.isdigit() and len(text) <= 2:
            return _month(year, int(text), ())
    elif isinstance(cell, (int, float)) and not isinstance(cell, bool) and cell in range(1, 13):
        return _month(year, int(cell), ())
    parts = read_parts(cell)
    if parts is None or parts[1] is None:
        return None, ("bad-month",)
    doubtful = isinstance(cell, float) and parts[1] == 1 and cell != int(cell)
    return f"{parts[0]:04d}-{parts[1]:02d}", ("month-ambiguous",) if doubtful else ()


def _month(year: int | None, month: int, codes: tuple[str, ...]) -> tuple[str | None, tuple[str, ...]]:
    if not 1 <= month <= 12:
        return None, ("bad-month",)
    return (None, ("year-missing",)) if year is None else (f"{year:04d}-{month:02d}", codes)


def read_year(cell: object) -> tuple[int | None, tuple[str, ...]]:
    """A calendar year; the year of a full date too."""
    parts = read_parts(cell)
    if parts is None or (isinstance(cell, (int, float)) and parts[1] is not None and cell < 80_000):
        return None, ("bad-year",)
    return parts[0], ()
