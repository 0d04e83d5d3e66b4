"""A value that rides along in a cached call without taking part in its key; the key is the edition's content."""

from __future__ import annotations

from typing import Any


class Kept:
    """Equal to every other :class:`Kept`: ``cached(content, Kept(edition))`` is computed once per content."""

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __hash__(self) -> int:
        return 0

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Kept)
