"""应用领域图: products on the left, their uses, who needs and pays, and the customers that stand here, joined by what flows.

Four columns of cards; the order inside the columns keeps crossings few (:mod:`liantu.drawing.ordering`). Critical nodes come first;
where not all products fit, the drawing has several pages and says what the others hold. A use without a customer here has a broken edge.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from liantu.drawing import style
from liantu.drawing.ordering import Flow, order_groups
from liantu.drawing.scene import Group, Item, Paint, Rect, Scene, Stroke, Words
from liantu.drawing.scene_parts import Entry, cell_words, legend, legend_lines, parts_of, shown_rows
from liantu.drawing.shapes import Box
from liantu.drawing.text import text_width
from liantu.kernel.output import Result
from liantu.kernel.passport import passport_id
from liantu.kernel.problems import UserError

PRODUCT, USE, BUYER, CUSTOMER = range(4)
HEADS = (("产品（环节）", "Product (node)"), ("应用场景", "Use"), ("需求方（谁买 · 谁付费）", "Who buys · who pays"), ("本地客户", "Customers here"))
SHARES = (0.235, 0.175, 0.205, 0.165)  # of the width; the rest is room for flows
LOCAL, LOCAL_TINT, STROKE = "#16805c", "#e3f4ec", "#7f9dbd"
LEAST, MOST, GAP = 18.5, 36.0, 3.5  # px: height of a card and the gap under it
HEAD, PITCH, EDGE = 32.0, 17.0, 6.0
TWO_LINES = 28.0  # px: from this height on a card has a second line
WORDS = {
    "nobody": ("没有登记本地客户", "No customer here on record"), "unknown": ("需求方未填", "Buyer unknown"), "pays": ("付费：", "pays: "), "several": ("等 {n} 家", "{n} in all"),
    "critical": ("关键环节的产品", "product of a critical node"), "local": ("有本地客户", "has a customer here"), "none": ("没有登记本地客户的用途", "use without a customer here"),
    "width": ("粗细为用途多少", "width: number of uses"), "secret": ("本地客户不在本版公布", "customers here are not in this version"),
}
Address = Callable[[str], str]
Row = dict[str, Any]


@dataclass
class Card:
    """One card: its column, its words, and the codes of the cards and flows it lights up with."""

    code: str
    column: int
    words: str
    small: str = ""
    tip: str = ""
    href: str = ""
    passport: str = ""
    critical: bool = False
    local: bool = False
    unknown: bool = False
    kin: set[str] = field(default_factory=set)


def application_scene(result: Result, chain: str, *, language: str = "zh", href: Address | None = None, width: float, height: float, page: int = 1) -> Scene:
    """Draw the applications of one chain (px). Raises UserError (``nothing-to-draw``) when none is on record."""
    rows, shown = shown_rows(result, chain)
    if not rows:
        raise UserError("这条产业链还没有登记应用领域。", code="nothing-to-draw", hint="请在「导入表格」交一份应用领域表，或在登记表里填写。")
    entries = _entries(language, "local_customers" in shown)
    foot = PITCH * (legend_lines(entries, width - 2 * EDGE) + 1) + 4
    capacity = max(4, int((height - HEAD - foot) // (LEAST + GAP)))
    pages = paged(rows, capacity)
    page = min(max(page, 1), len(pages))
    network = _Network(result, language, href, "local_customers" in shown)
    network.add_all(pages[page - 1], capacity)
    columns = order_groups(network.columns(), network.flow_list())
    boxes = placed(columns, width, height - foot)
    base = height - foot + 15
    told = Words(EDGE, base + PITCH * legend_lines(entries, width - 2 * EDGE), _rest(rows, pages, page, language, "local_customers" in shown), 10.5, style.INK, len(pages) > 1)
    items = [*_headings(width, len(columns), language), *network.strokes(boxes), *(drawn(network.cards[code], box) for code, box in boxes.items()),
             *_nobody(columns, width, height - foot, language), *legend(entries, EDGE, base, width - 2 * EDGE), told]
    return Scene(width, height, tuple(items), pages=len(pages))


def product_of(row: Row) -> str:
    """A product of one node as a code."""
    return f"p{row['node_code']}|{row['product']}"


def buyer_of(row: Row) -> tuple[str, str]:
    """Who buys and who pays, "" where unknown."""
    return row["buyer"] or "", row["payer"] or ""


def paged(rows: Sequence[Row], capacity: int) -> list[list[Row]]:
    """Rows by page, product by product (critical nodes first), as many as every column has room for.

    Customers do not count: where they are too many, they stand together by buyer. A product with more uses than a page holds is divided.
    """
    products: dict[str, list[Row]] = {}
    for row in sorted(rows, key=lambda r: (not r["critical"], r["position"] or 0)):
        products.setdefault(product_of(row), []).append(row)
    pages: list[list[Row]] = [[]]
    for uses in products.values():
        if pages[-1] and not _fits([*pages[-1], *uses], capacity):
            pages.append([])
        for row in uses:
            if pages[-1] and not _fits([*pages[-1], row], capacity):
                pages.append([])
            pages[-1].append(row)
    return pages


def _fits(rows: Sequence[Row], capacity: int) -> bool:
    return max(len({product_of(r) for r in rows}), len({r["use"] for r in rows}), len(set(map(buyer_of, rows)))) <= capacity


class _Network:
    """Cards and flows as rows are added."""

    def __init__(self, result: Result, language: str, href: Address | None, customers: bool) -> None:
        self.result, self.english, self.href, self.customers = result, language == "en", href, customers
        self.cards: dict[str, Card] = {}
        self.flows: dict[tuple[str, str], list[Row]] = {}

    def say(self, key: str, **values: object) -> str:
        return WORDS[key][self.english].format(**values)

    def card(self, code: str, column: int, words: str, **more: Any) -> Card:
        return self.cards.setdefault(code, Card(code, column, words, **more))

    def add_all(self, rows: Sequence[Row], capacity: int) -> None:
        """Rows with their customers one by one; by buyer, where there are more than ``capacity``."""
        together: dict[tuple[str, str], list[str]] = {}
        if len({name for row in rows for name in parts_of(row["local_customers"])}) > capacity:
            for row in rows:
                found = together.setdefault(buyer_of(row), [])
                found += [name for name in parts_of(row["local_customers"]) if name not in found]
        for row in rows:
            self.add(row, together.get(buyer_of(row), []))

    def ends(self, row: Row, together: Sequence[str]) -> list[Card]:
        """The customers of a row: a card each, or one card for all of the same buyer."""
        names = parts_of(row["local_customers"])
        if len(together) < 2 or not names:
            return [self.card(f"c{name}", CUSTOMER, name, local=True) for name in names]
        buyer, payer = buyer_of(row)
        return [self.card(f"c{buyer}|{payer}", CUSTOMER, together[0], small=self.say("several", n=len(together)), tip="、".join(together), local=True)]

    def add(self, row: Row, together: Sequence[str]) -> None:
        """The cards of a row, joined from left to right; each lights up with all others of the row."""
        node = str((row["node_name_en"] if self.english else "") or row["node_name"] or "")
        (buyer, payer), ends = buyer_of(row), self.ends(row, together)
        product = self.card(product_of(row), PRODUCT, row["product"], small="" if node == row["product"] else node, critical=bool(row["critical"]),
                            href=self.href(str(row["node_code"])) if self.href and row["node_code"] else "")
        use = self.card(f"u{row['use']}", USE, row["use"])
        use.tip = "，".join(dict.fromkeys(part for part in (*use.tip.split("，"), row["market"] or "") if part))
        use.local, use.unknown = use.local or bool(ends), self.customers and not (use.local or ends)
        buys = self.card(f"b{buyer}|{payer}", BUYER, buyer or self.say("unknown"), small=self.say("pays") + payer if payer and payer != buyer else "", unknown=not buyer)
        self._joined(row, [product, use, buys], ends)

    def _joined(self, row: Row, steps: list[Card], ends: list[Card]) -> None:
        pairs = [(steps[0], steps[1]), (steps[1], steps[2]), *((steps[2], end) for end in ends)]
        for a, b in pairs:
            self.flows.setdefault((a.code, b.code), []).append(row)
        kin = {card.code for card in (*steps, *ends)} | {flow_code(a.code, b.code) for a, b in pairs}
        for card in (*steps, *ends):
            card.kin |= kin - {card.code}

    def columns(self) -> list[list[str]]:
        return [[c.code for c in self.cards.values() if c.column == at] for at in range(len(HEADS) if self.customers else CUSTOMER)]

    def flow_list(self) -> list[Flow]:
        return [(a, b, float(len(rows))) for (a, b), rows in self.flows.items()]

    def strokes(self, boxes: dict[str, Box]) -> list[Item]:
        """Flows under the cards; one that stands for a single row has the row's passport."""
        items: list[Item] = []
        for (a, b), rows in self.flows.items():
            start, end = boxes[a], boxes[b]
            middle = (start.right + end.x) / 2
            local = any(parts_of(r["local_customers"]) for r in rows)
            paint = Paint("", LOCAL if local else STROKE, round(min(4.0, 0.6 + 0.6 * len(rows)), 2), "solid" if local or not self.customers else "dash", opacity=0.6)
            stroke = Stroke(((start.right, start.cy), (middle, start.cy, middle, end.cy, end.x, end.cy)), paint)
            passport = self.passport(rows[0]) if len(rows) == 1 else ""
            items.append(Group(f"{self.cards[a].words} → {self.cards[b].words}", (stroke,), passport=passport, code=flow_code(a, b), links=(a, b)))
        return items

    def passport(self, row: Row) -> str:
        return passport_id(self.result.output.name, self.result.key_of(row), self.result.edition.number)


