"""Parts of a firm's name: place, 字号 with trade, legal form, branch; and one key under which ways of writing are equal.

>>> regions = Regions([("350000", "福建省"), ("350100", "福州市"), ("350128", "平潭县")])
>>> name = read_name("福建省平潭縣龍翔房地產有限公司三明分公司", regions)
>>> name.regions, name.core, name.form, name.tail
(('35', '350128'), '龙翔房地产', '有限公司', '三明分公司')

Traditional characters become simplified ones (tables of the OpenCC project), so that 龍翔 and 龙翔 meet. The legal forms are
those of 公司法 and 企业名称登记管理规定 art. 6–9: 行政区划, 字号, 行业, 组织形式, in this order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from opencc import OpenCC
from pypinyin import Style, pinyin

FORMS = ("股份有限责任公司", "有限责任总公司", "有限责任公司", "股份有限公司", "集团有限公司", "集团股份公司", "股份公司", "有限公司", "总公司", "集团公司", "公司",
         "农民专业合作社", "专业合作社", "合作社", "普通合伙", "有限合伙", "集团")
BRANCH_WORDS = ("分公司", "分厂", "分店", "分行", "支行", "支局", "分局", "分社", "分院", "分校", "分所", "分部", "办事处", "代表处", "营业部", "营业厅", "营业所",
                "销售部", "经营部", "门市部", "服务部", "项目部", "经理部", "业务部", "事业部", "分理处", "储蓄所", "邮政所", "加油站", "代办站", "供应站", "代销店",
                "维修部", "采购部", "供应部", "研发部", "生产部", "仓库", "专卖店", "连锁店", "便利店", "门店", "车间", "工厂分部")
_NOTE = re.compile(r"[(（\[【〔{]\s*(?:原名?|曾用名|现名|更名|已更名|简称|别名|以下简称|注销|吊销|停业|停产|关停|搬迁|拟注销|已)[^)）\]】〕}]*[)）\]】〕}]?\s*$")
_TRAIL = re.compile(r"[\s、，,。.;；:：*＊#'\"‘’“”]+$")
_DROP = re.compile(r"[\s（）()\[\]【】〔〕{}<>《》·•・.,，。、;；:：\-—_'\"“”‘’&+/*#]+")
_BRACKETS = re.compile(r"[(（\[【〔]([^)）\]】〕]{1,12})[)）\]】〕]")
_HEAD = re.compile(r"(?:股份有限|有限责任|有限|股份|集团|总|分)?公司|合作社|集团(?!公司|有限|股份)|银行(?!卡|票)")
_LISTING = re.compile(r"^(?:[XDN]{1,2})?(?:S?\*?ST|S)(?=[\u3400-\u9fff])|^(?:XD|XR|DR|N|C)(?=[\u3400-\u9fff])|[-－][UWVD]+$|(?:[ABH]股|[ABH]|退)$", re.I)
_LEVELS = ("特别行政区", "自治区", "自治州", "自治县", "自治旗", "地区", "林区", "特区", "矿区", "省", "市", "县", "旗", "盟", "区")
_PEOPLES = re.compile("(?:各族|壮族|回族|维吾尔|满族|蒙古族|蒙古|藏族|苗族|彝族|布依族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族|哈萨克|傣族|黎族|傈僳族|佤族|畲族|拉祜族|水族"
                      "|东乡族|纳西族|景颇族|柯尔克孜|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯|阿昌族|普米族|朝鲜族|塔吉克|怒族|鄂温克族|独龙族"
                      "|保安族|裕固族)+$")
_MUNICIPALITIES = ("11", "12", "31", "50")
_ORDINAL = re.compile("[0-9一二三四五六七八九十百东西南北中甲乙丙丁]+")
_FIGURES = str.maketrans("〇零壹贰叁肆伍陆柒捌玖拾", "00一二三四五六七八九十")


class Name(NamedTuple):
    """``key`` is the whole name as compared; ``core`` stands before the legal form ``form``; ``tail`` names a branch or site."""

    key: str
    regions: tuple[str, ...]
    core: str
    form: str
    tail: str
    branch: bool

    @property
    def body(self) -> str:
        """What tells the firm apart: without place and legal form."""
        return self.core + self.tail


class Regions:
    """Words for places at the start of a name; ``rows`` are (GB/T 2260 code of six digits, name)."""

    def __init__(self, rows: Iterable[tuple[str, str]] = ()) -> None:
        self.codes: dict[str, tuple[str, ...]] = {}
        for code, name in rows:
            short = code[:2] if code.endswith("0000") else code[:4] if code.endswith("00") else code
            self._add(name, short)
            level = next((x for x in _LEVELS if name.endswith(x)), "")
            stem = _PEOPLES.sub("", name.removesuffix(level))
            if len(stem) >= 2 and level and (level not in ("区", "矿区", "林区") or len(short) == 4 or code[:2] in _MUNICIPALITIES):
                self._add(stem, short)
        lengths: dict[str, set[int]] = {}
        for word in self.codes:
            lengths.setdefault(word[:2], set()).add(len(word))
        self._lengths = {start: sorted(sizes, reverse=True) for start, sizes in lengths.items()}

    def _add(self, word: str, code: str) -> None:
        word = simplified(word)
        known = self.codes.get(word, ())
        if code not in known:
            self.codes[word] = (*known, code)

    def cut(self, text: str) -> tuple[tuple[str, ...], int]:
        """Codes of the places that ``text`` begins with, and how many characters they take; at least two are left."""
        found: list[str] = []
        at = 0
        for _ in range(3):
            for size in self._lengths.get(text[at:at + 2], ()):
                codes = self.codes.get(text[at:at + size])
                if codes and at + size + 2 <= len(text):
                    found += codes
                    at += size
                    break
            else:
                break
        return tuple(found), at


@cache
def _simple_table() -> dict[int, str]:
    convert = OpenCC("t2s").convert
    points = [*range(0x3400, 0x4DC0), *range(0x4E00, 0xA000), *range(0xF900, 0xFB00)]
    return {p: s for p in points if len(s := convert(chr(p))) == 1 and s != chr(p)}


def simplified(text: str) -> str:
    """Half-width, lower-case text in simplified characters."""
    return unicodedata.normalize("NFKC", text).translate(_simple_table()).casefold()


@cache
def _sound_table() -> dict[int, str]:
    """Each character to the first character of the same syllable without tone (first reading of pypinyin)."""
    first: dict[str, str] = {}
    table: dict[int, str] = {}
    for point in range(0x4E00, 0x9FA6):
        read = pinyin(chr(point), style=Style.NORMAL, errors="ignore")
        if read:
            table[point] = first.setdefault(read[0][0], chr(point))
    return table


def sound(text: str) -> str:
    """``text`` with every character replaced by one that stands for its syllable, so that homophones are equal."""
    return text.translate(_sound_table())


def without_note(text: str) -> str:
    """The name without a note behind it （原名…、已注销…） and without trailing punctuation."""
    plain = _TRAIL.sub("", text.strip())
    for _ in range(2):
        shorter = _TRAIL.sub("", _NOTE.sub("", plain))
        if len(shorter) < 2 or shorter == plain:
            break
        plain = shorter
    return plain


def read_name(text: str, regions: Regions) -> Name:
    """The parts of one name."""
    plain = without_note(simplified(text))
    inside: list[str] = []
    for word in _BRACKETS.findall(plain) if "(" in plain or "（" in plain or "[" in plain or "【" in plain else ():
        codes = regions.codes.get(_DROP.sub("", word))
        if codes:
            inside += codes
            plain = plain.replace(word, "", 1)
    key = _DROP.sub("", plain)
    places, at = regions.cut(key)
    rest = key[at:]
    head = _HEAD.search(rest, 1)
    tail = ""
    if head and head.end() < len(rest):
        rest, tail = rest[:head.end()], rest[head.end():]
        if tail in ("公司", "有限公司", "股份有限公司", "有限责任公司", "股份公司", "普通合伙", "有限合伙"):
            rest, tail = rest + tail, ""
    form = next((f for f in FORMS if rest.endswith(f) and len(rest) - len(f) >= 2), "")
    core = rest.removesuffix(form)
    branch = bool(tail) or form == "" and core.endswith(BRANCH_WORDS)
    return Name(_DROP.sub("", without_note(simplified(text))), (*places, *inside), core, form, tail, branch)


def ordinals(text: str) -> str:
    """Numbers, directions and letters that tell one site from another: 第一分公司, 东区店."""
    return "".join(_ORDINAL.findall(text.translate(_FIGURES)))


def places_agree(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether some place of one lies in, holds or is some place of the other."""
    return any(a.startswith(b) or b.startswith(a) for a in one for b in other)


