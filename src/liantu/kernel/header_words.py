"""What a header says: its plain form, the period it carries, and the column whose words it matches."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from rapidfuzz import fuzz

from liantu.kernel.columns import Column, Table
from liantu.kernel.units import parse_units

How = Literal["remembered", "alias", "alias_fuzzy", "content", "context", "none"]
FUZZY_FROM = 88

_SPACE = re.compile(r"[\s\u200b-\u200f\ufeff]+")
_LEAD = re.compile(r"^(?:[*★☆※●▲#]+|其中[:：]?|\(?[一二三四五六七八九十]{1,2}\)?[、.]|\(?\d{1,2}\)?[、.)](?!\d))+")
_RANGE = re.compile(r"(?:0?1(?:月)?[-~—–至到])(\d{1,2})月份?(?:累计)?|1-本月(?:累计)?|本年累计|累计至本月|年初至本月(?:累计)?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?:年度|年|(?!\d))")
_MONTH = re.compile(r"(?<!\d)(\d{1,2})月(?:份)?")
_BRACKET = re.compile(r"\(([^()]*)\)")
_NOT_THE_SAME = ("同比", "环比", "增长", "增速", "增幅", "增减", "上年", "去年", "同期", "上月", "排名", "位次", "占比", "比重",
                 "完成率", "目标", "计划", "预计", "预期", "±")
_PLAIN_LEAF = frozenset(["", "本月", "当月", "本期", "当期", "本年", "当年", "本季", "期末", "年末", "月末", "实际", "实绩", "金额", "数值", "数", "本月数", "本期数",
                         "绝对值", "绝对数", "总量", "完成数", "实际完成", "全年", "n月", "n年", "名称"])
_CUMULATIVE = frozenset(["累计", "本年累计", "累计数", "年累计", "累计值", "累计完成"])
_QUALIFIER_HEAD = re.compile(r"^(?:本年度?|当年|全年|本期|当期|上一年度|年度|单位|企业|期末|年末|月末|实际|完成|规上|规模以上|工业|全部|所属|所在|该|主要)")
_QUALIFIER_TAIL = re.compile(r"(?:情况|信息|数据|数额|总额|总数|合计|总计|名称|证号?|号|\*)$")
SERIAL = frozenset(["序号", "编号", "no", "no.", "№", "序", "行号", "顺序号", "排序", "id"])


def plain(text: object) -> str:
    """Half-width, lower case, without spaces."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", str(text).replace("㎡", "m2"))).casefold()


@lru_cache(maxsize=8192)
def normal_header(text: str) -> str:
    """The key under which a header is remembered: without spaces, numbering, units, years and months.

    ``2025年3月营业收入（万元）`` is ``营业收入``; ``1-3月产值`` is ``累计产值``; a bare ``3月`` is ``n月``.
    """
    word = _LEAD.sub("", plain(str(text).replace("\n", "")))
    word = _BRACKET.sub(lambda m: "" if parse_units(f"({m.group(1)})") or m.group(1) in ("", "-", "必填", "选填") else m.group(0), word)
    word = re.sub(r"(?:计量)?单位[:：]\S*$", "", word)
    word = re.sub(r"[±+\-/]*[%‰]$", "", word)
    had_period = (bool(_MONTH.search(word)), bool(_YEAR.search(word)))
    word = re.sub(r"(?:累计){2,}", "累计", _RANGE.sub("累计", word))
    word = _MONTH.sub("", _YEAR.sub("", word))
    tail = re.search(r"[,、:_/-]([^,、:_/-]{1,8})$", word)
    if tail and parse_units(f"({tail.group(1)})"):
        word = word[: tail.start()]
    word = word.strip(":：,，;；、.。-—_/±*★ ")
    word = re.sub(r"^\((.*)\)$", r"\1", word) if word.count("(") == 1 else word
    if not word:
        return "n月" if had_period[0] else "n年" if had_period[1] else ""
    return word


@lru_cache(maxsize=8192)
def loose(word: str) -> str:
    """A normal header without brackets and punctuation: the second chance of an exact match."""
    return re.sub(r"[、,，/\\_\-:：·.。*;；()]+", "", _BRACKET.sub("", word)) or re.sub(r"[()]", "", word)


def header_period(text: str, year: str | None = None) -> str | None:
    """The period in a header: ``2025-03``, ``2025``, or ``03`` when the year is not known; None without one."""
    word = plain(text)
    years = _YEAR.search(word)
    told = years.group(1) if years else None
    span = re.search(r"0?1(?:月)?[-~—–至到](\d{1,2})月", word)
    month = span or _MONTH.search(word)
    if month and 1 <= int(month.group(1)) <= 12 and not re.match(r"\d{1,2}日", word[month.end():]):
        number = f"{int(month.group(1)):02d}"
        known = told or year
        return f"{known}-{number}" if known else number
    return told


