"""Colours, words, signs and style rules of the drawings, said once: the style sheet of the page, the styles inside a
standalone SVG and the native slide shapes are all made from here.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

FONTS = ("Source Han Sans SC", "Noto Sans CJK SC", "Noto Sans SC", "PingFang SC", "Microsoft YaHei",
         "Hiragino Sans GB", "WenQuanYi Micro Hei", "SimHei", "Droid Sans Fallback")
FONT_FAMILY = ", ".join(f'"{name}"' for name in FONTS) + ", sans-serif"
SLIDE_FONT = "Microsoft YaHei"

INK = "#14263d"
MUTED = "#62748a"
FAINT = "#94a3b5"
LINE = "#d5e0eb"
GROUP_FILL = "#f4f8fb"
CARD_FILL = "#ffffff"
FLOW = "#9db9d6"
RETURN_FLOW = "#a9b3a0"
MASTER = "#9a6700"
ACCENT = "#14568c"
UPSTREAM = "#0f766e"
RED = "#c53b3b"
BANNER_FIRST, BANNER_LAST = "#173f66", "#697f99"


REGION_RAMP = ("#eef4fa", "#d7e6f3", "#b4d0e7", "#84b1d6", "#4f8cbf", "#1f669f")
KIND_COLOURS = ("#d64f5f", "#3f8fd6", "#8b66c9", "#e0a019", "#2fa27b", "#7a8699")


@dataclass(frozen=True)
class Status:
    """One status of a node: words, colours and the sign that tells it apart on a black-and-white print."""

    code: str
    zh: str
    en: str
    colour: str
    tint: str
    edge: str
    sign: str


WITHHELD = "withheld"
STATUSES: dict[str, Status] = {status.code: status for status in (
    Status("strong", "优势", "Strong", "#16805c", "#e3f4ec", "#bfe3d2", "●"),
    Status("fair", "基本", "Fair", "#2f6db3", "#eaf2fb", "#cddff2", "◐"),
    Status("weak", "薄弱", "Weak", "#b7791f", "#fdf5e6", "#f0ddb8", "○"),
    Status("at_risk", "风险", "At risk", "#7c3aed", "#f3edfd", "#d9c8f8", "▲"),
    Status("missing", "缺失", "Missing", "#c53b3b", "#fff5f5", "#e9a3a3", "缺"),
    Status(WITHHELD, "不公布", "Withheld", "#62748a", "#f4f6f8", "#ccd6e0", "※"),
)}
"""``withheld`` is no judgement: this version keeps the status back, so that no single firm's figure can be told."""

WORDS: dict[str, tuple[str, str]] = {
    "missing_mark": ("缺", "0"),
    "missing_count": ("缺{n}", "gaps {n}"),
    "firms": ("{n} 家", "{n}"),
    "nodes": ("{n} 个环节", "{n} nodes"),
    "master": ("链主企业", "Chain master"),
    "critical": ("关键环节", "Critical node"),
    "flow": ("供需关系（粗细为关系多少）", "Flows (width: number of links)"),
    "return": ("反向关系（回收、装备等）", "Backward flows (recycling …)"),
    "help": ("滚轮缩放 · 拖动平移 · 悬停看上下游 · 双击复位", "Wheel zooms, drag pans, hover shows neighbours"),
    "count": ("数字为企业家数", "Figures: enterprises"),
    "upstream": ("上游", "upstream"),
    "downstream": ("下游", "downstream"),
    "map": ("产业链图", "Chain map"),
    "status": ("状态", "Status"),
}


def word(key: str, language: str = "zh", **values: object) -> str:
    """A word of the drawing in Chinese (default) or English."""
    return WORDS[key][1 if language == "en" else 0].format(**values)


def bundle_width(weight: float) -> float:
    """Stroke width (px) of a bundle carrying links of this total weight: grows with the root, 1 to 8."""
    return round(min(8.0, 1.0 + 1.0 * math.sqrt(max(0.0, weight))), 2)


def status_of(code: str) -> Status:
    """The status with this code; an unknown one is an error of the caller."""
    try:
        return STATUSES[code]
    except KeyError:
        raise ValueError(f"unknown node status {code!r}; known: {', '.join(STATUSES)}") from None


def legend_statuses(counts: Mapping[str, int]) -> list[Status]:
    """The statuses that a legend explains: all judgements, and 不公布 only where a node stands so."""
    return [s for s in STATUSES.values() if s.code != WITHHELD or counts.get(s.code)]


def glyph(code: str, language: str = "zh") -> str:
    """The sign of a status inside a line of text."""
    return "✕" if code == "missing" and language == "en" else STATUSES[code].sign


