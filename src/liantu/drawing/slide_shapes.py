"""Native slide shapes as DrawingML text: rounded rectangles, chevrons, curves and text boxes, with nothing from a theme.

Positions come in map pixels and are turned into EMU (914,400 per inch) by a :class:`Scale`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from itertools import count

from .shapes import Box, Path
from .style import SLIDE_FONT
from .text import clean, printable

EMU_PER_POINT = 12700
FIRST_ID = 10
NAMESPACES = ('xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
              'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
              'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"')


@dataclass(frozen=True)
class Scale:
    """From map pixels to EMU: ``points`` is pt per px, ``left``/``top`` the map's corner in EMU."""

    points: float
    left: int
    top: int

    def x(self, value: float) -> int:
        return self.left + round(value * self.points * EMU_PER_POINT)

    def y(self, value: float) -> int:
        return self.top + round(value * self.points * EMU_PER_POINT)

    def size(self, value: float) -> int:
        return round(value * self.points * EMU_PER_POINT)


@dataclass(frozen=True)
class Run:
    """Words in one look; ``size`` in px of the map; a line break follows if ``broken``."""

    text: str
    size: float
    colour: str
    bold: bool = False
    broken: bool = False


@dataclass(frozen=True)
class Look:
    """Fill and outline: colours as #rrggbb or empty for none, width in px; dash and pattern (in ``over`` on the fill) as DrawingML names them; a stroke may end in an arrow."""

    fill: str = ""
    line: str = ""
    width: float = 0.8
    dash: str = ""
    opacity: float = 1.0
    pattern: str = ""
    over: str = ""
    arrow: bool = False


def _colour(value: str, opacity: float = 1.0) -> str:
    alpha = f'<a:alpha val="{round(opacity * 100000)}"/>' if opacity < 1 else ""
    return f'<a:solidFill><a:srgbClr val="{value.lstrip("#").upper()}">{alpha}</a:srgbClr></a:solidFill>'


def _fill(look: Look) -> str:
    if look.pattern:
        front, back = (f'<a:srgbClr val="{value.lstrip("#").upper()}"/>' for value in (look.over, look.fill or "#ffffff"))
        return f'<a:pattFill prst="{look.pattern}"><a:fgClr>{front}</a:fgClr><a:bgClr>{back}</a:bgClr></a:pattFill>'
    return _colour(look.fill, look.opacity) if look.fill else "<a:noFill/>"


