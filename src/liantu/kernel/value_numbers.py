"""Numbers as clerks write them: 3.2亿, 约2000万, １,２００, (123.4), 12.5%."""

from __future__ import annotations

import math
import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from liantu.kernel.units import measure

_APPROXIMATE_HEAD = re.compile(r"^(?:大约|大概|约为|约|近|超过|超|逾|不足|不到|接近|预计|估计|预估|≈|~|>=|<=|>|<|≥|≤)+")
_APPROXIMATE_TAIL = re.compile(r"(?:左右|上下|以上|以下|余|多|\+)$|[(](?:预计|估计|估|约|预估|暂估|估算)[)]$")
_CURRENCY = re.compile(r"^(?:人民币|RMB|CNY|¥|￥)|(?:人民币)$", re.I)
_FOREIGN = re.compile(r"美元|美金|欧元|日元|港元|港币|英镑|韩元|新台币|台币|USD|EUR|HKD|JPY|GBP|\$|€|£", re.I)
_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d{1,4}(?:,\d{4})+|\d+)(?:\.\d+)?|\.\d+"
_PLAIN = re.compile(rf"^([+-]?)(?:{_NUMBER})$")
_POWER = re.compile(r"^[+-]?\d+(?:\.\d+)?[eE][+-]?\d{1,2}$")
_WORDED = re.compile(rf"^([+-]?)({_NUMBER})(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)?([余多])?(.*)$")
_COMPOSITE = re.compile(rf"^([+-]?)({_NUMBER})亿({_NUMBER})(千万|百万|万)(.*)$")
_TIMES = {"": 1, "百": 100, "千": 1000, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8, "十亿": 10**9,
          "百亿": 10**10, "千亿": 10**11, "万亿": 10**12}
_LIMIT = Decimal("1e20")
_DASHES = str.maketrans({"−": "-", "–": "-", "—": "-", "﹣": "-", "‐": "-", "﹢": "+"})


@dataclass(frozen=True)
class Amount:
    """A number read from a cell: its value, the unit that the cell itself tells (None: none), and what was odd."""

    value: Decimal | None
    unit: str | None = None
    times: bool = False
    codes: tuple[str, ...] = ()


BAD = Amount(None, codes=("bad-number",))


def exact(number: float | int) -> Decimal | None:
    """The decimal that a spreadsheet shows for a stored double (15 digits); None when not finite."""
    if isinstance(number, int):
        return Decimal(number)
    return Decimal(format(number, ".15g")) if math.isfinite(number) else None


def read_amount(cell: object) -> Amount:
    """Read a number with its own multiplier and unit. Never raises; ``codes`` says why there is no value."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        value = exact(cell)
        return Amount(value) if value is not None and abs(value) < _LIMIT else BAD
    if not isinstance(cell, str):
        return BAD
    text = unicodedata.normalize("NFKC", cell.replace("㎡", "m2").translate(_DASHES)).strip().strip("'‘’`")
    text = re.sub(r"(?<=\d)\s+(?=\d{3}(?:\D|$))", "", text)
    if re.search(r"\d\s+\d", text):
        return BAD
    text = re.sub(r"\s+", "", text)
    if _PLAIN.match(text):
        return _decimal(text)
    if _POWER.match(text):
        return _decimal(text)
    return _written(text)


def _written(text: str) -> Amount:
    if _FOREIGN.search(text):
        return Amount(None, codes=("foreign-currency",))
    approximate = False
    negative = bool(re.match(r"^\((?:[\d,.]+)\)(?:[%‰]|[万亿千百]?元?)?$", text)) or bool(re.match(r"^\([\d,.]+[%‰万亿元千百]*\)$", text))
    if negative:
        text = "-" + text.replace("(", "").replace(")", "")
    for _ in range(3):
        shorter = _CURRENCY.sub("", _APPROXIMATE_TAIL.sub("", _APPROXIMATE_HEAD.sub("", text)))
        approximate |= bool(_APPROXIMATE_HEAD.search(text) or _APPROXIMATE_TAIL.search(text))
        if shorter == text:
            break
        text = shorter
    amount = _composite(text) or _worded(text)
    if approximate and amount.value is not None and "approximate" not in amount.codes:
        return Amount(amount.value, amount.unit, amount.times, (*amount.codes, "approximate"))
    return amount


def _composite(text: str) -> Amount | None:
    """3亿2000万 is one number."""
    found = _COMPOSITE.match(text)
    if not found or not _unit_ok(found.group(5)):
        return None
    high, low = _decimal(found.group(2)).value, _decimal(found.group(3)).value
    if high is None or low is None:
        return None
    value = high * 10**8 + low * _TIMES[found.group(4)]
    return Amount(-value if found.group(1) == "-" else value, found.group(5) or None, True)


def _worded(text: str) -> Amount:
    found = _WORDED.match(text)
    if not found:
        return BAD
    sign, digits, times, more, rest = found.groups()
    number = _decimal(sign + digits).value
    if number is None or not _unit_ok(rest):
        whole = (times or "") + rest
        if number is not None and not more and whole and measure(whole):
            return Amount(number, whole)
        return BAD
    return Amount(number * _TIMES[times or ""], rest or None, bool(times), ("approximate",) if more else ())


def _unit_ok(rest: str) -> bool:
    return not rest or measure(rest) is not None


def _decimal(text: str) -> Amount:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return BAD
    return Amount(value) if abs(value) < _LIMIT else BAD