def mix(one: str, two: str, share: float) -> str:
    """The colour ``share`` (0-1) of the way from one hex colour to another."""
    pairs = ((int(one[i:i + 2], 16), int(two[i:i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def banner_colour(index: int, count: int) -> str:
    """Colour of the chevron of a column: dark upstream, lighter downstream."""
    return mix(BANNER_FIRST, BANNER_LAST, index / max(1, count - 1))


Rules = dict[str, Mapping[str, str]]


def base_rules() -> Rules:
    """Rules that hold on the page and inside a standalone file (plain selectors that every renderer knows)."""
    rules: Rules = {
        ".chain-map text": {"font-family": FONT_FAMILY},
        ".chain-map .banner-name": {"fill": "#ffffff", "font-weight": "700", "text-anchor": "middle"},
        ".chain-map .group-box": {"fill": GROUP_FILL, "stroke": LINE, "stroke-width": "1"},
        ".chain-map .group-name": {"fill": INK, "font-weight": "700"},
        ".chain-map .group-firms": {"fill": MUTED},
        ".chain-map .group-missing": {"fill": RED, "font-weight": "700", "text-anchor": "end"},
        ".chain-map .card": {"fill": CARD_FILL, "stroke-width": "1"},
        ".chain-map .name": {"fill": INK},
        ".chain-map .critical-name": {"font-weight": "700"},
        ".chain-map .master": {"fill": MASTER},
        ".chain-map .critical": {"fill": INK},
        ".chain-map .count": {"font-weight": "700", "text-anchor": "middle"},
        ".chain-map .pill": {"stroke-width": "1"},
        ".chain-map .bundle": {"fill": "none", "stroke": FLOW, "stroke-opacity": "0.4"},
        ".chain-map .returning": {"stroke": RETURN_FLOW, "stroke-dasharray": "5 4"},
        ".chain-map .legend-text": {"fill": MUTED},
        ".chain-map .title": {"fill": INK, "font-weight": "700"},
        ".chain-map .subtitle": {"fill": MUTED},
        ".chain-map .footer": {"fill": FAINT},
        ".chain-map .mid": {"text-anchor": "middle"},
        ".chain-map .end": {"text-anchor": "end"},
    }
    for index in range(9):
        rules[f".chain-map .banner-{index}"] = {"fill": banner_colour(index, 9)}
    for status in STATUSES.values():
        rules |= _status_rules(status)
    return rules


def _status_rules(status: Status) -> Rules:
    head = f".chain-map .s-{status.code}"
    rules: Rules = {
        f"{head} .bar": {"fill": status.colour},
        f"{head} .card": {"stroke": status.edge},
        f"{head} .pill": {"fill": status.tint, "stroke": status.tint},
        f"{head} .count": {"fill": status.colour},
        f"{head} .segment": {"fill": status.colour},
    }
    if status.code == "strong":
        rules[f"{head} .pill"] = {"fill": status.colour, "stroke": status.colour}
        rules[f"{head} .count"] = {"fill": "#ffffff"}
    if status.code == "fair":
        rules[f"{head} .pill"] = {"fill": status.tint, "stroke": status.colour, "stroke-opacity": "0.55"}
    if status.code == "weak":
        rules[f"{head} .pill"] = {"fill": status.tint, "stroke": status.colour, "stroke-dasharray": "1.6 1.8"}
    if status.code == "missing":
        rules[f"{head} .card"] = {"fill": status.tint, "stroke": "#d96a6a", "stroke-dasharray": "3.5 2.5"}
        rules[f"{head} .pill"] = {"fill": "none", "stroke": "none"}
        rules[f"{head} .name"] = {"fill": "#7d2a2a"}
    return rules


def page_rules() -> Rules:
    """Rules of the page only: what hovering, focus and zooming change."""
    focused = ".chain-map.is-focused"
    return {
        ".chain-map": {"display": "block", "width": "100%", "height": "auto", "max-height": "100%",
                       "touch-action": "pan-y", "user-select": "none", "-webkit-user-select": "none"},
        ".chain-map.is-zoomed": {"touch-action": "none", "cursor": "grab"},
        ".chain-map.is-dragging": {"cursor": "grabbing"},
        ".chain-map .node": {"cursor": "pointer", "outline": "none", "transition": "opacity .15s"},
        ".chain-map .bundle, .chain-map .group-head": {"transition": "opacity .15s"},
        ".chain-map .node:hover .card, .chain-map .node:focus-visible .card": {"stroke": ACCENT, "stroke-width": "1.6"},
        ".chain-map .paths path": {"visibility": "hidden", "fill": "none", "stroke": ACCENT, "stroke-width": "1.5"},
        f"{focused} .bundles": {"opacity": "0.3"},
        f"{focused} .group-head": {"opacity": "0.45"},
        f"{focused} .node": {"opacity": "0.2"},
        f"{focused} .node.lit, {focused} .group-head.lit": {"opacity": "1"},
        f"{focused} .node.lit .card": {"stroke": ACCENT, "stroke-width": "1.3"},
        f"{focused} .node.centre .card": {"stroke": ACCENT, "stroke-width": "2.4"},
        f"{focused} .paths path.lit": {"visibility": "visible"},
        f"{focused} .paths path.up": {"stroke": UPSTREAM},
        f"{focused} .paths path.far": {"stroke-opacity": "0.5", "stroke-width": "1.1"},
        ".chain-map .hint": {"visibility": "hidden", "fill": INK},
        f"{focused} .hint": {"visibility": "visible"},
        f"{focused} .legend": {"visibility": "hidden"},
    }


def _text(rules: Rules) -> str:
    return "\n".join(f"{selector} {{ {'; '.join(f'{key}: {value}' for key, value in body.items())} }}"
                     for selector, body in rules.items())


def standalone_css() -> str:
    """The styles that go inside one SVG file."""
    return _text(base_rules())


def css() -> str:
    """The style sheet ``static/liantu/chain_map.css`` (a test keeps the file equal to this)."""
    return "\n".join((
        "/* Made by liantu.drawing.style.css(); change it there. */",
        _text(base_rules()),
        _text(page_rules()),
        "@media (prefers-reduced-motion: reduce) { .chain-map * { transition: none } }",
        "@media print {",
        "  .chain-map { max-height: none; print-color-adjust: exact; -webkit-print-color-adjust: exact }",
        "  .chain-map .node, .chain-map .bundles, .chain-map .group-head { opacity: 1 }",
        "  .chain-map .paths, .chain-map .hint, .chain-map .help { display: none }",
        "  .chain-map.is-focused .legend { visibility: visible }",
        "}", ""))


if __name__ == "__main__":
    print(css(), end="")
