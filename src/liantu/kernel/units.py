"""Units as they stand on sheets, turned into the units in which values are stored; and the one division."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from liantu.kernel.columns import Column

# dimension, size in the dimension's own base. 1 亩 = 2000/3 m², so areas are kept in thirds of a square metre.
_PLAIN: dict[str, tuple[str, Decimal]] = {}


def _declare(dimension: str, table: dict[str, str]) -> None:
    for words, size in table.items():
        for word in words.split():
            _PLAIN[word.casefold()] = (dimension, Decimal(size))


_declare("money", {"元 人民币元 rmb cny": "0.0001", "百元": "0.01", "千元": "0.1", "万元 万": "1", "十万元": "10",
                   "百万元": "100", "千万元": "1000", "亿元 亿": "10000"})
_declare("area", {"m2 m² 平方米 平米 ㎡ 平方": "3", "亩 mu": "2000", "公顷 ha hm2": "30000",
                  "平方公里 平方千米 km2 km²": "3000000"})
_declare("power", {"度 千瓦时 kwh kw·h kw.h": "1", "兆瓦时 mwh": "1000"})
_declare("coal", {"吨标煤 吨标准煤 tce 吨标煤当量 吨标煤(tce)": "1", "千克标准煤 公斤标准煤 千克标煤 kgce": "0.001"})
_declare("mass", {"吨 t": "1", "千克 公斤 kg": "0.001", "克 g": "0.000001"})
_declare("volume", {"立方米 m3 m³ 方 立方": "1", "升 l": "0.001"})
_declare("capacity", {"千伏安 kva": "1", "兆伏安 mva": "1000"})
_declare("load", {"千瓦 kw": "1", "兆瓦 mw": "1000"})
_declare("length", {"米 m": "1", "公里 千米 km": "1000"})
_declare("share", {"1": "1", "% pct 百分比 个百分点 百分点": "0.01", "‰": "0.001"})
_declare("days", {"天 日": "1"})
_declare("months", {"个月 月": "1"})
_declare("years", {"年": "1"})
_declare("count", {"人 名 人次 户 家 个 台 套 件 辆 项 条 次 台套 台(套) 台/套 艘 只 块 箱 瓶 支 株 头": "1"})

_TIMES = {"万": Decimal(10_000), "亿": Decimal(100_000_000), "千": Decimal(1_000), "百": Decimal(100), "十": Decimal(10),
          "百万": Decimal(1_000_000), "千万": Decimal(10_000_000)}
_SPLIT = re.compile(r"[、,，;；及和]")
_CORNER = re.compile(r"(?:计量|金额)?单\s*位\s*(?:为)?\s*[::]\s*([^\s()]+(?:\s*[、,，]\s*[^\s()]+)*)")
_BRACKETS = re.compile(r"[(\[【〔<《]([^()\[\]【】〔〕<>《》]{1,16})[)\]】〕>》]")
_TAIL = re.compile(r"(?<=[\u4e00-\u9fff])[,、:_\-/ ]+([^\s,、:_]{1,8})$")
_PERCENT_TAIL = re.compile(r"(?:±|\+/-)?\s*([%‰])\s*$")


def _clean(text: str) -> str:
    """Full-width to half-width without losing ² and ㎡ behind NFKC."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text.replace("㎡", "m2").replace("‰", "‰"))).casefold()


@lru_cache(maxsize=4096)
def measure(unit: str) -> tuple[str, Decimal] | None:
    """Dimension and size of a unit, or None when the words are not a unit. ``万元/亩`` gives ``money/area``."""
    word = _clean(unit).replace("m²", "m2").replace("km²", "km2").removeprefix("人民币")
    if word in _PLAIN:
        return _PLAIN[word]
    for times in ("百万", "千万", "万", "亿", "千", "百", "十"):
        rest = word.removeprefix(times)
        if rest != word and rest in _PLAIN and _PLAIN[rest][0] not in ("share", "years", "days", "months"):
            dimension, size = _PLAIN[rest]
            return dimension, size * _TIMES[times]
    if word.count("/") == 1:
        above, below = (measure(part) for part in word.split("/"))
        if above and below:
            return f"{above[0]}/{below[0]}", above[1] / below[1]
    return None


