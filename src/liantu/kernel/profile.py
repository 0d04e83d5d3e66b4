"""The set as a profile: which maps and lists make up a place's 图 and 清单, with its titles, columns, filters, lamps and words.

A profile is YAML (``data/profiles``, or ``profile.yaml`` in the site's folder). A list is a saved query with columns on an
edition, never a table: adding one needs no code. How to write one stands in ``docs/profiles.md``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import lru_cache
from typing import Any

from liantu.kernel.columns import Choice, Column
from liantu.kernel.output import Result, outputs
from liantu.kernel.parameter import BASES, rule_faults
from liantu.kernel.problems import UserError
from liantu.kernel.profile_file import PARTS, Lined, Source, shipped, source
from liantu.kernel.profile_part import Gap, Part, part_faults, part_result
from liantu.kernel.release import may_have

__all__ = ["Gap", "Lamp", "Part", "Profile", "part_columns", "part_result", "profile", "profiles"]

PART_KEYS = ("code", "output", "title", "title_en", "columns", "where", "sort", "limit", "options")
RECORD_NUMBER = "号"
DIGITS = {word: number for number, word in enumerate("零一二三四五六七八九十")} | {"两": 2, "俩": 2}
_COUNTED = re.compile(r"([零一二三四五六七八九十两俩\d]+|[NnMmXx]|若干|多)\s*[张个幅]?\s*(图|清单)")
_COLOUR = re.compile(r"#[0-9a-f]{6}")


@dataclass(frozen=True)
class Lamp:
    """How one value of a lamp is called, what it means here, and its colour (``#rrggbb``)."""

    value: str
    zh: str
    en: str
    meaning: str
    meaning_en: str
    colour: str


@dataclass(frozen=True)
class Profile:
    """A place's set. ``gaps`` are titles of the set without an output here; ``key_chains`` are the chains that the level
    above counts; ``own`` tells that the site chose it and not the package.
    """

    code: str
    zh: str
    en: str
    basis: str
    source: str
    valid_from: date | None
    valid_until: date | None
    title_of_set: str
    title_of_set_en: str
    maps: tuple[Part, ...]
    lists: tuple[Part, ...]
    optional: tuple[Part, ...]
    gaps: tuple[Gap, ...]
    lamps: Mapping[str, Mapping[str, Lamp]] = field(hash=False)
    words: Mapping[str, Mapping[str, tuple[str, str]]] = field(hash=False)
    key_chains: tuple[str, ...] = ()
    key_clusters: tuple[str, ...] = ()
    rules: Any = field(default=None, hash=False)
    faults: tuple[str, ...] = ()
    own: bool = False

    def problems(self) -> list[str]:
        """Everything wrong with the profile, each told with its line, what was seen and what would be right; empty when it can be used."""
        found = [*self.faults, *self._title_faults(), *rule_faults(self.rules), *self._word_faults(), *self._lamp_faults()]
        seen: set[str] = set()
        for part in (*self.maps, *self.lists, *self.optional):
            if part.code in seen:
                found.append(f"{part.at}：代码「{part.code}」用了两次。请给每张图、每张清单一个自己的代码。")
            seen.add(part.code)
            found += part_faults(part)
        return found

    def notices(self, on: date) -> list[str]:
        """What a user should know on a day though nothing is broken: not yet or no longer valid, titles without an output."""
        told = [f"「{gap.title}」：{gap.note}" for gap in self.gaps]
        if self.valid_until and on > self.valid_until:
            told.append(f"档案「{self.zh}」的依据到 {self.valid_until} 为止，请核对是否已有新的文件。")
        if self.valid_from and on < self.valid_from:
            told.append(f"档案「{self.zh}」自 {self.valid_from} 起适用。")
        return told

    def lamp(self, kind: str, value: str, language: str = "zh") -> tuple[str, str, str]:
        """(word, meaning, colour as ``#rrggbb``) of a lamp. ``kind`` is a workflow (``project``) or an output (``project_list``)."""
        try:
            lamp = self.lamps[kind][value]
        except KeyError:
            known = "、".join(self.lamps[kind]) if kind in self.lamps else "、".join(self.lamps)
            raise UserError(f"档案「{self.zh}」没有 {kind} 的灯「{value}」。", code="unknown-lamp", hint=f"现有：{known}") from None
        return (lamp.zh, lamp.meaning, lamp.colour) if language == "zh" else (lamp.en, lamp.meaning_en, lamp.colour)

    def _title_faults(self) -> Iterator[str]:
        found = {kind: count for count, kind in _COUNTED.findall(self.title_of_set)}
        counts = {"图": len(self.maps) + sum(g.kind == "map" for g in self.gaps), "清单": len(self.lists) + sum(g.kind == "list" for g in self.gaps)}
        for kind, text in found.items():
            said = _number(text)
            if said is not None and said != counts[kind]:
                yield f"名称「{self.title_of_set}」说有 {said} 张{kind}，实际配了 {counts[kind]} 张。请改名称，或增减{kind}。"

    def _word_faults(self) -> Iterator[str]:
        known: dict[str, set[str]] = {}
        for output in outputs().values():
            for column in output.columns:
                if column.choices:
                    known.setdefault(column.name, set()).update(c.value for c in column.choices)
        for name, values in self.words.items():
            if name not in known:
                yield f"words：没有可选项的列「{name}」。现有：{'、'.join(sorted(known))}。"
                continue
            yield from (f"words：列 {name} 没有选项「{value}」。现有：{'、'.join(sorted(known[name]))}。" for value in values if value not in known[name])

    def _lamp_faults(self) -> Iterator[str]:
        for kind, lamps in self.lamps.items():
            yield from (f"lamps：{kind} 的 {lamp.value} 颜色看到「{lamp.colour}」，应为 #rrggbb，如 #c53b3b。" for lamp in lamps.values() if not _COLOUR.fullmatch(lamp.colour))
            output = outputs().get(kind)
            if output is not None and any(c.name == "lamp" for c in output.columns):
                missing = [c.value for c in output.column("lamp").choices if c.value not in lamps]
                yield from (f"lamps：{kind} 会亮「{value}」，这套灯没有写它。请在 lamps 里补上。" for value in missing)


def profiles() -> list[str]:
    """Codes of the shipped profiles."""
    return shipped()


def profile(code: str | None = None) -> Profile:
    """A shipped profile by its code, or the one that this site uses."""
    return made(source(code))


@lru_cache(maxsize=32)
def made(found: Source) -> Profile:
    """A profile from what its file says. Entries that cannot be read are left out and told in ``faults``."""
    data, faults = found.data, list(found.faults)
    parts = {group: tuple(_parts(data, group, faults)) for group in PARTS}
    if data.get("basis") not in BASES:
        faults.append(f"{data.where('basis')}：basis 看到「{data.get('basis')}」，应为 {'、'.join(BASES)} 之一。")
    for key in ("valid_from", "valid_until"):
        if data.get(key) is not None and not isinstance(data[key], date):
            faults.append(f"{data.where(key)}：{key} 看到「{data[key]}」，应为日期，如 2026-12-31。")
    days = {key: data[key] if isinstance(data.get(key), date) else None for key in ("valid_from", "valid_until")}
    title = str(data.get("title_of_set", ""))
    return Profile(found.code, str(data.get("zh", found.code)), str(data.get("en", found.code)), str(data.get("basis")), str(data.get("source", "")),
                   days["valid_from"], days["valid_until"], title, str(data.get("title_of_set_en") or title), parts["maps"], parts["lists"], parts["optional"],
                   tuple(_gaps(data, faults)), _lamps(data, faults), _words(data, faults), tuple(data.get("key_chains") or ()), tuple(data.get("key_clusters") or ()),
                   data.get("rules"), tuple(faults), found.own)


def _parts(data: Lined, group: str, faults: list[str]) -> Iterator[Part]:
    entries = data.get(group) or []
    if not isinstance(entries, list):
        faults.append(f"{data.where(group)}：{group} 看到「{entries}」，应为一列「- code: …」。")
        return
    for entry in entries:
        if not isinstance(entry, Lined) or not entry.get("code") or not entry.get("output") or not entry.get("title"):
            at = entry.where() if isinstance(entry, Lined) else data.where(group)
            told = "、".join(entry) if isinstance(entry, Lined) else str(entry)
            faults.append(f"{at}：看到「{told}」，每张图、每张清单要有 code、output、title。")
            continue
        faults += [f"{entry.where(key)}：看到「{key}」，不认识。可写：{'、'.join(PART_KEYS)}。" for key in entry if key not in PART_KEYS]
        yield _part(entry, faults)


def _part(entry: Lined, faults: list[str]) -> Part:
    where, limit, sort, options = entry.get("where") or {}, entry.get("limit"), entry.get("sort") or [], entry.get("options") or {}
    if not isinstance(where, dict):
        faults.append(f"{entry.where('where')}：where 看到「{where}」，应为「列名: 值」。")
        where = {}
    if limit is not None and (not isinstance(limit, int) or isinstance(limit, bool) or limit < 1):
        faults.append(f"{entry.where('limit')}：limit 看到「{limit}」，应为正整数。")
        limit = None
    if not isinstance(options, dict):
        faults.append(f"{entry.where('options')}：options 看到「{options}」，应为「名字: 值」。")
        options = {}
    order = tuple(str(s) for s in (sort if isinstance(sort, list) else [sort]))
    return Part(str(entry["code"]), str(entry["output"]), str(entry["title"]), str(entry.get("title_en") or entry["title"]), tuple(_columns(entry, faults)), tuple(where.items()),
                order, limit, options, entry.where())


def _columns(entry: Lined, faults: list[str]) -> Iterator[tuple[str, str]]:
    """``- lamp`` or ``- lamp: 亮灯``; the second gives the column a header of its own."""
    columns = entry.get("columns") or []
    if not isinstance(columns, list):
        faults.append(f"{entry.where('columns')}：columns 看到「{columns}」，应为一列「- 列名」或「- 列名: 表头」。")
        return
    for column in columns:
        if isinstance(column, dict) and len(column) == 1:
            (name, header), = column.items()
            yield str(name), str(header)
        elif isinstance(column, str):
            yield column, ""
        else:
            faults.append(f"{entry.where('columns')}：columns 里看到「{column}」，应为「- 列名」或「- 列名: 表头」。")


def _gaps(data: Lined, faults: list[str]) -> Iterator[Gap]:
    for entry in data.get("gaps") or ():
        if isinstance(entry, Lined) and entry.get("kind") in ("map", "list") and entry.get("title") and entry.get("note"):
            yield Gap(str(entry["kind"]), str(entry["title"]), str(entry.get("title_en") or entry["title"]), str(entry["note"]))
        else:
            faults.append(f"{data.where('gaps')}：gaps 里看到「{entry}」，每条要有 kind（map 或 list）、title、note（为什么没有）。")


def _lamps(data: Lined, faults: list[str]) -> dict[str, dict[str, Lamp]]:
    """Lamps per workflow and per output: a named set of ``lamp_sets``, with a workflow's own words laid over it."""
    sets = data.get("lamp_sets") or {}
    found: dict[str, dict[str, Lamp]] = {}
    for kind, entry in (data.get("lamps") or {}).items():
        if not isinstance(entry, Lined) or entry.get("set", "") not in sets:
            faults.append(f"{data.where('lamps')}：lamps.{kind} 看到「{entry.get('set') if isinstance(entry, Lined) else entry}」，应写 set: 灯组。现有：{'、'.join(sets)}。")
            continue
        own = {value: told for value, told in entry.items() if value not in ("set", "outputs")}
        base = {value: told for value, told in sets[entry["set"]].items() if isinstance(told, Lined)}
        told = {value: _lamp(value, {**base.get(value, {}), **(own[value] if isinstance(own.get(value), dict) else {})}) for value in {**base, **own}}
        for name in (kind, *(entry.get("outputs") or ())):
            found[str(name)] = told
    return found


def _lamp(value: str, told: Mapping[str, Any]) -> Lamp:
    zh, meaning = str(told.get("zh", value)), str(told.get("meaning", ""))
    return Lamp(value, zh, str(told.get("en", zh)), meaning, str(told.get("meaning_en", meaning)), str(told.get("colour", "")))


def _words(data: Lined, faults: list[str]) -> dict[str, dict[str, tuple[str, str]]]:
    found: dict[str, dict[str, tuple[str, str]]] = {}
    for column, values in (data.get("words") or {}).items():
        if not isinstance(values, dict):
            faults.append(f"{data.where('words')}：words.{column} 看到「{values}」，应为「选项: 叫法」。")
            continue
        found[column] = {value: (str(word.get("zh", value)), str(word.get("en", word.get("zh", value)))) if isinstance(word, dict) else (str(word), "") for value, word in values.items()}
    return found


def _number(text: str) -> int | None:
    """A count as written (四, 12, 十二); None for N and the like."""
    if text.isdigit():
        return int(text)
    if any(letter not in DIGITS for letter in text):
        return None
    tens, mark, ones = text.partition("十")
    if not mark:
        return DIGITS[text] if len(text) == 1 else None
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)


