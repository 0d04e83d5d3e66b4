"""Long English names made short by width: "&" for "and", the usual abbreviations, then clipped words; hyphens and ellipses come last.

And lists of names: as many as fit, the rest counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from .text import Fitted, fit, text_width

SMALLEST, SMALLEST_LATIN = 9.0, 8.0
KNOWN = {
    "aluminium": "Al", "applications": "apps", "assemblies": "assys", "assembly": "assy", "automated": "auto.", "automotive": "auto", "batteries": "batts", "battery": "batt.",
    "certification": "cert.", "chemical": "chem.", "chemicals": "chem.", "communication": "comms", "components": "parts", "conductive": "cond.", "development": "dev.",
    "distribution": "distrib.", "electric": "elec.", "electrical": "elec.", "electronic": "e-", "engineering": "eng.", "equipment": "equip.", "information": "info", "ingredients": "ingred.",
    "instruments": "instr.", "integrated": "integr.", "international": "intl", "logistics": "logist.", "machinery": "mach.", "machines": "mach.", "magnesium": "Mg", "maintenance": "maint.",
    "management": "mgmt", "manufacturing": "mfg", "material": "mat.", "materials": "mats", "medical": "med.", "operation": "ops", "operations": "ops", "packaging": "pack.",
    "pharmaceutical": "pharma", "pharmaceuticals": "pharma", "precision": "prec.", "processing": "proc.", "procurement": "purch.", "production": "prod.", "products": "prods",
    "recycling": "recycl.", "refrigerated": "cold", "research": "res.", "services": "serv.", "service": "serv.", "system": "sys.", "systems": "sys.", "technology": "tech",
    "television": "TV", "testing": "tests", "titanium": "Ti", "traditional": "trad.", "transport": "transp.", "treatment": "treat.", "tungsten": "W", "vehicle": "veh.", "vehicles": "vehs",
    "wholesale": "whsl.",
}
_WORD = re.compile(r"[A-Za-z]+")
_VOWELS = set("aeiouyAEIOUY")


def smallest_size(language: str) -> float:
    """The smallest type (px) of names on the map: Latin letters read at a smaller size than Chinese ones."""
    return SMALLEST_LATIN if language == "en" else SMALLEST


@lru_cache(maxsize=65536)
def fit_name(text: str, widths: tuple[float, ...], size: float, smallest: float, language: str = "zh") -> Fitted:
    """Fit a name into lines. An English one is shortened before it is hyphenated, and hyphenated before it is cut."""
    whole = fit(text, widths, size, smallest)
    if language != "en" or (not whole.cut and not _broken(text, whole)):
        return whole
    hyphened = whole
    for shorter in _shorter(text):
        fitted = fit(shorter, widths, size, smallest)
        if not fitted.cut and not _broken(shorter, fitted):
            return fitted
        if hyphened.cut and not fitted.cut:
            hyphened = fitted
    return hyphened


def _broken(text: str, fitted: Fitted) -> bool:
    """Whether a line ends in a hyphen that the name does not have."""
    return any(line.endswith("-") and line.split()[-1] not in text for line in fitted.lines[:-1])


def _shorter(text: str) -> Iterator[str]:
    """Shorter and shorter forms of a name."""
    text = re.sub(r"\band\b", "&", text)
    yield text
    text = re.sub(r"\s*\([^)]*\)", "", text) or text
    words = sorted({word.lower() for word in _WORD.findall(text)} & KNOWN.keys(), key=lambda word: (len(KNOWN[word]) - len(word), word))
    for word in words:
        text = re.sub(rf"\b{word}\b", lambda found: _cased(found.group(), KNOWN[found.group().lower()]), text, flags=re.IGNORECASE).replace("e- ", "e-")
        yield text
    for length in (8, 7, 6, 5, 4):
        text = _WORD.sub(lambda found: _clipped(found.group(), length), text).replace("..", ".")  # noqa: B023
        yield text


def _cased(word: str, short: str) -> str:
    return short[0].upper() + short[1:] if word[0].isupper() else short


def _clipped(word: str, length: int) -> str:
    """A word longer than ``length`` + 1 letters cut after a consonant, with a full stop."""
    if len(word) <= length + 1:
        return word
    end = next((at for at in range(length, 2, -1) if word[at - 1] not in _VOWELS), length)
    return word[:end] + "."


def fit_list(head: str, names: Sequence[str], widths: tuple[float, ...], size: float, smallest: float, language: str = "zh") -> Fitted:
    """A heading and names as lines of the given widths; what does not fit is counted at the end."""
    mark = "、" if language == "zh" else ", "
    fitting, room = 0, sum(widths) - text_width(head, smallest)
    for name in names:
        room -= text_width(name + mark, smallest)
        if room < 0:
            break
        fitting += 1
    for shown in range(fitting, -1, -1):
        rest = len(names) - shown
        more = "" if not rest else f" …还有 {rest}" if language == "zh" else f" … {rest} more"
        fitted = fit(head + mark.join(names[:shown]) + more, widths, size, smallest)
        if not fitted.cut:
            break
    return fitted
