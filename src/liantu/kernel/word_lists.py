"""Several words in one stored text, joined with 、 (see :func:`liantu.kernel.fields.words`): taken apart, joined, added up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

MARK = "、"


def split_words(text: Any) -> tuple[str, ...]:
    """The words of a stored list, in order; nothing gives none.

    >>> split_words("电芯、、电池包"), split_words(None)
    (('电芯', '电池包'), ())
    """
    return tuple(word for word in str(text or "").split(MARK) if word)


def join_words(words: Iterable[str]) -> str | None:
    """Words as they are stored, each once; None for none.

    >>> join_words(["电芯", "电池包", "电芯", ""]), join_words([])
    ('电芯、电池包', None)
    """
    return MARK.join(dict.fromkeys(word for word in words if word)) or None


def gathered(model: Any, column: str, held: Any, new: Any) -> str | None:
    """A list that gathers (``Table.accumulate``) with new words added; the model's ``gather_words`` may know better, such as that a word carries a share."""
    gather = getattr(model, "gather_words", None)
    return join_words(gather(column, split_words(held), split_words(new)) if gather else (*split_words(held), *split_words(new)))


def without_added(held: Any, before: Any, after: Any) -> str | None:
    """What is left of ``held`` when the step from ``before`` to ``after`` is taken back; words added since stay.

    >>> without_added("轴承、齿轮、阀门", "轴承", "轴承、齿轮")
    '轴承、阀门'
    """
    old, added = split_words(before), set(split_words(after)) - set(split_words(before))
    lost = set(old) - set(split_words(after))
    return join_words((*(w for w in old if w in lost), *(w for w in split_words(held) if w not in added)))
