"""业务占比 from products that carry shares of the firm's business: which part of it belongs at a node, and where that is told from.

A share that a person or an imported table gave always stays; the one told here stands in the evidence with its products, by
which it is known again and may be told anew when the products change.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from liantu.enterprises.product_words import WHOLE, ProductWord, percent
from liantu.methods.placement import Placer

Carried = Mapping[int, tuple[ProductWord, ...]]  # firm → its products, for firms whose products carry shares
_MARK = "业务占比:"
_TOLD = re.compile(rf"(?:^|；){_MARK}([\d.]+)%（按主导产品[^（）]*）")


class ToldShares:
    """Shares of business at nodes for the firms whose products carry them."""

    def __init__(self, engine: Placer, carried: Carried) -> None:
        self._carried = carried
        self._leading = engine.leading_nodes(sorted({p.word for told in carried.values() for p in told}))

    def share(self, firm: int, node: str) -> tuple[Decimal, str] | None:
        """The part of the firm's business at a node (code) and the products behind it; None where the products leave it open.

        It is open when none of them belongs there, or when one does that carries no share while a part of the business is untold.
        """
        products = self._carried.get(firm, ())
        here = [p for p in products if node in self._leading.get(p.word, ())]
        told = [p for p in here if p.share is not None]
        untold = 1 - sum(p.share or 0.0 for p in products)
        if not told or (len(told) < len(here) and untold > 1 - WHOLE):
            return None
        part = min(round(sum(p.share or 0.0 for p in told), 4), 1.0)
        return Decimal(f"{part:.4f}"), "、".join(f"{p.word} {percent(p.share or 0.0)}" for p in told)

    def beside(self, firm: int, node: str, evidence: str | None, known: Any) -> dict[str, Any]:
        """``business_share`` and ``evidence`` of a placement: told anew unless somebody else told the share that stands there."""
        mine = _TOLD.sub("", evidence or "")
        held = None if known is None else known.business_share
        if held is not None and not told_here(held, known.evidence):
            return {"evidence": mine or None}
        found = self.share(firm, node)
        if found is None:
            return {"business_share": None, "evidence": mine or None}
        piece = f"{_MARK}{percent(float(found[0]))}（按主导产品 {_plain(found[1])}）"
        return {"business_share": found[0], "evidence": f"{mine}；{piece}" if mine else piece}


def told_here(share: Any, evidence: str | None) -> bool:
    """Whether a share that stands is the one that the evidence tells from products; another was given by a person or a table."""
    found = _TOLD.search(evidence or "")
    return found is not None and round(float(share), 4) == round(float(found[1]) / 100, 4)


def _plain(text: str) -> str:
    return re.sub("[（）()；]", " ", text)
