"""准入打分表 as data: the shipped ones and a site's own, one YAML each; a broken one is refused with all reasons.

``how`` an item is scored: ``assessed`` (the assessors give 0 to ``max``), ``choice`` (points per option), ``line`` (``max`` from
``full_at`` on, 0 up to ``floor_at``, straight between), ``minus`` (``max`` from ``full_at`` on, ``minus`` points less for each
whole or part ``step`` below). ``of`` (and ``per``) name what the project told: a column of the project.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from liantu.kernel.home import home
from liantu.kernel.problems import UserError

MEASURES = {"invest_total": ("总投资", "Total investment", "万元"), "output_expected": ("预期产值", "Expected output", "万元"), "tax_expected": ("预计税收", "Expected tax", "万元"),
            "jobs_expected": ("预期就业", "Expected jobs", "人"), "land_mu": ("用地", "Land", "亩"), "plant_m2": ("厂房面积", "Plant", "平方米"), "energy_tce": ("年能耗", "Energy", "吨标煤")}
HOWS = {"assessed": (), "choice": ("options",), "line": ("of", "full_at", "floor_at", "unit"), "minus": ("of", "full_at", "step", "minus", "unit")}
HEAD = ("name", "zh", "en", "basis", "source", "confidence", "full_marks", "items", "vetoes")
PREFIX = "admission_"


@dataclass(frozen=True)
class Option:
    """One answer of an item with its points."""

    value: str
    zh: str
    en: str
    points: float


@dataclass(frozen=True)
class Item:
    """One item of a scorecard."""

    key: str
    zh: str
    en: str
    max: float
    how: str
    options: tuple[Option, ...] = ()
    of: str = ""
    per: str = ""
    full_at: float = 0
    floor_at: float = 0
    step: float = 1
    minus: float = 0
    unit: str = ""
    note: str = ""
    shows: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """A scorecard with where it comes from and how sure that is."""

    name: str
    zh: str
    en: str
    basis: str
    source: str
    confidence: str
    full_marks: float
    items: tuple[Item, ...]
    vetoes: tuple[Option, ...]

    @property
    def measures(self) -> tuple[str, ...]:
        """What the project must tell for the computed items."""
        return tuple(dict.fromkeys(m for i in self.items for m in (i.of, i.per, *i.shows) if m))


def read_form(text: str, file: str) -> Form:
    """A scorecard out of YAML. Raises UserError (``bad-form``) naming everything that is wrong with it."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as broken:
        raise UserError(f"{file} 不是有效的 YAML：{str(broken).splitlines()[0]}", code="bad-form", hint="请按 admission_tuanfeng.yaml 的写法。") from None
    wrong = list(faults(data))
    if wrong:
        raise UserError(f"打分表 {file} 有 {len(wrong)} 处不对：" + "；".join(wrong) + "。", code="bad-form", hint="改好后再用；写法见 admission_tuanfeng.yaml、admission_shouxian.yaml。")
    items = tuple(Item(**{k: tuple(v) if k == "shows" else tuple(Option(**o) for o in v) if k == "options" else v for k, v in told.items()}) for told in data["items"])
    vetoes = tuple(Option(v["key"], v["zh"], v["en"], 0) for v in data["vetoes"])
    return Form(data["name"], data["zh"], data["en"], data["basis"], data["source"], str(data["confidence"]), float(data["full_marks"]), items, vetoes)