class Pen:
    """Writes shapes as text; numbers them from ``first_id`` on in the order asked for."""

    def __init__(self, scale: Scale, first_id: int = FIRST_ID) -> None:
        self.scale = scale
        self._ids = count(first_id)

    def _head(self, name: str, note: str = "") -> str:
        described = f' descr="{escape(clean(note))}"' if note else ""
        return f'<p:cNvPr id="{next(self._ids)}" name="{escape(clean(name))}"{described}/>'

    def _frame(self, box: Box, tag: str = "a:xfrm", children: bool = False, turn: int = 0) -> str:
        scale = self.scale
        place = f'<a:off x="{scale.x(box.x)}" y="{scale.y(box.y)}"/><a:ext cx="{scale.size(box.w)}" cy="{scale.size(box.h)}"/>'
        inner = place.replace("a:off", "a:chOff").replace("a:ext", "a:chExt") if children else ""
        turned = f' rot="{turn * 60000}"' if turn else ""
        return f"<{tag}{turned}>{place}{inner}</{tag}>"

    def _outline(self, look: Look) -> str:
        if not look.line:
            return "<a:ln><a:noFill/></a:ln>"
        dash = f'<a:prstDash val="{look.dash}"/>' if look.dash else ""
        arrow = '<a:tailEnd type="triangle"/>' if look.arrow else ""
        return (f'<a:ln w="{max(3175, self.scale.size(look.width))}" cap="flat">{_colour(look.line, look.opacity)}{dash}'
                f"<a:round/>{arrow}</a:ln>")

    def _run(self, run: Run) -> str:
        size = max(100, round(run.size * self.scale.points * 100))
        look = (f'<a:rPr lang="zh-CN" sz="{size}" b="{int(run.bold)}" dirty="0">{_colour(run.colour)}'
                f'<a:latin typeface="{SLIDE_FONT}"/><a:ea typeface="{SLIDE_FONT}"/><a:cs typeface="{SLIDE_FONT}"/></a:rPr>')
        after = f"<a:br>{look}</a:br>" if run.broken else ""
        return f"<a:r>{look}<a:t>{escape(printable(run.text), quote=False)}</a:t></a:r>{after}"

    def text(self, runs: Sequence[Run], align: str = "l", left: float = 0.0, right: float = 0.0, wrap: bool = False) -> str:
        """A text body centred in height; ``left``/``right`` are insets in px."""
        size = self.scale.size
        body = (f'<a:bodyPr wrap="{"square" if wrap else "none"}" lIns="{size(left)}" tIns="0" rIns="{size(right)}" bIns="0" '
                'anchor="ctr" rtlCol="0"><a:noAutofit/></a:bodyPr><a:lstStyle/>')
        spacing = '<a:lnSpc><a:spcPct val="92000"/></a:lnSpc>'
        words = "".join(map(self._run, runs)) or '<a:endParaRPr lang="zh-CN" sz="600"/>'
        return f'<p:txBody>{body}<a:p><a:pPr algn="{align}">{spacing}</a:pPr>{words}</a:p></p:txBody>'

    def shape(self, name: str, box: Box, kind: str, look: Look, text: str = "", *, adjust: float | None = None,
              note: str = "", turn: int = 0) -> str:
        """One preset shape (``rect``, ``roundRect``, ``chevron``, ``homePlate``, ``rtTriangle`` …)."""
        guide = f'<a:gd name="adj" fmla="val {round(adjust * 100000)}"/>' if adjust is not None else ""
        return (f"<p:sp><p:nvSpPr>{self._head(name, note)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{self._frame(box, turn=turn)}"
                f'<a:prstGeom prst="{kind}"><a:avLst>{guide}</a:avLst></a:prstGeom>{_fill(look)}{self._outline(look)}<a:effectLst/>'
                f"</p:spPr>{text or self.text(())}</p:sp>")

    def label(self, name: str, box: Box, runs: Sequence[Run], align: str = "l") -> str:
        """A text box without insets."""
        return self.shape(name, box, "rect", Look(), self.text(runs, align))

    def curve(self, name: str, path: Path, look: Look) -> str:
        """A stroke of lines and cubic curves as one editable freeform."""
        xs = [value for point in path for value in point[0::2]]
        ys = [value for point in path for value in point[1::2]]
        box = Box(min(xs), min(ys), max(1.0, max(xs) - min(xs)), max(1.0, max(ys) - min(ys)))
        size = self.scale.size

        def spot(x: float, y: float) -> str:
            return f'<a:pt x="{size(x - box.x)}" y="{size(y - box.y)}"/>'

        first, *rest = path
        steps = [f"<a:moveTo>{spot(*first[:2])}</a:moveTo>"]
        for point in rest:
            spots = "".join(spot(point[i], point[i + 1]) for i in range(0, len(point), 2))
            steps.append(f"<a:lnTo>{spots}</a:lnTo>" if len(point) == 2 else f"<a:cubicBezTo>{spots}</a:cubicBezTo>")
        return self._freeform(name, box, "".join(steps), look, filled=False)

    def area(self, name: str, rings: Sequence[Sequence[tuple[float, float]]], look: Look) -> str:
        """Closed rings of points (holes too) as one editable freeform."""
        xs, ys = [x for ring in rings for x, _ in ring], [y for ring in rings for _, y in ring]
        box, size = Box(min(xs), min(ys), max(1.0, max(xs) - min(xs)), max(1.0, max(ys) - min(ys))), self.scale.size
        steps = []
        for ring in rings:
            first, *rest = [f'<a:pt x="{size(x - box.x)}" y="{size(y - box.y)}"/>' for x, y in ring]
            steps.append(f"<a:moveTo>{first}</a:moveTo>{''.join(f'<a:lnTo>{spot}</a:lnTo>' for spot in rest)}<a:close/>")
        return self._freeform(name, box, "".join(steps), look)

    def _freeform(self, name: str, box: Box, steps: str, look: Look, *, filled: bool = True) -> str:
        size, none = self.scale.size, "" if filled else ' fill="none"'
        geometry = ('<a:custGeom><a:avLst/><a:gdLst/><a:ahLst/><a:cxnLst/><a:rect l="0" t="0" r="r" b="b"/><a:pathLst>'
                    f'<a:path w="{size(box.w)}" h="{size(box.h)}"{none}>{steps}</a:path></a:pathLst></a:custGeom>')
        return (f"<p:sp><p:nvSpPr>{self._head(name)}<p:cNvSpPr/><p:nvPr/></p:nvSpPr><p:spPr>{self._frame(box)}{geometry}"
                f"{_fill(look) if filled else '<a:noFill/>'}{self._outline(look)}<a:effectLst/></p:spPr></p:sp>")

    def group(self, name: str, box: Box, members: Iterable[str], note: str = "") -> str:
        """Shapes that move together."""
        head = self._head(name, note)
        return (f"<p:grpSp><p:nvGrpSpPr>{head}<p:cNvGrpSpPr/><p:nvPr/></p:nvGrpSpPr><p:grpSpPr>"
                f"{self._frame(box, children=True)}</p:grpSpPr>{''.join(members)}</p:grpSp>")