def compatible(unit: str | None, column: Column) -> bool:
    """Whether a figure in ``unit`` can be turned into the column's stored unit."""
    ours, theirs = stored_measure(column), measure(unit) if unit else None
    return theirs is not None and ours is not None and theirs[0] == ours[0]


def stored_measure(column: Column) -> tuple[str, Decimal] | None:
    """Dimension and size of the unit in which a column is stored (money: 万元, share: 1)."""
    if column.kind == "money":
        return measure("万元")
    if column.kind == "share":
        return measure("1")
    return measure(column.unit) if column.unit else None


def to_stored(value: Decimal, unit: str | None, column: Column) -> Decimal:
    """``value`` in ``unit`` as a figure in the column's stored unit; unchanged when no unit is told.

    Raises ValueError when the two measure different things (吨 under a 万元 column).
    """
    if unit is None:
        return value
    theirs, ours = measure(unit), stored_measure(column)
    if ours is None and (theirs is None or theirs[1] == 1 or column.unit is None):
        return value
    if theirs is None or ours is None or theirs[0] != ours[0]:
        raise ValueError(f"单位「{unit}」不能换算为「{column.unit or column.zh}」")
    if theirs[1] == ours[1]:
        return value
    return tidy(value * theirs[1] / ours[1])


def tidy(value: Decimal) -> Decimal:
    """The same number without trailing zeros and without an exponent; at most 12 decimals."""
    if not value:
        return Decimal(0)
    if abs(value) < Decimal("1e15"):
        value = round(value, 12) if -value.as_tuple().exponent > 12 else value  # type: ignore[operator]
    value = value.normalize()
    exponent = value.as_tuple().exponent
    return value.quantize(Decimal(1)) if isinstance(exponent, int) and 0 < exponent < 20 else value


def ratio(a: float | Decimal | None, b: float | Decimal | None) -> float | None:
    """``a / b``, or None when either is missing, not finite, or ``b`` is 0: never NaN, never infinite."""
    if a is None or b is None:
        return None
    above, below = float(a), float(b)
    if not (math.isfinite(above) and math.isfinite(below)) or below == 0:
        return None
    answer = above / below
    return answer if math.isfinite(answer) else None


def parse_unit(text: str) -> str | None:
    """The unit told by a header or a corner cell: 单位：千元, (万元), 产值（亿元）, 同比±%; the first when several."""
    found = parse_units(text)
    return found[0] if found else None


def parse_units(text: str) -> list[str]:
    """All units told by a header or corner cell, in order (单位：万元、人)."""
    plain = unicodedata.normalize("NFKC", str(text).replace("㎡", "m2")).strip()
    if not plain:
        return []
    for found in _CORNER.finditer(plain):
        units = [part for part in _SPLIT.split(found.group(1)) if part and measure(part)]
        if units:
            return units
    for inside in reversed(_BRACKETS.findall(plain)):
        inside = re.sub(r"^(?:计量)?单位:?", "", inside.strip())
        units = [part.strip("±+-:") for part in _SPLIT.split(inside) if part and measure(part.strip("±+-:"))]
        if units and measure(units[0]) != ("years", Decimal(1)):
            return units
    percent = _PERCENT_TAIL.search(plain)
    if percent:
        return [percent.group(1)]
    tail = _TAIL.search(plain)
    if tail and measure(tail.group(1)) and measure(tail.group(1)) not in (measure("年"), measure("月"), measure("日")):
        return [tail.group(1)]
    if re.search(r"(?:[万亿千百]元|平方米|m2|吨标准?煤|千瓦时)$", plain):
        return [re.search(r"(?:(?:[十百千]?万|亿|千|百)元|万?平方米|m2|万?吨标准?煤|万?千瓦时)$", plain).group(0)]  # type: ignore[union-attr]
    return [plain] if measure(plain) and len(plain) <= 6 and not plain.isdigit() and plain not in "年月日" else []