@dataclass(frozen=True)
class Match:
    """One possible meaning of a header."""

    column: str
    confidence: float
    how: How
    why: str


@dataclass
class Words:
    """All the words of one table's columns."""

    exact: dict[str, list[str]] = field(default_factory=dict)
    near: dict[str, list[str]] = field(default_factory=dict)


@lru_cache(maxsize=256)
def words_of(table: Table) -> Words:
    """The table's words, own columns before companions'."""
    words = Words()
    for column in sorted(table.columns, key=lambda c: ("." in c.name, )):
        for label in (column.zh, *column.aliases, column.en, column.name):
            word = normal_header(label)
            if word and word not in ("n月", "n年"):
                _add(words.exact, word, column.name)
                _add(words.near, loose(word), column.name)
    return words


def _add(index: dict[str, list[str]], word: str, column: str) -> None:
    have = index.setdefault(word, [])
    if column not in have:
        have.append(column)


def sayings(parts: Sequence[str]) -> Iterator[tuple[str, float]]:
    """The plain forms that a header of one or more rows may be read as, with how sure each reading is."""
    whole = normal_header("".join(parts))
    yield whole, 1.0
    if len(parts) < 2:
        return
    leaf, top = normal_header(parts[-1]), normal_header(parts[0])
    middle = normal_header(parts[-2])
    if leaf in _CUMULATIVE:
        yield middle + "累计", 0.97
        yield "累计" + middle, 0.97
    if leaf in _PLAIN_LEAF:
        for rest in dict.fromkeys([normal_header("".join(parts[:-1])), middle, top]):
            yield rest, 0.93 if leaf in ("本月", "当月", "本期", "当期", "n月", "n年") else 0.9
    elif not _contrast(leaf, ""):
        yield leaf + middle, 0.92
        yield leaf, 0.88
        yield middle + leaf, 0.88


def _contrast(header: str, label: str) -> bool:
    """Whether one of the two speaks of growth, last year, a plan … and the other does not."""
    return any((word in header) != (word in label) for word in _NOT_THE_SAME)


def matches(parts: Sequence[str], table: Table, *, fuzzy: bool = True) -> list[Match]:
    """Possible columns of a header, best first."""
    words = words_of(table)
    found: dict[str, Match] = {}
    for saying, sure in sayings(parts):
        if not saying or saying in ("n月", "n年"):
            continue
        for column, confidence, how, why in _look_up(saying, words, fuzzy):
            rank = confidence * sure - (0.02 if "." in column else 0)
            if column not in found or found[column].confidence < rank:
                found[column] = Match(column, rank, how, why)
    return sorted(found.values(), key=lambda m: -m.confidence)


def _look_up(word: str, words: Words, fuzzy: bool) -> Iterator[tuple[str, float, How, str]]:
    if word in words.exact:
        for column in words.exact[word]:
            yield column, 1.0, "alias", "表头与列名相同"
        return
    near = loose(word)
    if near in words.near:
        for column in words.near[near]:
            yield column, 0.96, "alias", "去掉括号与标点后与列名相同"
        return
    head, tail = _QUALIFIER_HEAD.sub("", near), _QUALIFIER_TAIL.sub("", near)
    for bare in (tail, head, _QUALIFIER_TAIL.sub("", head), _QUALIFIER_HEAD.sub("", head)):
        if bare != near and len(bare) >= 2 and bare in words.near:
            for column in words.near[bare]:
                yield column, 0.86, "alias", f"去掉修饰语后即「{bare}」"
            return
    if fuzzy and len(near) >= 3:
        yield from _similar(near, words)


def _similar(near: str, words: Words) -> Iterator[tuple[str, float, How, str]]:
    for label, columns in words.near.items():
        if abs(len(label) - len(near)) > 4 or _contrast(near, label) or ("累计" in near) != ("累计" in label):
            continue
        score = fuzz.ratio(near, label)
        if score >= FUZZY_FROM:
            for column in columns:
                yield column, score / 100 * 0.85, "alias_fuzzy", f"与「{label}」有 {score:.0f}% 相同"


def measures(table: Table) -> list[Column]:
    """The columns that hold figures."""
    return [c for c in table.columns if c.numeric]


def measure_in(text: str, table: Table) -> Column | None:
    """The figure column whose longest word stands in a title; None when none or two equally long ones do."""
    title, length = loose(plain(text)), 1
    best: list[Column] = []
    for column in measures(table):
        for label in (column.zh, *column.aliases):
            word = loose(normal_header(label))
            if len(word) < length or word not in title:
                continue
            if len(word) > length:
                best, length = [], len(word)
            if column not in best:
                best.append(column)
    own = [c for c in best if "." not in c.name] or best
    return own[0] if len(own) == 1 else None
