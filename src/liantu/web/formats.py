"""How values are shown: numbers with separators, shares as percent, choices as words, and links to passports."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import quote

from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liantu.kernel.columns import Column
from liantu.kernel.passport import passport_id
from liantu.web.context import language, say

EMPTY = "—"
WITHHELD = "※"
UNITS_EN = {"万元": "10k yuan", "亿元": "100m yuan", "家": "firms", "家次": "places", "个": "", "人": "persons", "亩": "mu", "分": "points", "位": "", "号": "", "条": "", "公里": "km", "倍": "×", "吨标煤": "tce",
            "万元/亩": "10k yuan/mu", "人/亿元": "persons per 100m yuan", "吨标煤/万元": "tce per 10k yuan"}
TONES = {
    "status": {"strong": "strong", "fair": "fair", "weak": "weak", "at_risk": "at_risk", "missing": "missing"},
    "grade": {"confirmed": "green", "likely": "blue", "to_verify": "amber"},
    "role": {"master": "amber", "deputy": "amber", "backbone": "blue", "supplier": "grey", "nurtured": "grey"},
    "action": {"fill": "red", "strengthen": "amber", "back_up": "violet"},
    "lamp": {"green": "green", "yellow": "amber", "red": "red", "blue": "blue", "orange": "amber", "none": "grey"},
    "verification": {"verified": "green", "to_verify": "amber"},
    "size_class": {"large": "blue", "medium": "blue", "small": "grey", "micro": "grey"},
    "state": {"active": "green", "stopped": "amber", "closed": "grey", "moved": "grey"},
}


def words(declared: Any) -> str:
    """The words of anything declared with ``zh`` and ``en``."""
    return (declared.en or declared.zh) if language() == "en" else (declared.zh or declared.en)


def unit(column: Column) -> str:
    """The unit as words; a share has per cent; ranks and ids have none."""
    if column.kind == "share":
        return "%"
    if not column.unit or column.unit in ("1", "号", "位"):
        return ""
    return UNITS_EN.get(column.unit, column.unit) if language() == "en" else column.unit


def heading(column: Column) -> str:
    """A column's heading with its unit: 工业总产值（万元）."""
    suffix = unit(column)
    if not suffix:
        return words(column)
    return f"{words(column)} ({suffix})" if language() == "en" else f"{words(column)}（{suffix}）"


def head(column: Column) -> SafeString:
    """A column's heading that may break before its unit, and nowhere else."""
    text, suffix = words(column), unit(column)
    if not suffix:
        return format_html("{}", text)
    return format_html('{} <span class="nowrap">({})</span>' if language() == "en" else "{}<wbr>（{}）", text, suffix)


def amount(value: Any, decimals: int = 1) -> str:
    """A number with thousands separators; whole numbers stay whole."""
    if value is None:
        return EMPTY
    if isinstance(value, int) or value == 0:
        return f"{int(value):,}"
    return f"{value:,.{decimals}f}"


def share(value: Any, decimals: int = 1) -> str:
    """A share between 0 and 1 as per cent."""
    return EMPTY if value is None else f"{value * 100:.{decimals}f}%"


def choice_words(column: Column, value: Any) -> str:
    """The words of a stored choice; an unknown value is shown as it is."""
    for option in column.choices:
        if option.value == value:
            return words(option)
    return str(value)


def shown(value: Any, column: Column | None = None) -> str:
    """A value as text for a person. Units stand in headings, so they are not repeated; a share shows its sign."""
    if value is None or value == "":
        return EMPTY
    if value == WITHHELD:
        return WITHHELD
    if column is None:
        return shown_plain(value)
    if column.kind == "share":
        return share(value)
    if column.kind in ("money", "number"):
        return trimmed(value)
    if column.kind == "integer":
        return str(value) if column.unit == "号" else f"{int(value):,}"
    if column.kind == "year":
        return str(value)
    if column.kind == "choice":
        return choice_words(column, value)
    return shown_plain(value)


