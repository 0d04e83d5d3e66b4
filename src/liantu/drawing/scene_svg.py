"""A scene as SVG: for the page (attributes only, so that a strict content policy holds) or as one file that stands alone."""

from __future__ import annotations

import hashlib
from html import escape

from .scene import Circle, Group, Item, Paint, Polygon, Rect, Scene, Stroke, Words, over, walk
from .style import FONT_FAMILY, INK, MUTED
from .svg import number, path_data, safe_href, tag
from .text import clean, fit

DASHES = {"solid": "", "dash": "4 2.6", "dot": "1.2 2.2"}
HEAD, FOOT = 58.0, 26.0


def scene_svg(scene: Scene, *, title: str = "", subtitle: str = "", language: str = "zh", interactive: bool = False, standalone: bool = True,
              background: str = "", footer: str = "") -> str:
    """Draw a scene.

    ``interactive`` gives each group that has a code or an address a place in the tab order, its tip as label, and what
    ``scene.js`` needs to light up its kin. ``standalone`` is a file of its own: sized, on white, with title, subtitle and footer.
    """
    title = clean(title or scene.title)
    ink = _Ink(scene, language, interactive)
    body = "\n".join(ink.item(item, False) for item in scene.items)
    head, foot = (HEAD if title else 0.0, FOOT if footer else 0.0) if standalone else (0.0, 0.0)
    width, height = scene.width, scene.height + head + foot
    paper = background or ("#ffffff" if standalone else "")
    lead = [tag("title", escape(title, quote=False)) if standalone and title else "", ink.definitions(),
            tag("rect", "", width=float(width), height=float(height), fill=paper) if paper else ""]
    if standalone:
        lead.append("".join(ink.item(words, False) for words in _framing(width, height, title, subtitle, footer)))
        body = tag("g", body, transform=f"translate(0 {number(head)})" if head else None)
    return tag("svg", "\n" + "\n".join(part for part in (*lead, body) if part) + "\n", xmlns="http://www.w3.org/2000/svg", class_="scene", viewBox=f"0 0 {number(width)} {number(height)}",
               width=number(width) if standalone else None, height=number(height) if standalone else None, font_family=FONT_FAMILY,
               role="group" if interactive else "img", aria_label=clean(f"{title} {subtitle}"), data_interactive="true" if interactive else None,
               data_language=language if interactive else None, lang="en" if language == "en" else "zh-CN")


def _framing(width: float, height: float, title: str, subtitle: str, footer: str) -> list[Words]:
    rows = ((title, 28.0, 20.0, INK, True), (subtitle, 47.0, 11.5, MUTED, False), (footer, height - 9, 10.0, MUTED, False))
    found = [(fit(text, (width - 32,), size, 6), y, colour, bold) for text, y, size, colour, bold in rows if text]
    return [Words(16, y, fitted.lines[0], fitted.size, colour, bold) for fitted, y, colour, bold in found if fitted.lines]


def token(code: str) -> str:
    """A code as one word, so that several stand in one attribute."""
    return "_".join(clean(code).split())


