"""主导产品 with what they bring in: 「电芯（60%）、电池包（40%）」 or 「电芯（3.2亿元）、电池包（8000万元）」 as ledgers write them.

A share is read only where the cell leaves no doubt: the percentage is called a share (占比、营收、收入、销售、产值), or all the
percentages of the cell make a whole, or each of several words carries an amount of money. 「液碱（32%）」 is a concentration.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from liantu.kernel.units import measure
from liantu.kernel.word_lists import join_words, split_words

WHOLE = 0.98  # from here upwards told shares are taken for the whole business
_ROUNDING = 0.01
_SAID = r"(?:[:(\s]\s*(?P<said>[^\d%()]{0,12}?)|(?P<bare>占[^\d%()]{0,10}?))?"
_PERCENT = re.compile(rf"^(?P<word>[^()]*?[^\d.\s(:±])\s*{_SAID}\s*约?(?P<number>\d{{1,3}}(?:\.\d+)?)\s*%\s*\)?$")
_MONEY = re.compile(r"^(?P<word>[^()]*?[^\d.\s(:])\s*(?:[:(\s]\s*(?:年?(?:营业|销售|主营)?(?:收入|营收|产值|销售额|额)[约为:]*)?)?\s*约?(?P<number>\d[\d,]*(?:\.\d+)?)\s*(?P<unit>[千百十]?[万亿]?元)\s*\)?$")
_NO_PRODUCT = re.compile("投资|项目|补贴|贷款")
_SHARE_WORDS = re.compile("占|比重|营收|收入|销售|产值")


@dataclass(frozen=True)
class ProductWord:
    """A product of a firm and its share of the firm's business (0–1), None where it is not told."""

    word: str
    share: float | None = None


def product_words(text: str | None) -> tuple[ProductWord, ...]:
    """The products of a stored cell, in order, each once (what is told last counts).

    >>> [(p.word, p.share) for p in product_words("电芯（60%）、电池包（40%）")]
    [('电芯', 0.6), ('电池包', 0.4)]
    >>> [(p.word, p.share) for p in product_words("电芯（3亿元）、电池包：5000万元")]
    [('电芯', 0.857143), ('电池包', 0.142857)]
    >>> [(p.word, p.share) for p in product_words("电芯（营收占比60%）、电池包")]
    [('电芯', 0.6), ('电池包', None)]
    >>> [(p.word, p.share) for p in product_words("液碱（32%）、次氯酸钠（10%）")]
    [('液碱（32%）', None), ('次氯酸钠（10%）', None)]
    """
    return _read(text or "")


@lru_cache(maxsize=20_000)
def _read(text: str) -> tuple[ProductWord, ...]:
    words = split_words(text)
    if not any(c.isdigit() for c in text):
        return tuple(ProductWord(w) for w in dict.fromkeys(words))
    plain = [unicodedata.normalize("NFKC", w).strip() for w in words]
    percents, amounts = [_PERCENT.match(p) for p in plain], [_MONEY.match(p) for p in plain]
    if len(words) > 1 and all(amounts) and not _NO_PRODUCT.search(text):
        return _by_amount([m for m in amounts if m])
    told = {at: float(m["number"]) / 100 for at, m in enumerate(percents) if m}
    named = {at for at, m in enumerate(percents) if m and _SHARE_WORDS.search(m["said"] or m["bare"] or "")}
    whole = sum({_word(m): told[at] for at, m in enumerate(percents) if m}.values())
    if whole > 1 + _ROUNDING or (len(named) < len(told) and (whole < WHOLE or len(told) < 2)):
        told = {at: told[at] for at in named} if whole <= 1 + _ROUNDING else {}
    found: dict[str, float | None] = {}
    for at, word in enumerate(words):
        match = percents[at]
        if at in told and match:
            found[_word(match)] = round(told[at], 6)
        else:
            found.setdefault(word)
    return tuple(ProductWord(w, s) for w, s in found.items())


def _word(match: re.Match[str]) -> str:
    return match["word"].strip()


def _by_amount(matches: Sequence[re.Match[str]]) -> tuple[ProductWord, ...]:
    amount = {_word(m): float(m["number"].replace(",", "")) * float(size[1]) for m in matches if (size := measure(m["unit"]))}
    total = sum(amount.values())
    return tuple(ProductWord(w, round(a / total, 6) if total > 0 else None) for w, a in amount.items())


def gathered_products(held: Iterable[str], new: Iterable[str]) -> tuple[str, ...]:
    """Products as they gather over imports: a newer statement of shares replaces the older one, a product without a share takes nothing away.

    Shares are written 「电芯（占60%）」; amounts of money become shares, for the list of products is public and a firm's takings are not.

    >>> gathered_products(("电芯（占60%）", "电池包（占40%）"), ("电芯 30%", "储能柜 70%"))
    ('电芯（占30%）', '电池包', '储能柜（占70%）')
    >>> gathered_products(("电芯（占60%）", "电池包（占40%）"), ("电芯", "隔膜"))
    ('电芯（占60%）', '电池包（占40%）', '隔膜')
    """
    before, after = product_words(join_words(held)), product_words(join_words(new))
    if any(p.share is not None for p in after):
        found: dict[str, float | None] = {p.word: None for p in before} | {p.word: p.share for p in after}
    else:
        found = {p.word: None for p in after} | {p.word: p.share for p in before}
        found = {word: found[word] for word in dict.fromkeys((*(p.word for p in before), *found))}
    return tuple(word if share is None else f"{word}（占{percent(share)}）" for word, share in found.items())


def percent(share: float) -> str:
    """A share as it is written beside a product: 60%, 33.33%."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"
