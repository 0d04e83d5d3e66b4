"""The dirt of real sheets: spellings, full-width digits, amounts in words, dates in five styles, damaged codes; all recorded."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from random import Random

from liantu.demo.firms import Firm
from liantu.demo.names import broken, spelled
from liantu.demo.planted import Place, Planted
from liantu.demo.sheets_out import Cell

WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
KINDS = ("check", "inner", "float", "length")


def said_name(name: str, rng: Random) -> str:
    """A name as typed: now and then with a space, half-width brackets or blanks around it; still told by its key."""
    roll = rng.random()
    kind = "space" if roll < 0.02 else "wide" if roll < 0.035 else "bracket" if roll < 0.3 else ""
    return (spelled(name, kind, rng) if kind else None) or name


def said_number(value: float | None, rng: Random, places: int = 2) -> Cell:
    """A number as typed, without losing a digit: full-width, with commas, 亿 for large amounts of 万元, — for nothing."""
    if value is None:
        return rng.choice(("—", None, "-", "/"))
    value = round(float(value), places)
    roll = rng.random()
    if roll < 0.004:
        return f"{value:.{places}f}".translate(WIDE)
    if roll < 0.010:
        return f"{value:,.{places}f}"
    return int(value) if value == int(value) else value


def said_money(value: float | None, rng: Random) -> Cell:
    """万元 as typed; large amounts sometimes as 3.2146亿."""
    if value is not None and value >= 20_000 and rng.random() < 0.03:
        return f"{value / 10_000:.6f}".rstrip("0").rstrip(".") + "亿"
    return said_number(value, rng)


def said_date(day: dt.date, rng: Random) -> Cell:
    """A date as typed: a real date, ISO, 2025.3.9, 2025年3月9日, 20250309."""
    styles: tuple[Cell, ...] = (day, day.isoformat(), f"{day.year}.{day.month}.{day.day}",
                                 f"{day.year}年{day.month}月{day.day}日", day.strftime("%Y%m%d"), f"{day.year}.{day.month}")
    return rng.choices(styles, (30, 40, 12, 10, 4, 4))[0]


@dataclass
class Plants:
    """Chooses which cells are spoiled and writes them down in the known answers."""

    planted: Planted
    rng: Random
    names: set[str]

    def spoil(self, firms: Iterable[Firm], count: int) -> dict[int, str]:
        """Which of these firms get a damaged code on a sheet: firm number → kind, the kinds in turn."""
        pool = list(firms)
        self.rng.shuffle(pool)
        chosen: dict[int, str] = {}
        for at in range(count):
            kind = KINDS[at % len(KINDS)]
            found = next((f for f in pool if f.number not in chosen and (kind != "float" or f.uscc.isdigit())), None)
            if found:
                chosen[found.number] = kind
        return chosen

    def code(self, firm: Firm, kind: str | None, place: Place, text_only: bool = False) -> Cell:
        """The code cell of a firm; a damaged one is recorded with its place. ``text_only`` is for formats without numbers."""
        if kind is None:
            return firm.uscc
        seen: str | float | None = broken(firm.uscc, kind, self.rng)
        if seen is None:
            return firm.uscc
        if kind == "float" and text_only:
            seen = firm.uscc[:15] + "000" if self.rng.random() < 0.5 else f"{seen:.5E}"
        self.planted.broken_codes.append({"place": list(place), "kind": kind, "seen": str(seen), "true": firm.uscc, "name": firm.name})
        return seen

    def variant(self, firm: Firm, kind: str) -> str | None:
        """Another spelling of the firm's name that is no other firm's name."""
        if kind in ("former", "same_code"):
            name = firm.former[-1] if firm.former else None
        else:
            name = spelled(firm.name, kind, self.rng)
        return name if name and name != firm.name and name.strip() not in self.names else None

    def pair(self, firm: Firm, kind: str, names: tuple[str, str], places: tuple[Place, Place]) -> None:
        """Record two rows that are one firm."""
        self.planted.duplicates.append({"kind": kind, "names": list(names), "places": [list(p) for p in places], "uscc": firm.uscc})