def faults(data: Any) -> Iterator[str]:
    """Everything that is wrong with a scorecard."""
    if not isinstance(data, dict):
        yield "最外层应为「名称: 值」"
        return
    yield from (f"缺少 {key}" for key in HEAD if data.get(key) in (None, "", []) and not (key == "vetoes" and data.get(key) == []))
    yield from (f"不认识「{key}」" for key in data if key not in HEAD)
    items = data.get("items") if isinstance(data.get("items"), list) else []
    if data.get("items") is not None and not items:
        yield "items 应为列表，至少一项"
    for at, item in enumerate(items, 1):
        yield from (f"第 {at} 项{'「' + str(item.get('zh')) + '」' if isinstance(item, dict) and item.get('zh') else ''}：{text}" for text in _item_faults(item))
    keys = [i.get("key") for i in items if isinstance(i, dict)]
    yield from (f"items 里 key「{key}」写了 {keys.count(key)} 次" for key in dict.fromkeys(keys) if keys.count(key) > 1)
    total = sum(i["max"] for i in items if isinstance(i, dict) and _number(i.get("max")))
    if items and _number(data.get("full_marks")) and abs(total - data["full_marks"]) > 1e-9:
        yield f"各项满分合计 {total:g}，与 full_marks {data['full_marks']:g} 不等"
    for at, veto in enumerate(data.get("vetoes") if isinstance(data.get("vetoes"), list) else [], 1):
        if not isinstance(veto, dict) or not all(veto.get(k) for k in ("key", "zh", "en")):
            yield f"第 {at} 个一票否决项要有 key、zh、en"


def _number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _item_faults(item: Any) -> Iterator[str]:
    if not isinstance(item, dict):
        yield "应为「名称: 值」"
        return
    yield from (f"缺少 {key}" for key in ("key", "zh", "en", "how") if not item.get(key))
    yield from (f"不认识「{key}」" for key in item if key not in Item.__dataclass_fields__)
    if not _number(item.get("max")) or item["max"] <= 0:
        yield f"max 看到「{item.get('max')}」，应为大于 0 的数"
        return
    how = item.get("how")
    if how not in HOWS:
        yield f"how 看到「{how}」，应为 {'、'.join(HOWS)} 之一"
        return
    yield from (f"how 为 {how} 时要有 {key}" for key in HOWS[how] if item.get(key) in (None, ""))
    for key in ("of", "per", *(f"shows:{m}" for m in item.get("shows") or ())):
        value = key.removeprefix("shows:") if key.startswith("shows:") else item.get(key)
        if value and value not in MEASURES:
            yield f"{key.split(':')[0]} 看到「{value}」，应为 {'、'.join(MEASURES)} 之一"
    yield from _scale_faults(item, how)


def _scale_faults(item: dict[str, Any], how: str) -> Iterator[str]:
    """What is wrong with the scale of an item."""
    for key in ("full_at", "floor_at", "step", "minus"):
        if item.get(key) is not None and (not _number(item[key]) or item[key] < 0):
            yield f"{key} 看到「{item[key]}」，应为不小于 0 的数"
            return
    if how == "line" and None not in (item.get("full_at"), item.get("floor_at")) and item["full_at"] <= item["floor_at"]:
        yield f"full_at {item['full_at']:g} 应大于 floor_at {item['floor_at']:g}"
    if how == "minus" and item.get("step") == 0:
        yield "step 应大于 0"
    if how == "choice":
        options = item.get("options") if isinstance(item.get("options"), list) else []
        for option in options:
            if not isinstance(option, dict) or set(option) != {"value", "zh", "en", "points"} or not _number(option["points"]) or not 0 <= option["points"] <= item["max"]:
                yield f"选项「{option.get('zh') if isinstance(option, dict) else option}」要有 value、zh、en 和 0 到 {item['max']:g} 的 points"


@cache
def _shipped() -> dict[str, Form]:
    folder = files("liantu.data") / "forms"
    found = [read_form(p.read_text(encoding="utf-8"), p.name) for p in sorted(folder.iterdir(), key=lambda p: p.name) if p.name.startswith(PREFIX) and p.name.endswith(".yaml")]
    return {form.name: form for form in found}


def forms() -> dict[str, Form]:
    """All scorecards by name: the shipped ones, and the site's own (``admission_*.yaml`` in its folder) beside or in place of them."""
    own = [read_form(path.read_text(encoding="utf-8"), path.name) for path in sorted(home().glob(f"{PREFIX}*.yaml"))]
    return _shipped() | {form.name: form for form in own}


def form_of(name: str) -> Form:
    """A scorecard by name."""
    found = forms()
    if name not in found:
        raise UserError(f"没有打分表「{name[:40]}」。", code="unknown-form", hint="可用：" + "、".join(f"{n}（{f.zh}）" for n, f in found.items()))
    return found[name]
