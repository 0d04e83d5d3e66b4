"""Fitting words into cards without a font engine: widths by kind of character, two lines, shrinking, and cutting last."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NARROW = set("iljI|.,:;'`!·")
_WIDE_LATIN = set("MWmw@%")
_NO_START = set("，。、；：！？）】》」』”’,.;:!?)]}/·")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff\u202a-\u202e\u2066-\u2069]")


def clean(text: str) -> str:
    """The text without characters that XML forbids or that reverse reading order; white space becomes one blank."""
    return " ".join(printable(text).split())


def printable(text: str) -> str:
    """The text without characters that XML forbids or that reverse reading order."""
    return _CONTROL.sub("", text)


@lru_cache(maxsize=4096)
def char_width(char: str) -> float:
    """Width of a character in em, for common sans-serif faces with CJK (a little generous)."""
    if unicodedata.combining(char):
        return 0.0
    if unicodedata.east_asian_width(char) in "WF" or ord(char) > 0x2E80:
        return 1.0
    if char in _NARROW:
        return 0.32
    if char in _WIDE_LATIN:
        return 0.9
    if char == " ":
        return 0.26
    if char.isupper():
        return 0.66
    return 0.58 if ord(char) < 0x250 else 0.8


def text_width(text: str, size: float) -> float:
    """Width of a text in px at a type size in px."""
    return sum(map(char_width, text)) * size


@dataclass(frozen=True)
class Fitted:
    """Lines as they are drawn, the size they are drawn at, and whether anything was cut."""

    lines: tuple[str, ...]
    size: float
    cut: bool = False


def _pieces(text: str) -> list[str]:
    """Units that a line break may separate: Latin words whole, CJK characters singly, closing marks with what precedes."""
    pieces: list[str] = []
    for part in re.findall(r"[A-Za-z0-9+./&%°μ]+-?|\s+|.", text):
        if pieces and (part in _NO_START or part.isspace() or pieces[-1].strip() in {"(", "（", "「", "《"}):
            pieces[-1] += part
        else:
            pieces.append(part)
    return pieces


def _hyphenated(word: str, width: float, size: float) -> tuple[str, str] | None:
    """A long Latin word as a beginning that fits the width (with a hyphen) and the rest, three letters at least each."""
    bare = word.rstrip()
    if not (bare.isascii() and bare.isalpha()):
        return None
    for end in range(len(bare) - 3, 2, -1):
        if text_width(bare[:end] + "-", size) <= width:
            return bare[:end] + "-", word[end:]
    return None


def _wrap(text: str, widths: tuple[float, ...], size: float) -> list[str] | None:
    """Greedy lines within the widths, or None when they do not hold the text."""
    lines: list[str] = []
    current, rest = "", _pieces(text)
    while rest:
        if len(lines) == len(widths):
            return None
        piece, width = rest.pop(0), widths[len(lines)]
        if text_width((current + piece).rstrip(), size) <= width:
            current += piece
            continue
        if not current:
            halves = _hyphenated(piece, width, size) if len(lines) < len(widths) - 1 else None
            if halves is None:
                return None
            current, piece = halves
        lines.append(current.rstrip())
        current = ""
        rest.insert(0, piece)
    if current:
        lines.append(current.rstrip())
    return lines if len(lines) <= len(widths) else None


def _balanced(text: str, widths: tuple[float, ...], size: float, lines: list[str]) -> list[str]:
    """A two-line text whose lines are as even as the widths allow (3+3 rather than 5+1)."""
    if len(lines) != 2:
        return lines
    pieces, best = _pieces(text), lines
    for cut in range(1, len(pieces)):
        one, two = "".join(pieces[:cut]).rstrip(), "".join(pieces[cut:]).rstrip()
        first, second = text_width(one, size), text_width(two, size)
        longest = max(text_width(line, size) for line in best)
        if first <= widths[0] and second <= widths[1] and max(first, second) < longest - 0.01:
            best = [one, two]
    return best


@lru_cache(maxsize=65536)
def fit(text: str, widths: tuple[float, ...], size: float, min_size: float, step: float = 0.5) -> Fitted:
    """Fit a text into lines of the given widths (px).

    Tries one line shrunk by at most 1 px, then all lines at full size, then smaller down to ``min_size``, and only
    then cuts with an ellipsis.
    """
    text = clean(text)
    trials = [(widths[:1], size), (widths[:1], max(min_size, size - 1))] if len(widths) > 1 else []
    sizes, current = [], size
    while current > min_size:
        sizes.append(current)
        current -= step
    trials += [(widths, trial) for trial in (*sizes, min_size)]
    for allowed, trial in trials:
        lines = _wrap(text, allowed, trial)
        if lines is not None:
            return Fitted(tuple(_balanced(text, allowed, trial, lines)), trial)
    return _cut(text, widths, min_size)


def _cut(text: str, widths: tuple[float, ...], size: float) -> Fitted:
    """As much of the text as the lines hold, ending with an ellipsis."""
    for end in range(len(text) - 1, 0, -1):
        lines = _wrap(text[:end].rstrip() + "…", widths, size)
        if lines is not None:
            return Fitted(tuple(lines), size, True)
    return Fitted((text[:1],) if text else (), size, True)
