"""Masthead, office and recipients of the papers: data of the package, replaced item by item by the site's ``papers.yaml``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from typing import Any

import polars as pl
import yaml

from liantu.kernel.edition import Edition
from liantu.kernel.home import home
from liantu.kernel.problems import UserError

OWN = "papers.yaml"


@dataclass(frozen=True)
class PaperWords:
    """What stands at a paper's head and end."""

    masthead: str
    issue: str
    issuer: str
    reported_to: tuple[str, ...]
    sent_to: tuple[str, ...]


def paper_words(kind: str, edition: Edition, language: str = "zh") -> PaperWords:
    """The words of a ``brief`` or a ``meeting`` on an edition."""
    said = _merged(_read((files("liantu.data") / "forms" / OWN).read_text(encoding="utf-8")), _own())["zh" if language == "zh" else "en"]
    own = said[kind]
    filled = {"district": district(edition), "year": edition.manifest.as_of[:4]}
    try:
        office, issue = (str(text).format(**filled) for text in (own.get("issuer", said["issuer"]), own["issue"]))
    except (KeyError, ValueError, IndexError) as broken:
        raise UserError(f"{OWN} 里的花括号填不出来：{broken}", code="bad-papers-file", hint="只能写 {district} 和 {year}。") from broken
    return PaperWords(str(own["masthead"]), issue, office.strip(", "), _names(own["reported_to"]), _names(own["sent_to"]))


def _names(given: Any) -> tuple[str, ...]:
    """One name or several."""
    return tuple(str(name) for name in given) if isinstance(given, list) else (str(given),) if given else ()


def district(edition: Edition) -> str:
    """The name of the district that the edition is about: the one region in force that is no city (GB/T 2260: codes of cities end in 00) and holds no other; else empty."""
    if "region" not in edition.manifest.tables:
        return ""
    regions = edition.table("region").filter(pl.col("valid_until").is_null())
    lowest = regions.filter(~pl.col("id").is_in(regions["parent"].drop_nulls().to_list()), ~pl.col("code").str.ends_with("00"))
    return str(lowest["name"][0]) if lowest.height == 1 else ""


def day_words(day: date, language: str = "zh") -> str:
    """2026年10月20日, 20 October 2026."""
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else f"{day.day} {day:%B %Y}"


def _own() -> dict[str, Any]:
    path = home() / OWN
    return _read(path.read_text(encoding="utf-8")) if path.exists() else {}


def _read(text: str) -> dict[str, Any]:
    try:
        found = yaml.safe_load(text) or {}
    except yaml.YAMLError as broken:
        raise UserError(f"{OWN} 读不懂：{broken}", code="bad-papers-file", hint="缩进用空格，冒号后留一个空格。") from broken
    if not isinstance(found, dict):
        raise UserError(f"{OWN} 应当是「名称: 值」的形式。", code="bad-papers-file")
    return found


def _merged(base: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """The package's words with the site's in their place."""
    return base | {k: _merged(base[k], v) if isinstance(base.get(k), dict) and isinstance(v, dict) else v for k, v in own.items()}