class _Ink:
    """Writes the items of one scene; patterns and arrow heads are named by the scene's content, so that two scenes share a page."""

    def __init__(self, scene: Scene, language: str, live: bool) -> None:
        self.live, self.language = live, language
        self.items = list(walk(scene.items))
        told = "|".join(f"{item.name}{item.code}" for item in self.items if isinstance(item, Group))
        self.mark = "sc" + hashlib.sha256(f"{scene.title}{scene.width}{told}".encode()).hexdigest()[:7]

    def definitions(self) -> str:
        """Patterns and arrow heads in the colours used."""
        paints = [item.paint for item in self.items if not isinstance(item, Words | Group)]
        patterns = sorted({(p.pattern, over(p)) for p in paints if p.pattern != "none"})
        arrows = sorted({item.paint.line for item in self.items if isinstance(item, Stroke) and item.arrow})
        made = [_pattern(self._name(kind, colour), kind, colour) for kind, colour in patterns]
        made += [tag("marker", tag("path", d="M0 0L7 3.5L0 7Z", fill=colour), id=self._name("arrow", colour), viewBox="0 0 7 7", refX="6", refY="3.5",
                     markerWidth="7", markerHeight="7", markerUnits="userSpaceOnUse", orient="auto") for colour in arrows]
        return tag("defs", "".join(made)) if made else ""

    def _name(self, kind: str, colour: str) -> str:
        return f"{self.mark}-{kind}-{colour.lstrip('#')}"

    def item(self, item: Item, linked: bool) -> str:
        """One item as markup; ``linked`` when it stands inside a link already."""
        if isinstance(item, Group):
            return self._group(item, linked)
        if isinstance(item, Words):
            return self._words(item)
        if isinstance(item, Rect):
            place = {"x": float(item.x), "y": float(item.y), "width": float(item.w), "height": float(item.h), "rx": float(item.radius) if item.radius else None}
            return self._painted("rect", item.paint, place)
        if isinstance(item, Circle):
            return self._painted("circle", item.paint, {"cx": float(item.x), "cy": float(item.y), "r": float(item.r)})
        if isinstance(item, Polygon):
            outline = "".join("M" + "L".join(f"{number(x)} {number(y)}" for x, y in ring) + "Z" for ring in item.rings if ring)
            return self._painted("path", item.paint, {"d": outline, "fill_rule": "evenodd"})
        head = f"url(#{self._name('arrow', item.paint.line)})" if item.arrow else None
        return tag("path", d=path_data(item.path), fill="none", marker_end=head, **_line(item.paint))

    def _painted(self, name: str, paint: Paint, place: dict[str, object]) -> str:
        look = {"fill": paint.fill or "none", "fill_opacity": None if paint.opacity >= 1 or not paint.fill else f"{paint.opacity:g}", **_line(paint)}
        shape = tag(name, **place, **look)
        if paint.pattern == "none":
            return shape
        return shape + tag(name, **place, fill=f"url(#{self._name(paint.pattern, over(paint))})")

    def _words(self, words: Words) -> str:
        halo = {"stroke": "#ffffff", "stroke_width": "2.6", "stroke_linejoin": "round", "paint_order": "stroke"} if words.halo else {}
        turn = f"rotate({number(words.turn)} {number(words.x)} {number(words.y)})" if words.turn else None
        return tag("text", escape(clean(words.text), quote=False), x=float(words.x), y=float(words.y), font_size=float(words.size), fill=words.colour,
                   font_weight="700" if words.bold else None, text_anchor=None if words.anchor == "start" else words.anchor, transform=turn, **halo)

    def _group(self, group: Group, linked: bool) -> str:
        href = safe_href(group.href) if self.live and not linked else ""
        inner = [tag("title", escape(clean(group.tip), quote=False))] if group.tip else []
        inner += [self.item(item, linked or bool(href)) for item in group.items]
        content = "".join(inner)
        if not self.live or not (group.code or href):
            return tag("g", content, data_passport=group.passport) if content else ""
        kin = " ".join(token(code) for code in group.links)
        focus = href or group.tip
        return tag("a" if href else "g", content, class_="scene-part", href=href, data_code=token(group.code), data_links=kin, data_passport=group.passport,
                   tabindex="0" if focus else None, role=None if href or not focus else "button", aria_label=clean(group.tip or group.name) if focus else None)


def _line(paint: Paint) -> dict[str, object]:
    if not paint.line:
        return {}
    return {"stroke": paint.line, "stroke_width": None if paint.width == 1 else f"{paint.width:g}", "stroke_dasharray": DASHES[paint.dash],
            "stroke_opacity": None if paint.opacity >= 1 else f"{paint.opacity:g}"}


def _pattern(name: str, kind: str, colour: str) -> str:
    if kind == "hatch":
        return tag("pattern", tag("rect", width="1.3", height="5", fill=colour, fill_opacity="0.75"), id=name, width="5", height="5", patternUnits="userSpaceOnUse",
                   patternTransform="rotate(45)")
    return tag("pattern", tag("circle", cx="1.5", cy="1.5", r="0.9", fill=colour, fill_opacity="0.85"), id=name, width="4.5", height="4.5", patternUnits="userSpaceOnUse")
