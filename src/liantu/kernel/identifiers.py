"""统一社会信用代码: both check digits, the usual typing slips, and codes that a spreadsheet turned into numbers.

Source: GB 32100-2015 (18 characters, weights 3^i mod 31) and GB 11714-1997 (organisation code, modulus 11).
"""

from __future__ import annotations

import re
import unicodedata

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_AT = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = tuple(pow(3, i, 31) for i in range(17))
_ORG_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_JUNK = re.compile(r"[\s\-_'‘’`\"“”.·,，:：\u200b-\u200f\u2060\ufeff\u00ad]+")
_SCIENTIFIC = re.compile(r"^(\d)(?:\.(\d+))?[eE]\+?17$")


def normal_uscc(text: object) -> str:
    """Upper case, half width, without spaces or quotes; O read as 0 and I as 1 in an 18-character code."""
    plain = _JUNK.sub("", unicodedata.normalize("NFKC", str(text))).upper()
    if len(plain) == 18:
        plain = plain.replace("O", "0").replace("I", "1")
    return plain


def _outer(first17: str) -> str:
    return ALPHABET[(31 - sum(_AT[c] * w for c, w in zip(first17, _WEIGHTS, strict=True)) % 31) % 31]


def _inner(org8: str) -> str:
    rest = 11 - sum(int(c, 36) * w for c, w in zip(org8, _ORG_WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def inner_check_ok(uscc: str) -> bool:
    """Whether characters 9-17 are an organisation code with its own check digit (GB 11714)."""
    code = str(uscc)
    return len(code) == 18 and all(c in _AT for c in code[8:17]) and _inner(code[8:16]) == code[16]


def check_uscc(text: object) -> list[str]:
    """Codes of what is wrong: uscc-length, uscc-character, uscc-check (errors), uscc-inner (a warning); [] if good."""
    code = normal_uscc(text)
    if len(code) != 18:
        return ["uscc-length"]
    if any(c not in _AT for c in code) or not code[2:8].isdigit():
        return ["uscc-character"]
    if _outer(code[:17]) != code[17]:
        return ["uscc-check"]
    return [] if inner_check_ok(code) else ["uscc-inner"]


def repair_uscc(damaged: float | int | str) -> list[str]:
    """Codes that a damaged number may have been, in order; [] when too little is left.

    A spreadsheet keeps 15 digits of an 18-digit number; other programs keep the nearest double. Only all-digit codes can
    become numbers, and the two check digits rule out most endings: 1-5 candidates are usual, the firm's name settles it.
    """
    if isinstance(damaged, str):
        text = unicodedata.normalize("NFKC", damaged).strip()
        scientific = _SCIENTIFIC.match(re.sub(r"\s", "", text))
        if scientific:
            digits = (scientific.group(1) + (scientific.group(2) or "")).ljust(15, "0")
            return _endings(digits) if len(scientific.group(2) or "") >= 14 else []
        code = normal_uscc(text)
        if len(code) == 18 and code.isdigit() and code.endswith("000"):
            return _endings(code)
        return []
    if not 1e17 <= damaged < 1e18:
        return []
    found = [] if isinstance(damaged, float) else [c for c in (str(damaged),) if not check_uscc(c)]
    shortened = float(format(float(damaged), ".15g")) == float(damaged)
    if shortened:
        found += _endings(format(float(damaged), ".14e").replace(".", ""))
    found += _neighbours(int(damaged))
    return sorted(set(found))


def _endings(digits: str) -> list[str]:
    """All valid codes that share the first 15 digits."""
    found = []
    for last in "0123456789":
        head = digits[:15] + last
        code = head + _inner(head[8:16])
        code += _outer(code)
        if code.isdigit():
            found.append(code)
    return found


def _neighbours(number: int) -> list[str]:
    """Valid codes whose nearest double is ``number``'s."""
    near = (str(n) for n in range(number - 64, number + 65) if float(n) == float(number))
    return [code for code in near if not check_uscc(code)]


def make_uscc(authority_and_region: str, org8: str) -> str:
    """A code with both check digits right, from 8 characters (authority, kind, region) and 8 of the organisation."""
    head, organisation = authority_and_region.upper(), org8.upper()
    if len(head) != 8 or len(organisation) != 8 or any(c not in _AT for c in head + organisation):
        raise ValueError("need 8 + 8 characters of the GB 32100 alphabet")
    code = head + organisation + _inner(organisation)
    return code + _outer(code)
