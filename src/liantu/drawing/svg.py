"""The chain map as SVG: for the page (classes and data attributes only) or as one standalone file with its styles."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from html import escape

from . import style
from .planning import badge_width, name_widths
from .shapes import Banner, Box, Bundle, Card, GroupBox, Layout, NodePath, Path
from .short_names import fit_name, smallest_size
from .style import STATUSES, legend_statuses, word
from .text import clean, fit, text_width

STRIP = 24.0
BAR = 4.0
PILL, SLIM_PILL = 3.2, 1.6


def number(value: float) -> str:
    """A coordinate with at most one decimal."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if value % 1 else str(int(value))


def attributes(**values: object) -> str:
    """Attributes in the order given; None and empty text are left out; a trailing underscore is dropped."""
    parts = []
    for key, value in values.items():
        if value is None or value == "":
            continue
        shown = number(value) if isinstance(value, float) else clean(str(value))
        parts.append(f' {key.rstrip("_").replace("_", "-")}="{escape(shown)}"')
    return "".join(parts)


def tag(name: str, content: str = "", **values: object) -> str:
    """One element; ``content`` is markup already escaped."""
    head = f"<{name}{attributes(**values)}"
    return f"{head}>{content}</{name}>" if content else f"{head}/>"


def label(text: str, x: float, y: float, size: float, class_: str, **more: object) -> str:
    """One line of text; ``y`` is the baseline."""
    return tag("text", escape(clean(text), quote=False), class_=class_, x=float(x), y=float(y), font_size=float(size), **more)


def rectangle(box: Box, class_: str, radius: float = 0.0, **more: object) -> str:
    return tag("rect", "", class_=class_, x=float(box.x), y=float(box.y), width=float(box.w), height=float(box.h),
               rx=float(radius) if radius else None, **more)


def path_data(path: Path) -> str:
    """The ``d`` attribute of a stroke."""
    first, *rest = path
    parts = [f"M{number(first[0])} {number(first[1])}"]
    for point in rest:
        parts.append(("L" if len(point) == 2 else "C") + " ".join(number(value) for value in point))
    return "".join(parts)


def safe_href(href: str) -> str:
    """The address if it is relative or http(s), else nothing."""
    href = clean(href)
    scheme = re.match(r"[^/?#]*:", href)
    return href if not scheme or scheme.group(0).lower() in ("http:", "https:") else ""


def named(thing: object, language: str) -> str:
    """The name of a stage, group or node in the language asked for."""
    zh, en = getattr(thing, "zh"), getattr(thing, "en")  # noqa: B009
    return (en or zh) if language == "en" else (zh or en)


def banner(item: Banner, count: int, language: str) -> str:
    """The chevron of a column with its name."""
    box, tip = item.box, 9.0
    points = [(box.x, box.y), (box.right - tip, box.y), (box.right, box.cy), (box.right - tip, box.bottom),
              (box.x, box.bottom)]
    if item.index:
        points.append((box.x + tip, box.cy))
    fitted = fit_name(named(item.stage, language), (box.w - 2 * tip - 14,), 12, smallest_size(language), language)
    shade = round(item.index / max(1, count - 1) * 8)
    outline = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points) + "Z"
    return tag("g", tag("path", class_=f"banner-{shade}", d=outline)
               + label(fitted.lines[0] if fitted.lines else "", box.cx + tip * 0.3, box.cy + fitted.size * 0.36, fitted.size,
                       "banner-name") + _tooltip(named(item.stage, language) if "".join(fitted.lines) != named(item.stage, language) else ""), class_="stage")


def _tooltip(text: str) -> str:
    return tag("title", escape(clean(text), quote=False)) if text else ""


