"""统一社会信用代码. Checked against python-stdnum for the outer digit; the inner check values are worked out by hand below."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc as stdnum_uscc

from liantu.kernel.identifiers import ALPHABET, check_uscc, inner_check_ok, make_uscc, normal_uscc, repair_uscc

ORGANISATIONS = st.text(alphabet=ALPHABET, min_size=8, max_size=8)
DIGITS = st.integers(0, 99_999_999).map(lambda n: f"{n:08d}")
REGIONS = st.integers(110000, 659999).map(lambda n: f"91{n}")


@given(REGIONS, ORGANISATIONS)
def test_made_codes_are_valid_by_another_implementation(region: str, organisation: str) -> None:
    code = make_uscc(region, organisation)
    assert stdnum_uscc.is_valid(code) and inner_check_ok(code) and check_uscc(code) == []


@given(REGIONS, ORGANISATIONS, st.integers(0, 17), st.sampled_from(ALPHABET))
def test_one_wrong_character_is_always_found(region: str, organisation: str, place: int, character: str) -> None:
    code = make_uscc(region, organisation)
    wrong = code[:place] + character + code[place + 1:]
    assert (check_uscc(wrong) == []) == (wrong == code)


def test_known_codes() -> None:
    assert check_uscc("914403001922038216") == []
    assert stdnum_uscc.is_valid("914403001922038203") and check_uscc("914403001922038203") == ["uscc-inner"]
    # 19220382: 1·3+9·7+2·9+2·10+0·5+3·8+8·4+2·2 = 164; 164 mod 11 = 10; 11 − 10 = 1
    assert make_uscc("91440300", "19220382")[16] == "1"
    # a remainder of 1 gives X: 14352678 → 1·3+4·7+3·9+5·10+2·5+6·8+7·4+8·2 = 210; 210 mod 11 = 1
    assert make_uscc("91330109", "14352678")[16] == "X"


@pytest.mark.parametrize(("text", "codes"), [("", ["uscc-length"]), ("9144030019220382", ["uscc-length"]), ("914403001922038217", ["uscc-check"]), ("9144030019220382Z6", ["uscc-character"]),
                                             ("91A403001922038216", ["uscc-character"])])
def test_what_is_wrong(text: str, codes: list[str]) -> None:
    assert check_uscc(text) == codes


@pytest.mark.parametrize("text", ["91440300 1922038216", "'914403001922038216", "９１４４０３００１９２２０３８２１６", "9I44O3OO1922O38216", "914403001922038216\u200b", "9144-0300-1922038216"])
def test_normal(text: str) -> None:
    assert normal_uscc(text) == "914403001922038216"


@given(REGIONS, DIGITS)
def test_lost_digits_come_back_among_few(region: str, organisation: str) -> None:
    code = make_uscc(region, organisation)
    if not code.isdigit():
        return
    by_spreadsheet = repair_uscc(float(code[:15] + "000"))
    assert code in by_spreadsheet and len(by_spreadsheet) <= 6
    assert code in repair_uscc(float(code))
    assert code in repair_uscc(code[:15] + "000")
    assert code in repair_uscc(f"{code[0]}.{code[1:15]}E+17")
    assert all(check_uscc(candidate) == [] for candidate in by_spreadsheet)


@pytest.mark.parametrize("lost", ["9.14403E+17", "914403", "", "甲", float("nan"), float("inf"), 0.0, -1e17, 1e18])
def test_too_little_is_left(lost: float | str) -> None:
    assert repair_uscc(lost) == []


def test_make_refuses_other_characters() -> None:
    with pytest.raises(ValueError, match="alphabet"):
        make_uscc("91330109", "OOOOOOOO")