def flow_code(source: str, target: str) -> str:
    """The code of the stroke between two cards."""
    return f"{source}>{target}"


def column_places(width: float, count: int) -> list[tuple[float, float]]:
    """Left edge and width of each column."""
    shares = SHARES[:count]
    grown = [share * (1 if count == len(SHARES) else 1.15) * width for share in shares]
    spare = (width - 2 * EDGE - sum(grown)) / (count - 1)
    return [(EDGE + sum(grown[:at]) + spare * at, wide) for at, wide in enumerate(grown)]


def placed(columns: Sequence[Sequence[str]], width: float, bottom: float) -> dict[str, Box]:
    """A box for each card: columns at fixed places, cards spread evenly over the height."""
    boxes = {}
    for column, (x, wide) in zip(columns, column_places(width, len(columns)), strict=True):
        pitch = (bottom - HEAD) / max(len(column), 1)
        tall = min(MOST, pitch - GAP)
        for at, code in enumerate(column):
            boxes[code] = Box(x, HEAD + pitch * at + (pitch - tall) / 2, wide, tall)
    return boxes


def drawn(card: Card, box: Box) -> Group:
    """A card with its words: a bold name with ◢ for a critical node, a green edge and ★ where a customer is here, a broken edge where none is on record."""
    if card.local:
        paint = Paint(LOCAL_TINT, LOCAL, 1.2)
    elif card.unknown:
        paint = Paint("#ffffff", style.FAINT, 1.1, "dash")
    else:
        paint = Paint(style.CARD_FILL, "#b9c8d8")
    sign = "◢ " if card.critical else "★ " if card.local else ""
    inside = Box(box.x + 7, box.y, box.w - 14, box.h)
    items: list[Item] = [Rect(box.x, box.y, box.w, box.h, paint, 4)]
    if card.small and box.h >= TWO_LINES:
        items += cell_words(Box(inside.x, box.y + 2, inside.w, box.h * 0.52), sign + card.words, 11.5, bold=card.critical)
        items += cell_words(Box(inside.x, box.y + box.h * 0.52, inside.w, box.h * 0.42), card.small, 9.5, smallest=7, colour=style.MUTED)
    elif card.small:
        room = min(text_width(card.small, 9.5) + 4, inside.w * 0.46)
        items += cell_words(Box(inside.x, box.y, inside.w - room - 4, box.h), sign + card.words, 11.5, bold=card.critical)
        items += cell_words(Box(inside.right - room, box.y, room, box.h), card.small, 9.5, smallest=7, colour=style.MUTED, anchor="end")
    else:
        items += cell_words(inside, sign + card.words, 11.5, bold=card.critical)
    tip = "，".join(part for part in (card.words, card.small, card.tip) if part)
    return Group(card.words, tuple(items), tip=tip, href=card.href, passport=card.passport, code=card.code, links=tuple(sorted(card.kin)))


