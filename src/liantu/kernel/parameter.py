"""Dated, sourced numbers: one YAML per rule, the value that was in force on a day, and where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from liantu.kernel.problems import UserError

BASES = {"official": "官方", "local": "本地", "liantu_default": "liantu 默认"}


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
    """The value of a rule in force on a day (today when not given)."""
    day = on or date.today()
    for entry in reversed(_history(name)):
        if entry.since <= day and (entry.until is None or day <= entry.until):
            return entry
    raise UserError(f"参数「{name}」在 {day} 没有有效值。", code="parameter-not-in-force")