def group(item: GroupBox, layout: Layout, language: str) -> str:
    """A group box with its header; a collapsed one with counts by status."""
    box, density = item.box, layout.density
    size, base = density.name_size, item.box.y + density.header - 7
    missing = word("missing_count", language, n=item.missing) if item.missing else ""
    firms = word("firms", language, n=item.firms)
    room = box.w - 2 * density.pad - 2
    taken = text_width(firms, density.small_size) + (text_width(missing, size) + 8 if missing else 0) + 8
    fitted = fit_name(named(item.group, language), (room - taken,), size, smallest_size(language), language)
    name = fitted.lines[0] if fitted.lines else ""
    x = box.x + density.pad + 1
    parts = [rectangle(box, "group-box", 6),
             label(name, x, base, fitted.size, "group-name"),
             label(firms, x + text_width(name, fitted.size) * 1.02 + 7, base, density.small_size, "group-firms")]
    if missing:
        parts.append(label(missing, box.right - density.pad - 1, base, density.small_size + 0.5, "group-missing"))
    if item.collapsed:
        parts.append(_status_counts(item, density.small_size))
    parts.append(_tooltip(named(item.group, language) if name != named(item.group, language) else ""))
    return tag("g", "".join(parts), class_="group-head" + (" collapsed" if item.collapsed else ""),
               data_group=item.group.code)


def _status_counts(item: GroupBox, size: float) -> str:
    """A bar split by status, with a sign and a count under each part."""
    box, parts = item.box, []
    x, width = box.x + 7, box.w - 14
    top = box.bottom - size - 7.5
    present = [status for status in STATUSES.values() if item.counts.get(status.code)]
    cell = width / max(1, len(STATUSES))
    for index, status in enumerate(present):
        count = item.counts[status.code]
        share = width * count / item.size
        part = rectangle(Box(x, top, max(1.0, share - 1), 3.5), "segment")
        part += label(f"{status.sign}{count}", box.x + 7 + cell * index, box.bottom - 3, size, "legend-text")
        parts.append(tag("g", part, class_=f"s-{status.code}"))
        x += share
    return "".join(parts)


def bar(code: str, box: Box) -> str:
    """The left edge of a card: thick, thin, broken, notched or absent, so that it survives black-and-white print."""
    x, top, height = box.x + 1.5, box.y + 3.5, box.h - 7
    if code == "missing":
        return ""
    if code == "weak":
        piece = (height - 4) / 3
        return "".join(rectangle(Box(x, top + i * (piece + 2), 3, piece), "bar", 1) for i in range(3))
    return rectangle(Box(x, top, {"strong": BAR + 0.5, "fair": 2.2}.get(code, 3), height), "bar", 1)


def _pill(card: Card, layout: Layout, middle: float, slim: bool, language: str) -> str:
    """The count at the right; slim beside the first of several lines, so that it does not touch the second."""
    node, size = card.node, layout.density.small_size
    width, height = badge_width(node, layout.density), size + (SLIM_PILL if slim else PILL)
    box = Box(card.box.right - width - 3, max(card.box.y + 1.6, middle - height / 2), width, height)
    text = word("missing_mark", language) if node.status == "missing" else str(node.firms)
    if node.status == "at_risk":
        text = "▲" + text
    pill = "" if node.status == "missing" else rectangle(box, "pill", height / 2)
    return pill + label(text, box.cx, box.cy + size * 0.36, size, "count")


def described(card: Card, language: str) -> str:
    """The card in words: tooltip and aria label."""
    node, status = card.node, STATUSES[card.node.status]
    words = [named(node, language), status.en if language == "en" else status.zh, word("firms", language, n=node.firms)]
    if node.critical:
        words.append(word("critical", language))
    if node.master:
        words.append(f"{word('master', language)} {node.master}")
    if node.note:
        words.append(node.note)
    return clean((", " if language == "en" else "，").join(words))


def card_lines(card: Card, layout: Layout, language: str) -> tuple[tuple[str, ...], float, bool]:
    """The lines of the name that fit the card, their size, and whether the name was cut."""
    density, node = layout.density, card.node
    widths = name_widths(node, density, card.box.w)
    room = 1 if node.master and card.box.h < density.heights[2] else 2
    fitted = fit_name(named(node, language), widths[:room], density.name_size, smallest_size(language), language)
    return fitted.lines, fitted.size, fitted.cut


