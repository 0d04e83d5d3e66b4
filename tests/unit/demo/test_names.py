"""Invented names and codes, their other spellings and their damages."""

from __future__ import annotations

import re
from random import Random

import pytest

from liantu.demo.names import CodeMaker, NameMaker, broken, spelled
from liantu.kernel.identifiers import check_uscc, repair_uscc
from liantu.kernel.names import name_key

NAME = "宏拓（澄岚）新能源有限公司"


def test_codes_are_valid_and_unique() -> None:
    maker = CodeMaker(Random(1))
    codes = [maker.code(year) for year in (2010, 2020) * 200]
    assert len(set(codes)) == 400 and not any(check_uscc(code) for code in codes)


def test_names_are_unique_and_avoid_forbidden_words() -> None:
    maker = NameMaker(Random(2), re.compile("隔膜"))
    names = [maker.firm(("新能源", "隔膜"), False) for _ in range(500)]
    assert len(set(names)) == 500 and not any("隔膜" in n for n in names)


@pytest.mark.parametrize("kind", ["space", "bracket", "wide", "suffix"])
def test_harmless_spellings_keep_the_key(kind: str) -> None:
    seen = spelled(NAME, kind, Random(3))
    assert seen and seen != NAME and name_key(seen) == name_key(NAME)


@pytest.mark.parametrize("kind", ["typo", "short"])
def test_other_spellings_change_the_key(kind: str) -> None:
    seen = spelled(NAME, kind, Random(3))
    assert seen and name_key(seen) != name_key(NAME)


def test_damages_are_what_they_are_called() -> None:
    rng, codes = Random(4), CodeMaker(Random(5))
    for _ in range(300):
        code = codes.code(2012)
        assert check_uscc(broken(code, "check", rng)) == ["uscc-check"]
        assert check_uscc(broken(code, "inner", rng)) == ["uscc-inner"]
        assert check_uscc(broken(code, "length", rng)) == ["uscc-length"]
        lost = broken(code, "float", rng)
        assert (lost is None) == (not code.isdigit())
        if lost is not None:
            assert code in repair_uscc(lost)
