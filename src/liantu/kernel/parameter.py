"""Dated, sourced numbers: one YAML per rule, the value that was in force on a day, and where it comes from.

A profile may put its own numbers in their place (``rules:``); they carry their own basis and source and are honoured wherever
the rule is used. Since the values take part in the key under which results are kept, other numbers give other results.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from liantu.kernel.problems import UserError
from liantu.kernel.profile_file import Lined, source

BASES = {"official": "官方", "local": "本地", "liantu_default": "liantu 默认"}
RULE_KEYS = ("value", "basis", "source", "since", "until")


@dataclass(frozen=True)
class Parameter:
    """One dated value of a rule. ``basis`` is ``official``, ``local`` or ``liantu_default``."""

    name: str
    zh: str
    en: str
    basis: str
    since: date
    until: date | None
    source: str
    value: Any
    names: tuple[tuple[str, str, str], ...] = ()

    def figures(self, language: str = "zh") -> list[tuple[str, Any]]:
        """Its numbers one by one with their words: (规上企业不超过此数，判为薄弱, 1), …."""
        words = {name: zh if language == "zh" else en for name, zh, en in self.names}
        entries = self.value.items() if isinstance(self.value, dict) else [(self.name, self.value)]
        flat = [(f"{words.get(k, k)}：{words.get(inner, inner)}", v) for k, value in entries if isinstance(value, dict) for inner, v in value.items()]
        return [(words.get(k, k), v) for k, v in entries if not isinstance(v, dict)] + flat

    @property
    def mark(self) -> str:
        """The mark shown beside figures that rest on it."""
        return BASES[self.basis]


@cache
def _history(name: str) -> tuple[Parameter, ...]:
    path = files("liantu.data") / "parameters" / f"{name}.yaml"
    if not path.is_file():
        raise UserError(f"没有参数「{name}」。", code="unknown-parameter", hint="现有：" + "、".join(parameter_names()))
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    return tuple(Parameter(name, data["zh"], data["en"], entry["basis"], entry["since"], entry.get("until"), entry["source"], entry["value"],
                           tuple((key, zh, en) for key, (zh, en) in data.get("words", {}).items()))
                 for entry in data["values"])


def parameter_names() -> list[str]:
    """Names of all parameters."""
    return sorted(p.name.removesuffix(".yaml") for p in (files("liantu.data") / "parameters").iterdir() if p.name.endswith(".yaml"))


def parameter(name: str, on: date | None = None) -> Parameter:
    """The value of a rule in force on a day (today when not given): the site's profile's own, else the shipped one."""
    day = on or date.today()
    shipped = _in_force(name, day)
    rules = source().data.get("rules")
    own = rules.get(name) if isinstance(rules, Lined) else None
    if own is None or any(_faults(name, own)):
        return shipped
    since, until = own.get("since", shipped.since), own.get("until")
    if day < since or (until is not None and day > until):
        return shipped
    return replace(shipped, basis=own.get("basis", "local"), since=since, until=until, source=own["source"], value=_laid_over(shipped.value, own["value"]))


def _in_force(name: str, day: date) -> Parameter:
    for entry in reversed(_history(name)):
        if entry.since <= day and (entry.until is None or day <= entry.until):
            return entry
    raise UserError(f"参数「{name}」在 {day} 没有有效值。", code="parameter-not-in-force")


def _laid_over(value: Any, own: Any) -> Any:
    """The own numbers over the shipped ones; numbers that are not told stay."""
    if isinstance(value, dict) and isinstance(own, dict):
        return {key: _laid_over(inner, own[key]) if key in own else inner for key, inner in value.items()}
    return own


def rule_faults(rules: Any) -> Iterator[str]:
    """What is wrong with a profile's ``rules:``; a rule with a fault is not used, the shipped one stays in force."""
    if rules is None:
        return
    if not isinstance(rules, Lined):
        yield f"rules：看到「{rules}」，应为「参数名: {{value: …, source: …}}」。"
        return
    for name, own in rules.items():
        yield from (f"{fault}这条规则没有采用。" for fault in _faults(name, own, rules))


def _faults(name: str, own: Any, rules: Lined | None = None) -> Iterator[str]:
    at = own.where() if isinstance(own, Lined) else (rules.where(name) if rules else "rules")
    if name not in parameter_names():
        yield f"{at}：没有参数「{name}」。现有：{'、'.join(parameter_names())}。"
        return
    if not isinstance(own, Lined) or "value" not in own or not isinstance(own.get("source"), str):
        yield f"{at}：规则 {name} 要有 value（数值）和 source（依据哪份文件）。"
        return
    yield from (f"{own.where(key)}：规则 {name} 看到「{key}」，不认识。可写：{'、'.join(RULE_KEYS)}。" for key in own if key not in RULE_KEYS)
    if own.get("basis", "local") not in BASES:
        yield f"{own.where('basis')}：basis 看到「{own['basis']}」，应为 {'、'.join(BASES)} 之一。"
    yield from (f"{own.where(key)}：{key} 看到「{own[key]}」，应为日期，如 2026-01-01。" for key in ("since", "until") if own.get(key) is not None and not isinstance(own[key], date))
    yield from _value_faults(_history(name)[-1].value, own["value"], name, own.where("value"))


def _value_faults(shipped: Any, own: Any, name: str, at: str) -> Iterator[str]:
    if isinstance(shipped, dict):
        if not isinstance(own, Lined):
            yield f"{at}：{name} 看到「{own}」，应逐项写，现有：{'、'.join(shipped)}。"
            return
        for key, value in own.items():
            if key in shipped:
                yield from _value_faults(shipped[key], value, f"{name}.{key}", own.where(key))
            else:
                yield f"{own.where(key)}：{name} 没有「{key}」。现有：{'、'.join(shipped)}。"
    elif isinstance(shipped, int | float) and not isinstance(shipped, bool) and (not isinstance(own, int | float) or isinstance(own, bool)):
        yield f"{at}：{name} 看到「{own}」，应为数字，如 {shipped}。"
    elif isinstance(shipped, bool | list | str) and not isinstance(own, type(shipped)):
        yield f"{at}：{name} 看到「{own}」，应为 {'、'.join(map(str, shipped)) + ' 这样的列表' if isinstance(shipped, list) else '同类的值，如 ' + str(shipped)}。"