def part_columns(part: Part, result: Result, using: Profile | None = None) -> tuple[Column, ...]:
    """The columns of a part that the result's version may show, in the part's order, with the place's headers and words.

    A part that names no columns shows all but the record numbers. A version that has not the output gets no column.
    """
    if not may_have(result.output, result.version):
        return ()
    chosen = using or profile()
    shown = {c.name: c for c in result.columns}
    wished = part.columns or tuple((name, "") for name, column in shown.items() if column.unit != RECORD_NUMBER)
    for name, _ in wished:
        result.output.column(name)
    return tuple(_in_words(replace(shown[name], zh=header or shown[name].zh), result.output.name, chosen) for name, header in wished if name in shown)


def _in_words(column: Column, output: str, chosen: Profile) -> Column:
    """A column whose choices are called as the place calls them."""
    own = chosen.words.get(column.name, {})
    lamps = chosen.lamps.get(output, {}) if column.name == "lamp" else {}
    if not own and not lamps:
        return column

    def called(choice: Choice) -> Choice:
        if choice.value in lamps:
            return replace(choice, zh=lamps[choice.value].zh, en=lamps[choice.value].en)
        zh, en = own.get(choice.value, (choice.zh, ""))
        return replace(choice, zh=zh, en=en or choice.en)

    return replace(column, choices=tuple(called(c) for c in column.choices))
