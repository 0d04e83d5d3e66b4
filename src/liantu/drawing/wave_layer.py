"""A chain map that shows a shock: cards of nodes that it hits are tinted by their loss and carry it as a number, all others fade."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from html import escape

STEPS = (0.05, 0.2, 0.5, 0.8)  # losses at which the next tint begins (unit: 1)
_CARD = re.compile(r'<(a|g) class="node (s-[a-z_]+)"([^>]*? data-code="([^"]+)"[^>]*)>(.*?)</\1>', re.DOTALL)
_COUNT = re.compile(r'(<text class="count"[^>]*>)[^<]*(</text>)')
STOPPED = {"zh": "停", "en": "✕"}
HIT = "●"


def tint(loss: float) -> int:
    """The tint of a loss (0–1): 0 for none, then 1 to 5."""
    return 0 if loss <= 0 else 1 + sum(loss >= step for step in STEPS)


def mark(loss: float, language: str = "zh", *, figures: bool = True) -> str:
    """What a card says of its loss: per cent, a sign where nothing is left, a dot where figures are kept back."""
    if not figures:
        return HIT if loss > 0 else ""
    shown = round(loss * 100)
    return STOPPED[language] if shown >= 100 else str(max(1, shown)) if loss > 0 else ""


def with_losses(svg: str, losses: Mapping[str, float], language: str = "zh", *, figures: bool = True, sources: Collection[str] = ()) -> str:
    """The SVG of a chain map (as :func:`liantu.drawing.svg.to_svg` draws it for a page) with the losses (0–1) of nodes by code.

    Hit cards get the classes ``hit`` and ``w1`` … ``w5`` and their loss in the place of their number of firms; the drawing gets ``is-wave``.
    ``figures`` False shows which nodes are hit and not how much; nodes in ``sources``, where the shock begins, get the class ``source``.
    """
    first = {escape(code) for code in sources}
    known = {escape(code): loss for code, loss in losses.items() if loss > 0}

    def card(found: re.Match[str]) -> str:
        kind, status, rest, code, inside = found.groups()
        loss = known.get(code)
        if loss is None:
            return found.group(0)
        shown = tint(loss) if figures else 3
        inside = _COUNT.sub(lambda m: m.group(1) + mark(loss, language, figures=figures) + m.group(2), inside)
        begins = " source" if code in first else ""
        return f'<{kind} class="node {status} hit w{shown}{begins}"{rest}>{inside}</{kind}>'

    return _CARD.sub(card, svg).replace('class="chain-map"', 'class="chain-map is-wave"', 1)
