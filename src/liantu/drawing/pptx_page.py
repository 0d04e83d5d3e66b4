"""The chain map as one 16:9 PowerPoint page of native shapes: every card, box and flow can be moved and edited."""

from __future__ import annotations

import io
import zipfile

from . import style
from .planning import badge_width, name_widths
from .shapes import Banner, Box, Card, GroupBox, Layout
from .short_names import fit_name
from .slide_shapes import EMU_PER_POINT, FIRST_ID, NAMESPACES, Look, Pen, Run, Scale
from .style import STATUSES, Status, legend_statuses, word
from .svg import described, named
from .text import clean, fit, printable, text_width

SLIDE_W, SLIDE_H = 960.0, 540.0  # points: 13.333 × 7.5 inches
EDGE, HEAD, FOOT = 22.0, 58.0, 46.0  # points kept free around the map
LEGEND, ABOVE_LEGEND = 22.0, 7.0  # points that the legend takes under the map, and the gap before it
SMALLEST = 6.5
STAMP = (2020, 1, 1, 0, 0, 0)


def _scale(layout: Layout, box: Box) -> Scale:
    """The scale at which the map fits the box (points), with its legend below it."""
    room = box.h - LEGEND
    points = min(box.w / layout.width, room / layout.height)
    left, top = box.x + (box.w - layout.width * points) / 2, box.y + (room - layout.height * points) * 0.4
    return Scale(points, round(left * EMU_PER_POINT), round(top * EMU_PER_POINT))


def _banner(pen: Pen, item: Banner, count: int, language: str) -> str:
    fitted = fit_name(named(item.stage, language), (item.box.w - 32,), 12, SMALLEST, language)
    runs = [Run(line, fitted.size, "#ffffff", True) for line in fitted.lines]
    kind = "chevron" if item.index else "homePlate"
    return pen.shape(named(item.stage, language), item.box, kind, Look(fill=style.banner_colour(item.index, count)),
                     pen.text(runs, "ctr"), adjust=9 / item.box.h)


def _group(pen: Pen, item: GroupBox, layout: Layout, language: str) -> list[str]:
    box, density = item.box, layout.density
    name, firms = named(item.group, language), word("firms", language, n=item.firms)
    missing = word("missing_count", language, n=item.missing) if item.missing else ""
    room = box.w - 2 * density.pad - text_width(firms + missing, density.small_size) - 22
    fitted = fit_name(name, (room,), density.name_size, SMALLEST, language)
    shapes = [pen.shape(name, box, "roundRect", Look(style.GROUP_FILL, style.LINE), adjust=6 / min(box.w, box.h))]
    head = Box(box.x + density.pad + 1, box.y + 1.5, box.w - 2 * density.pad - 2, density.header - 2)
    runs = [Run(fitted.lines[0] if fitted.lines else "", fitted.size, style.INK, True),
            Run(f"\u00a0\u00a0{firms}", density.small_size, style.MUTED)]
    shapes.append(pen.label(f"{name} 标题", head, runs))
    if missing:
        shapes.append(pen.label(f"{name} 缺", head, [Run(missing, density.small_size + 0.5, style.RED, True)], "r"))
    if item.collapsed:
        shapes += _counts(pen, item, density.small_size)
    return shapes


def _counts(pen: Pen, item: GroupBox, size: float) -> list[str]:
    box, shapes, x = item.box, [], item.box.x + 7
    present = [status for status in STATUSES.values() if item.counts.get(status.code)]
    for status in present:
        share = (box.w - 14) * item.counts[status.code] / item.size
        shapes.append(pen.shape(status.zh, Box(x, box.bottom - size - 7.5, max(1.0, share - 1), 3.5), "rect", Look(fill=status.colour)))
        x += share
    words = "\u2002".join(f"{status.sign}{item.counts[status.code]}" for status in present)
    shapes.append(pen.label("各状态环节数", Box(box.x + 7, box.bottom - size - 4, box.w - 14, size + 3), [Run(words, size, style.MUTED)]))
    return shapes


def _bars(pen: Pen, status: Status, box: Box) -> list[str]:
    x, top, height = box.x + 1.5, box.y + 3.5, box.h - 7
    look = Look(fill=status.colour)
    if status.code == "missing":
        return []
    if status.code == "weak":
        piece = (height - 4) / 3
        return [pen.shape("状态", Box(x, top + i * (piece + 2), 3, piece), "rect", look) for i in range(3)]
    return [pen.shape("状态", Box(x, top, {"strong": 4.5, "fair": 2.2}.get(status.code, 3), height), "rect", look)]


