"""What a project's words say for comparing it with another: brands of its parties, product, capacity, marks of a later phase.

>>> read_project("华铭年产5万吨磷酸铁锂二期项目", "", ("华铭新材料集团有限公司",), Regions()).brands
('华铭',)
>>> sorted(read_project("华铭年产5万吨磷酸铁锂二期项目", "", (), Regions()).capacities)
[(50000.0, '吨')]
>>> read_project("华铭年产5万吨磷酸铁锂二期项目", "", (), Regions()).later
('二期',)
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

from liantu.methods.firm_names import Regions, read_name, simplified, sound

_TIMES = {"": 1.0, "十": 10.0, "百": 100.0, "千": 1e3, "万": 1e4, "亿": 1e8, "k": 1e3, "m": 1e6}
_CAPACITY = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*([十百千万亿]?)\s*(平方米|千瓦时|千瓦|gwh|mwh|人份|吨|套|台|件|只|片|支|辆|粒|升|米|个|枚|瓶)")
_MADE = re.compile(r"(?:年产|日产|年加工|年处理|形成|产能|产量)(?:年产)?\s*[^，。；,;\d]{0,4}")
_LATER = (("二期", r"二期|第二期|2期"), ("三期", r"三期|第三期|3期"), ("四期", r"四期|第四期|4期"), ("增资", r"增资|追加投资"), ("扩建", r"扩建|扩能|扩产|增产"), ("技改", r"技改|技术改造|智能化改造|设备更新"))
_FILL = re.compile(r"项目|建设|生产线?|基地|工程|产业园|制造|年产|日产|年加工|年处理|形成|能力|新增|用地|亩|厂房|及配套|配套|设施|总部|一期|二期|三期|四期|扩建|技术改造|技改|增资|智能化改造|实施|对现有|扩能|设备|台（套）|台套|平方米|拟|计划|投资|万元|亿元"
                   r"|加工|示范|中心|服务|研发|园")
_NUMBER = re.compile(r"[\d.,]+\s*[十百千万亿]?")
_NOT_WORD = re.compile(r"[^0-9a-z\u3400-\u9fff]+")
_LATIN = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True)
class ProjectWords:
    """``product`` is the name without brands and common words; ``content`` likewise of the content; ``capacities`` are (amount in units, unit)."""

    brands: tuple[str, ...]
    named: str
    product: str
    content: str
    capacities: frozenset[tuple[float, str]]
    later: tuple[str, ...]
    latin: tuple[str, ...]


@lru_cache(maxsize=100_000)
def pinyin_of(text: str) -> str:
    """Syllables without tones, run together: 华铭 is ``huaming``."""
    return "".join(lazy_pinyin(text, style=Style.NORMAL, errors="ignore"))


@lru_cache(maxsize=100_000)
def initials_of(text: str) -> str:
    """First letters: 华铭 is ``hm``."""
    return "".join(lazy_pinyin(text, style=Style.FIRST_LETTER, errors="ignore"))


def brand_of(party: str, regions: Regions) -> str:
    """The first two characters of the 字号; "" for names in Latin letters and too short ones."""
    core = read_name(party, regions).core
    core = re.sub(r"^[（(].*?[)）]", "", core)
    return core[:2] if len(core) >= 2 and all("\u3400" <= c <= "\u9fff" for c in core[:2]) else ""


def capacities(text: str, *, led: bool = False) -> frozenset[tuple[float, str]]:
    """Amounts with units, in single units: 5 万吨 and 50000 吨 are one. ``led``: only behind words such as 年产 (a content also counts machines and floors)."""
    plain = simplified(text)
    found = [m for lead in _MADE.finditer(plain) if (m := _CAPACITY.match(plain, lead.end()))] if led else _CAPACITY.finditer(plain)
    return frozenset((float(m.group(1)) * _TIMES[m.group(2)], m.group(3)) for m in found)


def _product(text: str, brands: Iterable[str]) -> str:
    plain = simplified(text)
    for brand in brands:
        plain = plain.replace(brand, "", 1)
    plain = _CAPACITY.sub("", plain)
    return _NOT_WORD.sub("", _NUMBER.sub("", _FILL.sub(" ", plain)))


def read_project(name: str, content: str, parties: Sequence[str], regions: Regions) -> ProjectWords:
    """The words of one project; ``parties`` are the investor and the firm that carries it out, where told."""
    brands = tuple(dict.fromkeys(b for p in parties if p and (b := brand_of(p, regions))))
    plain, whole = simplified(name), simplified(f"{name} {content}")
    latin = tuple(dict.fromkeys(w for p in (*parties, name) for w in _LATIN.findall(simplified(p or ""))[:1]))
    made = capacities(name) or capacities(content, led=True)
    return ProjectWords(brands, plain, _product(name, brands), _product(content, brands), made, tuple(word for word, pattern in _LATER if re.search(pattern, whole)), latin)


def latin_meets(latin: str, brand: str) -> bool:
    """Whether Latin letters write a brand: its pinyin, or (two or three letters) its initials."""
    spelt = pinyin_of(brand)
    return bool(spelt) and (latin.startswith(spelt) or (len(latin) <= 3 and latin.startswith(initials_of(brand))))


def sounds(brand: str) -> str:
    """A brand as it sounds, so that homophones meet."""
    return sound(brand)
