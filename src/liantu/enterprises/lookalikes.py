"""Names so alike that they may be one firm: for rows without a usable credit code, which nothing else can tell apart.

Two names are alike when their cores (name without places and legal form) are equal, or of the same length and differ in
one character of five or more. Nothing is merged on likeness: the row is held until a person says which it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rapidfuzz.distance import Levenshtein

from liantu.kernel.names import name_key

_FORMS = ("股份有限责任公司", "有限责任公司", "股份有限公司", "集团有限公司", "农民专业合作社", "专业合作社", "有限公司", "合作社", "集团", "总公司", "公司")
_LEVELS = ("特别行政区", "自治区", "自治州", "自治县", "工业园", "高新产业园", "产业园", "街道", "省", "市", "区", "县", "镇", "乡")
SHORTEST = 4  # characters of a core in which one different character still means a likely slip


def place_words() -> list[str]:
    """Names of regions, with and without 省市区县, longest first, so that 澄岚市云澜区 goes before 澄岚."""
    from liantu.places.models import Park, Region

    words = set()
    for name in (*Region.objects.values_list("name", flat=True), *Park.objects.values_list("name", flat=True)):
        words.add(name)
        stem = next((name.removesuffix(level) for level in _LEVELS if name.endswith(level)), name)
        if len(stem) >= 2:
            words.add(stem)
    return sorted(words, key=len, reverse=True)


class Lookalikes:
    """Cores of known firms, ready to be asked for names alike."""

    def __init__(self, names: Iterable[str], places: Iterable[str]) -> None:
        joined = "|".join(re.escape(name_key(p)) for p in places)
        self._places = re.compile(f"^(?:{joined})+|\\((?:{joined})+\\)") if joined else None
        self._by_core: dict[str, str] = {}
        self._by_part: dict[str, set[str]] = {}
        for name in names:
            self.add(name)

    def core(self, name: str) -> str:
        """The name without places and legal form."""
        text = name_key(name).replace("（", "(").replace("）", ")")
        if self._places:
            text = self._places.sub("", text)
        for form in _FORMS:
            if text.endswith(name_key(form)) or text.endswith(form):
                text = text[: -len(form)] if text.endswith(form) else text[: -len(name_key(form))]
                break
        return text.replace("(", "").replace(")", "")

    def add(self, name: str) -> None:
        """Take one more known name."""
        core = self.core(name)
        if len(core) >= 2 and core not in self._by_core:
            self._by_core[core] = name
            for part in _halves(core):
                self._by_part.setdefault(part, set()).add(core)

    def find(self, name: str) -> str | None:
        """A known name so like this one that they may be one firm."""
        core = self.core(name)
        if core in self._by_core:
            return self._by_core[core]
        if len(core) < SHORTEST:
            return None
        near = {o for part in _halves(core) for o in self._by_part.get(part, ()) if len(o) == len(core) and Levenshtein.distance(core, o, score_cutoff=1) <= 1}
        return min((self._by_core[o] for o in near), key=lambda known: (Levenshtein.distance(name, known), known), default=None)


def _halves(core: str) -> tuple[str, str]:
    """Two halves with their place: one of them is untouched when a single character differs."""
    middle = len(core) // 2
    return f"<{core[:middle]}{len(core)}", f">{core[middle:]}{len(core)}"