def trimmed(value: Any) -> str:
    """A quantity: one decimal from 100 up, two below, without trailing zeros of records."""
    number = float(value)
    if number == 0 or abs(number) >= 1_000_000:
        return f"{number:,.0f}"
    return f"{number:,.1f}" if abs(number) >= 100 else f"{number:,.2f}"


def shown_plain(value: Any) -> str:
    """A value whose column is not known."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return say("是", "Yes") if value else say("否", "No")
    if isinstance(value, (Decimal, float)):
        return trimmed(value)
    if isinstance(value, datetime):
        return when(value)
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def when(moment: Any) -> str:
    """A moment in local time, to the minute; ISO text is accepted."""
    if not moment:
        return EMPTY
    if isinstance(moment, str):
        try:
            moment = datetime.fromisoformat(moment)
        except ValueError:
            return moment
    if timezone.is_aware(moment):
        moment = timezone.localtime(moment)
    return moment.strftime("%Y-%m-%d %H:%M")


def day(moment: Any) -> str:
    """A moment without its year, for narrow columns: 11-24 03:47."""
    return when(moment)[5:] or EMPTY


def tone(value: Any, column: Column | str) -> str:
    """The colour word of a tag for a choice value; empty when the column is not shown as tags."""
    name = column if isinstance(column, str) else column.name
    tones = TONES.get(name)
    return tones.get(str(value), "grey") if tones is not None else ""


def in_yi(value: Any) -> str:
    """万元 as 亿元 with two decimals, for large totals."""
    return EMPTY if value is None else f"{float(value) / 10_000:,.2f}"


@lru_cache(maxsize=1)
def _why_prefix() -> str | None:
    """The address of ``why`` with words to replace; building it once keeps large tables fast."""
    try:
        return reverse("why", args=("OUTPUT", "KEY", "COLUMN"))
    except NoReverseMatch:
        return None


def why_url(output: str, key: str, column: str, edition: Any) -> str | None:
    """The address of a figure's passport; None while nobody serves it."""
    pattern = _why_prefix()
    if pattern is None:
        return None
    number = getattr(edition, "number", edition)
    path = pattern.replace("OUTPUT", quote(output)).replace("KEY", quote(str(key), safe="")).replace("COLUMN", quote(column))
    return f"{path}?edition={quote(str(number))}"


def why_link(output: str, key: str, column: str, text: str, edition: Any) -> SafeString:
    """A figure as a link to its passport."""
    url = why_url(output, key, column, edition)
    if url is None or text in (EMPTY, WITHHELD):
        return format_html("{}", text)
    return format_html('<a class="why" href="{}" title="{}">{}</a>', url, say("这个数怎么来的", "Where this figure comes from"), text)


MARKS_EN = {"official": "official", "local": "local", "liantu_default": "liantu default"}


def mark(rule: Any) -> str:
    """Whether a rule is 官方, 本地 or liantu 默认."""
    return MARKS_EN.get(rule.basis, rule.basis) if language() == "en" else rule.mark


def choice_of(value: Any, kind: str) -> str:
    """The words of a value of one of the well-known choices: ``state``, ``size``, ``grade``, ``role``."""
    from liantu.chains.choices import GRADES, ROLES
    from liantu.enterprises.choices import SIZES, STATES

    for option in {"state": STATES, "size": SIZES, "grade": GRADES, "role": ROLES}[kind]:
        if option.value == value:
            return words(option).removesuffix(" by a person")
    return shown_plain(value)


def passport_link(output: str, key: str, edition: Any) -> SafeString:
    """The passport number of an output row, as a link where passports are served."""
    number = passport_id(output, str(key), str(getattr(edition, "number", edition)))
    url = why_url(output, str(key), "-", edition)
    if url is None:
        return format_html('<span class="code">{}</span>', number)
    return format_html('<a class="code" href="{}">{}</a>', url, number)