def _headings(width: float, count: int, language: str) -> list[Item]:
    items: list[Item] = []
    for at, (x, wide) in enumerate(column_places(width, count)):
        items.append(Rect(x, 1, wide, 23, Paint(style.banner_colour(at, len(HEADS))), 4))
        items += cell_words(Box(x + 6, 1, wide - 12, 23), HEADS[at][language == "en"], 12, colour="#ffffff", bold=True, anchor="middle")
    return items


def _nobody(columns: Sequence[Sequence[str]], width: float, bottom: float, language: str) -> list[Item]:
    """Where the last column has no card, it says why."""
    if len(columns) < len(HEADS) or columns[CUSTOMER]:
        return []
    x, wide = column_places(width, len(columns))[CUSTOMER]
    box = Box(x, (HEAD + bottom) / 2 - 20, wide, 40)
    words = cell_words(Box(box.x + 8, box.y, box.w - 16, box.h), WORDS["nobody"][language == "en"], 11.5, lines=2, colour=style.MUTED, anchor="middle")
    return [Group("nobody", (Rect(box.x, box.y, box.w, box.h, Paint("#ffffff", style.FAINT, 1.1, "dash"), 4), *words))]


def _entries(language: str, customers: bool) -> list[Entry]:
    english = language == "en"

    def sample(paint: Paint) -> tuple[Item, ...]:
        return (Rect(0, -10, 24, 12, paint, 3),)

    found = [Entry((Words(0, 0, "◢", 10.5, style.INK),), 10, WORDS["critical"][english])]
    if customers:
        found += [Entry((*sample(Paint(LOCAL_TINT, LOCAL, 1.2)), Words(12, -0.4, "★", 9, style.INK, anchor="middle")), 24, WORDS["local"][english]),
                  Entry(sample(Paint("#ffffff", style.FAINT, 1.1, "dash")), 24, WORDS["none"][english])]
    found.append(Entry((Stroke(((0, -4), (24, -4)), Paint("", STROKE, 2.4, "dash" if customers else "solid")),), 24, WORDS["width"][english]))
    return found if customers else [*found, Entry((), 0, WORDS["secret"][english])]


def _rest(rows: Sequence[Row], pages: list[list[Row]], page: int, language: str, customers: bool) -> str:
    """How much is drawn here and what stands elsewhere: nothing is left out in silence."""
    here = pages[page - 1]
    products, uses, local = len({product_of(r) for r in here}), len(here), sum(bool(parts_of(r["local_customers"])) for r in here)
    others, missing = len({product_of(r) for r in rows} - {product_of(r) for r in here}), len(rows) - uses
    if language == "en":
        told = f"{products} products, {uses} uses" + (f", {local} of them with a customer here" if customers else "")
        return told if len(pages) == 1 else f"{told} (critical nodes first); {others} more products, {missing} more uses on the other sheets and in the list; sheet {page} of {len(pages)}"
    told = f"本图 {products} 种产品、{uses} 项用途" + (f"，其中 {local} 项有本地客户" if customers else "")
    return told if len(pages) == 1 else f"{told}（关键环节在前），其余 {others} 种产品、{missing} 项用途见另几张和清单；第 {page} 张，共 {len(pages)} 张"