def _pill_look(status: Status) -> Look:
    if status.code == "strong":
        return Look(fill=status.colour)
    if status.code == "fair":
        return Look(fill=status.tint, line=style.mix(status.tint, status.colour, 0.6))
    if status.code == "weak":
        return Look(fill=status.tint, line=status.colour, dash="sysDot")
    return Look(fill=status.tint if status.code == "at_risk" else "")


def _card_look(status: Status) -> Look:
    if status.code == "missing":
        return Look(status.tint, "#d96a6a", 1.0, "dash")
    return Look(style.CARD_FILL, status.edge)


def _card(pen: Pen, card: Card, layout: Layout, language: str) -> str:
    node, box, density, status = card.node, card.box, layout.density, STATUSES[card.node.status]
    room = 1 if node.master and box.h < density.heights[2] else 2
    fitted = fit_name(named(node, language), name_widths(node, density, box.w)[:room], density.name_size, SMALLEST, language)
    ink = "#7d2a2a" if node.status == "missing" else style.INK
    runs = [Run(line, fitted.size, ink, node.critical, index < len(fitted.lines) - 1 or bool(node.master))
            for index, line in enumerate(fitted.lines)]
    if node.master:
        size = fit("★" + node.master, (box.w - 11,), density.small_size, SMALLEST).size
        runs.append(Run("★" + node.master, size, style.MASTER))
    several, name = len(runs) > 1, named(node, language)
    shapes = [pen.shape(name, box, "roundRect", _card_look(status), pen.text(runs, left=9), adjust=4 / min(box.w, box.h),
                        note=described(card, language)), *_bars(pen, status, box)]
    width, height = badge_width(node, density), density.small_size + (1.6 if several else 3.2)
    pill = Box(box.right - width - 3, box.y + 1.8 if several else box.cy - height / 2, width, height)
    count = word("missing_mark", language) if node.status == "missing" else ("▲" if node.status == "at_risk" else "") + str(node.firms)
    colour = "#ffffff" if node.status == "strong" else status.colour
    shapes.append(pen.shape("企业数", pill, "roundRect", _pill_look(status),
                            pen.text([Run(count, density.small_size, colour, True)], "ctr"), adjust=0.5))
    if node.critical:
        shapes.append(pen.shape(word("critical", language), Box(box.right - 7, box.bottom - 7, 6.5, 6.5), "rtTriangle",
                                Look(fill=style.INK), turn=270))
    return pen.group(name, box, shapes, note=described(card, language))


def _legend(pen: Pen, layout: Layout, box: Box, language: str) -> list[str]:
    scale, size, shapes = pen.scale, 10.5, []
    x, y = 16.0, (box.bottom - LEGEND + ABOVE_LEGEND - scale.top / EMU_PER_POINT) / scale.points
    for status in legend_statuses(layout.totals):
        text = f"{status.en if language == 'en' else status.zh} {layout.totals.get(status.code, 0)}"
        if layout.collapsed:
            width = text_width(status.sign + text, size) + 14
            runs = [Run(status.sign, size, status.colour, True), Run(" " + text, size, style.MUTED)]
            shapes.append(pen.label(f"图例 {status.zh}", Box(x, y - 2, width, 18), runs))
            x += width + 8
            continue
        box = Box(x, y, 26, 14)
        sign = {"missing": word("missing_mark", language), "at_risk": "▲"}.get(status.code, "n")
        colour = "#ffffff" if status.code == "strong" else status.colour
        sample = [pen.shape("图例", box, "roundRect", _card_look(status), adjust=0.2), *_bars(pen, status, box),
                  pen.shape("图例", Box(x + 10, y + 2, 13, 10), "roundRect", _pill_look(status),
                            pen.text([Run(sign, 8, colour, True)], "ctr"), adjust=0.5)]
        sample.append(pen.label("图例", Box(x + 31, y - 2, text_width(text, size) + 6, 18), [Run(text, size, style.MUTED)]))
        shapes.append(pen.group(f"图例 {status.zh}", Box(x, y - 2, 37 + text_width(text, size), 18), sample))
        x += 48 + text_width(text, size)
    for sign, colour, key in (("★", style.MASTER, "master"), ("◢", style.INK, "critical"), ("━", style.FLOW, "flow"),
                              ("┅", style.RETURN_FLOW, "return")):
        if key == "return" and not any(item.returning for item in layout.bundles):
            continue
        text = word(key, language)
        width = text_width(sign + text, size) + 6
        shapes.append(pen.label("图例 " + text, Box(x, y - 2, width, 18), [Run(sign, size, colour, True), Run(" " + text, size, style.MUTED)]))
        x += width + 8
    return shapes


