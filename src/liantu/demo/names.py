"""Names, codes and people of the synthetic district: invented from syllables, unique, with the spellings that clerks use."""

from __future__ import annotations

import re
from random import Random

from liantu.demo import words
from liantu.kernel.identifiers import ALPHABET, make_uscc

_LETTERS = "".join(c for c in ALPHABET if c.isalpha())


def brand(rng: Random) -> str:
    """An invented 字号 of two or three syllables."""
    first, second = rng.choice(words.FIRST), rng.choice(words.SECOND)
    while second == first:
        second = rng.choice(words.SECOND)
    return first + second + (rng.choice(words.SECOND) if rng.random() < 0.06 else "")


class NameMaker:
    """Makes names that no other firm of the district carries and that no forbidden word occurs in."""

    def __init__(self, rng: Random, forbidden: re.Pattern[str]) -> None:
        self.rng, self.forbidden = rng, forbidden
        self.taken: set[str] = set()

    def firm(self, trades: tuple[str, ...], large: bool, group: bool = False, cooperative: bool = False) -> str:
        """A firm's name with place, 字号, trade and legal form; ``group`` makes it a 集团."""
        while True:
            name = self._one(self.rng.choice(trades), large, group, cooperative)
            core = re.sub(r"[（）]|有限责任公司|股份有限公司|有限公司", "", name)
            if core not in self.taken and not self.forbidden.search(name):
                self.taken.add(core)
                return name

    def _one(self, trade: str, large: bool, group: bool, cooperative: bool) -> str:
        rng, own = self.rng, brand(self.rng)
        place = rng.choice(("澄岚", "澄岚", "澄岚市", "云澜", "澄岚云澜", "澄岚市云澜区"))
        if cooperative:
            return f"{words.CITY}{words.DISTRICT}{own}{trade}专业合作社"
        if group:
            return f"{own}{trade}集团有限公司"
        form = rng.choices(("有限公司", "有限责任公司", "股份有限公司", "厂"), (80, 9, 9 if large else 1, 0 if large else 4))[0]
        if form == "厂":
            return f"{place}{own}{trade}厂"
        if rng.random() < 0.16:
            return f"{own}（澄岚）{trade}{form}"
        return f"{own}{trade}{form}" if rng.random() < 0.08 else f"{place}{own}{trade}{form}"

    def renamed(self, name: str) -> str:
        """A former name of a firm: another 字号 or another trade word in front of the same legal form."""
        form = next(f for f in ("有限责任公司", "股份有限公司", "集团有限公司", "有限公司", "专业合作社", "厂", "") if name.endswith(f))
        while True:
            old = f"{self.rng.choice(('澄岚', '澄岚市', '云澜'))}{brand(self.rng)}{self.rng.choice(('实业', '贸易', '工贸', '科技', '发展'))}{form}"
            if old not in self.taken:
                self.taken.add(old)
                return old

    def outside(self, trade: str) -> str:
        """A firm outside the district, in a city that does not exist."""
        city = self.rng.choice(words.OUTSIDE_CITIES)
        while True:
            name = f"{city}{brand(self.rng)}{trade}有限公司"
            if name not in self.taken and not self.forbidden.search(name.replace(trade, "")):
                self.taken.add(name)
                return name


def person(rng: Random) -> str:
    """An invented contact."""
    return rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)


class CodeMaker:
    """Valid credit codes under a region code that does not exist; no code twice."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.taken: set[str] = set()

    def code(self, year: int, cooperative: bool = False) -> str:
        """All digits before the reform of 2015, MA… after it."""
        rng = self.rng
        while True:
            if year >= 2016:
                organisation = "MA" + "".join(rng.choice(ALPHABET if i else "123456789" + _LETTERS) for i in range(6))
            else:
                organisation = rng.choice("567") + "".join(rng.choice("0123456789") for _ in range(7))
            code = make_uscc(("93" if cooperative else "91") + words.DISTRICT_CODE, organisation)
            if code not in self.taken:
                self.taken.add(code)
                return code


# ---- spellings ----------------------------------------------------------------------------------------------------

SPELLINGS = ("space", "bracket", "wide", "suffix", "typo", "short", "region")


def spelled(name: str, kind: str, rng: Random) -> str | None:
    """``name`` in another spelling, or None when this name has no such spelling."""
    if kind == "space":
        at = rng.randrange(2, len(name) - 2)
        return name[:at] + rng.choice((" ", "　", "  ")) + name[at:]
    if kind == "bracket":
        return name.translate(str.maketrans("（）", "()")) if "（" in name else None
    if kind == "wide":
        return f"　{name} " if rng.random() < 0.5 else f"{name}\u00a0"
    if kind == "suffix":
        if name.endswith("有限责任公司"):
            return name.removesuffix("有限责任公司") + "有限公司"
        return name.removesuffix("有限公司") + "有限责任公司" if name.endswith("有限公司") and "股份" not in name else None
    if kind == "typo":
        spots = [i for i, c in enumerate(name[:-4]) if c in words.TWINS]
        return name[: (at := rng.choice(spots))] + words.TWINS[name[at]] + name[at + 1:] if spots else None
    if kind == "short":
        return re.sub(r"(股份有限公司|有限责任公司|有限公司)$", "", name) if name.endswith("有限公司") or name.endswith("责任公司") else None
    if kind == "region":
        for long, other in (("澄岚市云澜区", "澄岚市"), ("澄岚云澜", "澄岚市云澜区"), ("澄岚市", "澄岚"), ("澄岚", "澄岚市"), ("云澜", "澄岚云澜")):
            if name.startswith(long):
                return other + name[len(long):]
    return None


# ---- damaged codes ------------------------------------------------------------------------------------------------


def broken(code: str, kind: str, rng: Random) -> str | float | None:
    """``code`` damaged as sheets damage it: check, inner, float or length; None when this code cannot be damaged so."""
    if kind == "check":
        while True:
            at = rng.choice((*range(9, 16), 17))
            wrong = code[:at] + rng.choice("0123456789" if code[at].isdigit() else ALPHABET) + code[at + 1:]
            if wrong != code and make_uscc(wrong[:8], wrong[8:16]) != wrong and _outer_of(wrong) != wrong[17]:
                return wrong
    if kind == "inner":
        wrong = code[:16] + rng.choice([d for d in "0123456789" if d != code[16]])
        return wrong + _outer_of(wrong)
    if kind == "float":
        return float(code[:15] + "000") if code.isdigit() else None  # a spreadsheet keeps 15 digits
    at = rng.randrange(8, 17)
    return code[:at] + code[at + 1:] if rng.random() < 0.6 else code[:at] + code[at] + code[at:]


def _outer_of(code: str) -> str:
    """The last check character (GB 32100: weights 3^i mod 31) over the first 17, whatever the inner one says."""
    total = sum(ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(code[:17]))
    return ALPHABET[(31 - total % 31) % 31]