def node_card(card: Card, layout: Layout, language: str, interactive: bool) -> str:
    """One card with all its signs."""
    node, box, density = card.node, card.box, layout.density
    lines, size, _ = card_lines(card, layout, language)
    master = fit("★" + node.master, (box.w - 12,), density.small_size, 8.5) if node.master else None
    heights = [size * 1.14] * len(lines) + ([density.small_size * 1.16] if master else [])
    y = box.cy - sum(heights) / 2
    parts = [rectangle(box, "card", 4), bar(node.status, box)]
    if node.critical:
        parts.append(tag("path", class_="critical", d=path_data(
            ((box.right - 7, box.bottom - 0.5), (box.right - 0.5, box.bottom - 7), (box.right - 0.5, box.bottom - 0.5))) + "Z"))
    several = len(heights) > 1
    parts.append(_pill(card, layout, y + size * 0.46 if several else box.cy, several, language))
    for line in lines:
        y += size * 1.14
        parts.append(label(line, box.x + 9, y - size * 0.22, size, "name critical-name" if node.critical else "name"))
    if master:
        y += density.small_size * 1.16
        parts.append(label(master.lines[0], box.x + 8.5, y - density.small_size * 0.2, master.size, "master"))
    title = described(card, language)
    parts.append(_tooltip(title))
    class_ = f"node s-{node.status}"
    if not interactive:
        return tag("g", "".join(parts), class_=class_)
    href = safe_href(node.href)
    return tag("a" if href else "g", "".join(parts), class_=class_, href=href, data_code=node.code,
               data_group=node.group, tabindex="0", role=None if href else "button", aria_label=title)


def bundle(item: Bundle, interactive: bool) -> str:
    return tag("path", class_="bundle returning" if item.returning else "bundle", d=path_data(item.path),
               stroke_width=float(item.width), data_from=item.source if interactive else None,
               data_to=item.target if interactive else None)


def node_path(item: NodePath, marker: str) -> str:
    return tag("path", data_from=item.source, data_to=item.target, data_back="true" if item.returning else None, data_item="、".join(item.items),
               d=path_data(item.path), marker_end=f"url(#{marker})")


def _status_sample(layout: Layout, code: str, place: tuple[float, float], language: str) -> str:
    """The sign of a status as the map shows it: a small card, or the glyph of the counts when collapsed."""
    (x, y), base = place, place[1] + 15
    if layout.collapsed:
        return rectangle(Box(x, y + 5, 3, 13), "segment") + label(STATUSES[code].sign, x + 5, base, 9, "legend-text")
    box, sign = Box(x, y + 5, 26, 14), {"missing": word("missing_mark", language), "at_risk": "▲"}.get(code, "n")
    pill = "" if code == "missing" else rectangle(Box(x + 10, y + 6.8, 13, 10.4), "pill", 5.2)
    return rectangle(box, "card", 3) + bar(code, box) + pill + label(sign, x + 16.5, base - 0.4, 8, "count")


def legend_strip(layout: Layout, y: float, language: str, interactive: bool) -> str:
    """Signs and their words in one line (or two when the map is narrow); ``y`` is the top of the strip."""
    size, x, parts = 10.0, 16.0, []
    english = language == "en"
    base = y + 15
    for status in legend_statuses(layout.totals):
        text = f"{status.en if english else status.zh} {layout.totals.get(status.code, 0)}"
        parts.append(tag("g", _status_sample(layout, status.code, (x, y), language), class_=f"s-{status.code}"))
        x += 16 if layout.collapsed else 31
        parts.append(label(text, x, base, size, "legend-text"))
        x += text_width(text, size) + 13
    for sign, class_, key in (("★", "master", "master"), ("◢", "critical", "critical")):
        parts.append(label(sign, x, base, size, class_) + label(word(key, language), x + 12, base, size, "legend-text"))
        x += 12 + text_width(word(key, language), size) + 13
    for key, returning in (("flow", False), ("return", True)):
        if returning and not any(item.returning for item in layout.bundles):
            continue
        parts.append(tag("path", class_="bundle returning" if returning else "bundle", stroke_width=4.0 if not returning else 2.0,
                         d=path_data(((x, base - 3.5), (x + 20, base - 3.5)))))
        parts.append(label(word(key, language), x + 25, base, size, "legend-text"))
        x += 25 + text_width(word(key, language), size) + 13
    if interactive and x + text_width(word("help", language), size) < layout.width - 16:
        parts.append(label(word("help", language), layout.width - 16, base, size, "legend-text end help"))
    return tag("g", "".join(parts), class_="legend")