def _frame(pen: Pen, title: str, subtitle: str, footer: str) -> list[str]:
    """Title, subtitle and footer, placed on the slide in points whatever the scale of the map."""
    scale = pen.scale

    def box(x: float, y: float, w: float, h: float) -> Box:
        left, top = scale.left / EMU_PER_POINT, scale.top / EMU_PER_POINT
        return Box((x - left) / scale.points, (y - top) / scale.points, w / scale.points, h / scale.points)

    def line(name: str, text: str, place: Box, size: float, *, bold: bool = False) -> str:
        fitted = fit(text, (place.w * scale.points,), size, 6)
        return pen.label(name, place, [Run(text, fitted.size / scale.points, style.INK if bold else style.MUTED, bold)])

    width = SLIDE_W - 2 * EDGE
    shapes = [line("标题", title, box(EDGE, 9, width, 28), 20, bold=True)]
    if subtitle:
        shapes.append(line("副标题", subtitle, box(EDGE, 36, width, 16), 10.5))
    if footer:
        shapes.append(line("版次与来源", footer, box(EDGE, SLIDE_H - 20, width, 14), 8))
    return shapes


def layout_shapes(layout: Layout, box: Box, *, language: str = "zh", first_id: int = FIRST_ID) -> list[str]:
    """The map and its legend as native shapes (``<p:sp>`` and ``<p:grpSp>`` text) inside a box of points, numbered from ``first_id`` on.

    Each node is one group named after it (card, status bar, count) so that it moves as a whole.
    """
    pen = Pen(_scale(layout, box), first_id)
    shapes = [_banner(pen, item, len(layout.banners), language) for item in layout.banners]
    for item in layout.bundles:
        look = Look(line=style.RETURN_FLOW if item.returning else style.FLOW, width=item.width, opacity=0.42,
                    dash="dash" if item.returning else "")
        shapes.append(pen.curve(f"{item.source} → {item.target}", item.path, look))
    shapes += [text for item in layout.groups for text in _group(pen, item, layout, language)]
    shapes += [_card(pen, card, layout, language) for card in layout.cards]
    return shapes + _legend(pen, layout, box, language)


def to_pptx(layout: Layout, *, title: str, subtitle: str = "", footer: str = "", language: str = "zh",
            notes: str = "") -> bytes:
    """A presentation of one page. ``footer`` holds edition, source and passport; ``notes`` goes under the page.

    The same input gives the same bytes.
    """
    from pptx import Presentation
    from pptx.oxml import parse_xml
    from pptx.util import Emu

    deck = Presentation()
    deck.slide_width, deck.slide_height = Emu(round(SLIDE_W * EMU_PER_POINT)), Emu(round(SLIDE_H * EMU_PER_POINT))
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    box = Box(EDGE - 8, HEAD, SLIDE_W - 2 * EDGE + 16, SLIDE_H - HEAD - FOOT + LEGEND)
    frame = _frame(Pen(_scale(layout, box)), title, subtitle, footer)
    shapes = frame + layout_shapes(layout, box, language=language, first_id=FIRST_ID + len(frame))
    tree = parse_xml(f"<p:spTree {NAMESPACES}>{''.join(shapes)}</p:spTree>")
    for element in list(tree):
        slide.shapes._spTree.append(element)
    deck.core_properties.title = clean(title)[:255]
    if notes:
        slide.notes_slide.notes_text_frame.text = printable(notes)
    return packed(deck)


def packed(deck: object) -> bytes:
    """The presentation's bytes with fixed times, so that equal pages are equal files."""
    raw, packed = io.BytesIO(), io.BytesIO()
    deck.save(raw)  # type: ignore[attr-defined]
    with zipfile.ZipFile(raw) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            target.writestr(zipfile.ZipInfo(name, STAMP), source.read(name), zipfile.ZIP_DEFLATED)
    return packed.getvalue()
