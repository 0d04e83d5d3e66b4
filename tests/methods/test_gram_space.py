"""A space learned from a register: words that never stand in one text are near when they keep the same company."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods.gram_space import GramSpace
from liantu.methods.item_text import ItemText
from liantu.methods.zero_shot import ZeroShot

COMPANY = {"银行": ("贷款", "存款", "汇兑"), "酒店": ("客房", "住宿", "会场")}


def register(seed: int = 0) -> list[ItemText]:
    """Firms that name two things of one trade; 银行 stands beside 存款 and 汇兑 only, never beside 贷款, which has met 存款."""
    chance = np.random.default_rng(seed)
    made = []
    for trade, words in COMPANY.items():
        for _ in range(60):
            one, two = chance.choice(words, 2, replace=False)
            made.append(ItemText(scope=f"{one}、{two}" + (f"、{trade}" if words[0] not in (one, two) else "")))
    return made


def word(text: str) -> ItemText:
    return ItemText(products=((text, 1.0),))


def test_meaning_goes_beyond_shared_characters() -> None:
    space = GramSpace(components=2).fit(register())
    bank, hotel, loan, room, none = space.rows([word(w) for w in ("银行", "酒店", "贷款", "客房", "xyz")])
    assert loan @ bank > loan @ hotel + 0.3 and room @ hotel > room @ bank + 0.3 and not none.any()
    assert np.allclose(np.linalg.norm(space.rows([word("贷款")], first=1), axis=1), 1, atol=1e-5)
    assert np.array_equal(GramSpace(components=2).fit(register()).vectors, space.vectors), "the same texts give the same space"


def test_classes_without_labels_gain_by_the_space() -> None:
    """Firms that hold no character of a class's name: without the space they are guessed, with it they are right."""
    named, paths = {"b": "银行", "h": "酒店"}, [("b",), ("h",)]
    firms = [word(w) for w in ("贷款", "客房") * 10]
    space = GramSpace(components=2).fit(register())
    found = [ZeroShot(named, paths, min_df=1, space=s).fit(firms).first[0].argmax(axis=1) for s in (None, space)]
    truth = np.array([0, 1] * 10)
    assert (found[1] == truth).all() and (found[0] == truth).mean() == 0.5


def test_too_few_texts_are_refused() -> None:
    with pytest.raises(ValueError, match="文本太少"):
        GramSpace().fit([ItemText(scope="贷款")])