def _joined(parts: Iterable[str]) -> str:
    return "\n".join(part for part in parts if part)


def _defs(marker: str) -> str:
    arrow = tag("path", d="M0 0L6 3L0 6Z", fill=style.ACCENT)
    return tag("defs", tag("marker", arrow, id=marker, viewBox="0 0 6 6", refX="5.4", refY="3", markerWidth="6",
                           markerHeight="6", markerUnits="userSpaceOnUse", orient="auto"))


def _body(layout: Layout, language: str, live: bool, marker: str) -> list[str]:
    return [
        tag("g", "".join(banner(item, len(layout.banners), language) for item in layout.banners), class_="stages"),
        tag("g", "".join(bundle(item, live) for item in layout.bundles), class_="bundles"),
        tag("g", "".join(group(item, layout, language) for item in layout.groups), class_="groups"),
        tag("g", "".join(node_path(item, marker) for item in layout.paths), class_="paths", aria_hidden="true") if live else "",
        tag("g", _joined(node_card(card, layout, language, live) for card in layout.cards), class_="nodes"),
    ]


def to_svg(layout: Layout, *, title: str, subtitle: str = "", legend: bool = True, footer: str = "",
           language: str = "zh", interactive: bool = True, standalone: bool = False) -> str:
    """Draw a layout as SVG.

    On the page (``standalone=False``) there are classes and data attributes only: looks come from ``chain_map.css``,
    hovering from ``chain_map.js``. A standalone file carries its styles, title, subtitle and ``footer`` (edition,
    source) and no paths between single nodes.
    """
    live = interactive and not standalone
    marker = "cm-" + hashlib.sha256("|".join([title, *(c.node.code for c in layout.cards)]).encode()).hexdigest()[:8]
    head, edge = (58.0, 12.0) if standalone else (2.0, 0.0)
    strip = STRIP if legend else 0.0
    foot = (26.0 if footer else 10.0) if standalone else 0.0
    width, height = layout.width + 2 * edge, head + layout.height + strip + foot
    parts = _body(layout, language, live, marker)
    if legend:
        parts.append(legend_strip(layout, layout.height, language, live))
    if live:
        parts.append(tag("g", label(" ", 16, layout.height + 15, 10.5, "hint-text"), class_="hint", aria_hidden="true"))
    drawing = tag("g", _joined(parts), class_="map", transform=f"translate({number(edge)} {number(head)})")
    lead = [_tooltip(title) if standalone else "", _defs(marker) if live else ""]
    if standalone:
        lead += [tag("style", style.standalone_css()), _paper(width, height, title, subtitle, footer)]
    root = attributes(xmlns="http://www.w3.org/2000/svg", class_="chain-map", viewBox=f"0 0 {number(width)} {number(height)}",
                      width=number(width) if standalone else None, height=number(height) if standalone else None,
                      role="group" if live else "img", aria_label=clean(f"{title} {subtitle}"),
                      data_interactive="true" if live else None, data_language=language if live else None)
    return f"<svg{root}>\n{_joined([*lead, drawing])}\n</svg>"


def _paper(width: float, height: float, title: str, subtitle: str, footer: str) -> str:
    """The white sheet of a standalone file with its title, subtitle and source line."""
    fitted = fit(title, (width - 56,), 20, 12)
    parts = [tag("rect", width=float(width), height=float(height), fill="#ffffff"),
             label(fitted.lines[0] if fitted.lines else "", 28, 28, fitted.size, "title")]
    if subtitle:
        parts.append(label(subtitle, 28, 47, fit(subtitle, (width - 56,), 11.5, 8).size, "subtitle"))
    if footer:
        parts.append(label(footer, 28, height - 9, fit(footer, (width - 56,), 10, 7).size, "footer"))
    return "".join(parts)