def listing_name(text: str) -> str:
    """A short name without the marks an exchange adds: *ST甲, 甲A, 甲B股, 甲-U, 甲退."""
    plain = unicodedata.normalize("NFKC", text).strip()
    shorter = _LISTING.sub("", _LISTING.sub("", plain))
    return shorter if len(shorter) >= 2 else plain


def differences(one: Name, other: Name) -> tuple[str, ...]:
    """What tells two names apart, for readers.

    >>> regions = Regions([("350100", "福州市"), ("320500", "苏州市")])
    >>> differences(read_name("福州景园物业有限公司", regions), read_name("苏州景园物业公司", regions))
    ('地区不同', '组织形式不同：有限公司／公司')
    """
    if one.key == other.key:
        return ("只有写法不同",)
    told = []
    if one.regions and other.regions and not places_agree(one.regions, other.regions):
        told.append("地区不同")
    elif bool(one.regions) != bool(other.regions):
        told.append("一方未写地区")
    if one.core != other.core:
        told.append(f"{'字号同音' if sound(one.core) == sound(other.core) else '字号或行业不同'}：{one.core}／{other.core}")
    if one.form != other.form:
        told.append(f"组织形式不同：{one.form or '无'}／{other.form or '无'}")
    if one.tail != other.tail:
        told.append(f"分支不同：{one.tail or '本部'}／{other.tail or '本部'}")
    return tuple(told) or ("只有地区写法不同",)
