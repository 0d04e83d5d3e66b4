"""技术路线图: swim-lanes by node; each route a bar over the years, with its maturity, who leads and who commands it here.

Colour tells how well the district commands a route, a pattern and the word in the bar say the same in black and white; the outline
tells mainstream, alternative and frontier apart. Critical nodes come first; where not all lanes fit, the drawing has several pages
and says what the others hold.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from liantu.chains.choices import GRASPS, ROUTE_KINDS
from liantu.drawing import style
from liantu.drawing.scene import Group, Item, Paint, Polygon, Rect, Scene, Stroke, Words
from liantu.drawing.scene_parts import Entry, alarm, cell_words, legend, legend_lines, parts_of, shown_rows
from liantu.drawing.shapes import Box
from liantu.drawing.text import text_width
from liantu.kernel.columns import Choice
from liantu.kernel.output import Result
from liantu.kernel.passport import figure_id, passport_id
from liantu.kernel.problems import UserError

Address = Callable[[str], str]
Row = dict[str, Any]
LEAST, MOST = 17.5, 32.0  # px: height of a route's row
HEAD, PITCH, EDGE, STRIP, BETWEEN, AXIS_PAD = 24.0, 17.0, 6.0, 17.0, 18.0, 15.0
TWO_PANELS = 1500.0  # px: from this width on lanes stand in two panels side by side
PAST, AHEAD = 30, 25  # years that the axis shows at most before and after the edition's day
STEPS = 9
GRASP_LOOKS = {
    "none": ("#ffffff", "#b53a3a", "hatch"),
    "following": ("#fbe9c6", "#a66a10", "dots"),
    "mastered": ("#bcd7f2", "#2f6db3", "none"),
    "leading": ("#16805c", "#0d5a40", "none"),
}
UNKNOWN_LOOK = ("#eef2f6", "#7c8da1", "none")
LOCAL = "#0d5a40"
KIND_LOOKS = {"mainstream": (1.5, "solid", 1.5), "alternative": (1.2, "dash", 1.5), "frontier": (1.2, "dot", 99.0)}  # outline width, dash, radius
WORDS = {
    "node": ("环节", "Node"), "route": ("技术路线", "Route"), "maturity": ("成熟度", "Maturity"), "leaders": ("领先者", "Leaders"), "local": ("本地企业", "Firms here"),
    "now": ("今", "now"), "choke": ("卡", "!"), "choke_word": ("卡脖子", "chokepoint"), "critical": ("关键环节", "critical node"), "ripe": ("成熟度 1–9 级", "maturity 1–9"),
    "earlier": ("更早或未填", "earlier or unknown"), "later": ("更晚或未定", "later or open"), "no_year": ("年份未填", "years unknown"), "unknown": ("未填", "unknown"),
    "secret": ("本地掌握、卡脖子和本地企业不在本版公布", "grasp, chokepoints and local firms are not in this version"),
}


def technology_scene(result: Result, chain: str, *, language: str = "zh", href: Address | None = None, width: float, height: float, page: int = 1) -> Scene:
    """Draw the routes of one chain (px). Raises UserError (``nothing-to-draw``) when none is on record."""
    rows, shown = shown_rows(result, chain)
    if not rows:
        raise UserError("这条产业链还没有登记技术路线。", code="nothing-to-draw", hint="请在「导入表格」交一份技术路线表，或在登记表里填写。")
    drawing = _Drawing(result, rows, shown, language, href, width, height)
    return drawing.scene(page)


@dataclass(frozen=True)
class _Lane:
    """The routes of one node that stand together."""

    node: str
    rows: tuple[Row, ...]

    @property
    def first(self) -> Row:
        return self.rows[0]

    @property
    def rank(self) -> tuple[bool, bool, int]:
        """Critical nodes first, then those with a chokepoint, then as on the chain map."""
        return not self.first["critical"], not any(r["chokepoint"] for r in self.rows), self.first["position"] or 0


def lanes_of(rows: Sequence[Row], capacity: int) -> list[_Lane]:
    """Routes by node, at most ``capacity`` together, in order of rank."""
    nodes: dict[str, list[Row]] = {}
    for row in rows:
        nodes.setdefault(str(row["node_code"]), []).append(row)
    lanes = [_Lane(code, tuple(found[at:at + capacity])) for code, found in nodes.items() for at in range(0, len(found), capacity)]
    return sorted(lanes, key=lambda lane: lane.rank)


def panels_of(lanes: Sequence[_Lane], capacity: int) -> list[list[_Lane]]:
    """Lanes in panels of at most ``capacity`` rows; what ranks first stands on the first; inside a panel as on the chain map."""
    panels: list[list[_Lane]] = []
    free: list[int] = []
    for lane in lanes:
        size = len(lane.rows)
        place = next((at for at in range(max(0, len(panels) - 2), len(panels)) if free[at] >= size), None)
        if place is None:
            panels.append([])
            free.append(capacity)
            place = len(panels) - 1
        panels[place].append(lane)
        free[place] -= size
    return [sorted(panel, key=lambda lane: lane.first["position"] or 0) for panel in panels]


def span_of(rows: Sequence[Row], day: date) -> tuple[int, int]:
    """First and last year of the axis, in steps of five years."""
    years = [y for row in rows for y in (row["since_year"], row["until_year"]) if y]
    first = max(min([*years, day.year - 5]), day.year - PAST)
    last = min(max([*years, day.year + 5]), day.year + AHEAD)
    return first // 5 * 5, -(-(last + 1) // 5) * 5


@dataclass(frozen=True)
class _Drawing:
    """All that the drawing of one chain needs to know."""

    result: Result
    rows: list[Row]
    shown: set[str]
    language: str
    href: Address | None
    width: float
    height: float

    def say(self, key: str) -> str:
        return WORDS[key][self.language == "en"]

    def named(self, row: Row, name: str) -> str:
        return str((row.get(f"{name}_en") if self.language == "en" else "") or row[name] or "")

    def choice(self, choices: Sequence[Choice], value: str | None) -> str:
        found = next((c for c in choices if c.value == value), None)
        return (found.en if self.language == "en" else found.zh) if found else self.say("unknown")

    def several(self, names: Sequence[str]) -> str:
        """The first of several names and how many there are; all of them stand in the tip."""
        if len(names) < 2:
            return "".join(names)
        return f"{names[0]} +{len(names) - 1}" if self.language == "en" else f"{names[0]} 等 {len(names)} 家"

    def status(self, code: str | None) -> tuple[str, str, str] | None:
        """Sign, word and colour of a node's status."""
        found = style.STATUSES.get(code or "")
        if found is None:
            return None
        return ("×" if self.language == "en" and code == "missing" else found.sign), (found.en if self.language == "en" else found.zh), found.colour

    @property
    def day(self) -> date:
        return date.fromisoformat(self.result.edition.manifest.as_of)

    def scene(self, page: int) -> Scene:
        entries = self.entries()
        foot = PITCH * (legend_lines(entries, self.width - 2 * EDGE) + 1) + 4
        room = self.height - HEAD - foot
        capacity = max(4, int(room // LEAST))
        beside = 2 if self.width >= TWO_PANELS and len(self.rows) > capacity else 1
        panels = panels_of(lanes_of(self.rows, capacity), capacity)
        pages = -(-len(panels) // beside)
        page = min(max(page, 1), pages)
        chosen = panels[(page - 1) * beside:page * beside]
        wide = (self.width - 2 * EDGE - BETWEEN * (beside - 1)) / beside
        most = max(sum(len(lane.rows) for lane in panel) for panel in chosen)
        tall = min(MOST, room / most)
        items = [item for at, panel in enumerate(chosen) for item in _Panel(self, panel, Box(EDGE + at * (wide + BETWEEN), 0, wide, HEAD + most * tall), tall).items()]
        base = HEAD + most * tall + 17
        items += legend(entries, EDGE, base, self.width - 2 * EDGE)
        told = self.rest([lane for panel in chosen for lane in panel], page, pages)
        items.append(Words(EDGE, base + PITCH * legend_lines(entries, self.width - 2 * EDGE), told, 10.5, style.INK, pages > 1))
        return Scene(self.width, self.height, tuple(items), pages=pages)

    def rest(self, lanes: Sequence[_Lane], page: int, pages: int) -> str:
        """How much is drawn here and what stands elsewhere: nothing is left out in silence."""
        nodes, drawn = {lane.node for lane in lanes}, sum(len(lane.rows) for lane in lanes)
        others, missing = len({str(r["node_code"]) for r in self.rows} - nodes), len(self.rows) - drawn
        if self.language == "en":
            here = f"{len(nodes)} nodes, {drawn} routes"
            return here if pages == 1 else f"{here} (critical nodes first); {others} more nodes, {missing} more routes on the other sheets and in the list; sheet {page} of {pages}"
        here = f"本图 {len(nodes)} 个环节、{drawn} 条路线"
        return here if pages == 1 else f"{here}（关键环节在前），其余 {others} 个环节、{missing} 条路线见另几张和清单；第 {page} 张，共 {pages} 张"

    def entries(self) -> list[Entry]:
        """The legend, without what this version does not show."""
        found = []
        if "local_grasp" in self.shown:
            found += [Entry(tuple(bar_items(Box(0, -10, 24, 12), "mainstream", grasp.value)), 24, self.choice(GRASPS, grasp.value)) for grasp in GRASPS]
        found += [Entry(tuple(bar_items(Box(0, -10, 24, 12), kind.value, None)), 24, self.choice(ROUTE_KINDS, kind.value)) for kind in ROUTE_KINDS]
        found.append(Entry(tuple(steps_items(0, -9, 5)), STEPS * 6.0, self.say("ripe")))
        if "chokepoint" in self.shown:
            found.append(Entry(tuple(alarm(0, -10.5, self.say("choke"))), 13, self.say("choke_word")))
        found.append(Entry((Words(0, 0, "◢", 10.5, style.INK),), 10, self.say("critical")))
        found.append(Entry((pointer(6, -4, -1, style.MUTED),), 6, self.say("earlier")))
        found.append(Entry((pointer(0, -4, 1, style.MUTED),), 6, self.say("later")))
        if "node_status" in self.shown:
            present = {r["node_status"] for r in self.rows}
            found += [Entry((Words(0, 0, told[0], 10, told[2], True),), 10, told[1]) for code in style.STATUSES if code in present and (told := self.status(code))]
        if "local_grasp" not in self.shown:
            found.append(Entry((), 0, self.say("secret")))
        return found


def bar_items(box: Box, kind: str | None, grasp: str | None) -> list[Item]:
    """A route's bar: fill and pattern tell the grasp, the outline tells the kind."""
    fill, line, pattern = GRASP_LOOKS.get(grasp or "", UNKNOWN_LOOK)
    width, dash, radius = KIND_LOOKS.get(kind or "", (0.8, "solid", 1.5))
    return [Rect(box.x, box.y, box.w, box.h, Paint(fill, line, width, dash, pattern), min(radius, box.h / 2))]  # type: ignore[arg-type]


def steps_items(x: float, y: float, filled: int, height: float = 8.0) -> list[Item]:
    """Nine steps of which as many are filled as the maturity says."""
    return [Rect(x + 6.0 * at, y, 4.8, height, Paint(style.ACCENT if at < filled else "#ffffff", style.ACCENT if at < filled else style.FAINT, 0.7)) for at in range(STEPS)]


def pointer(x: float, y: float, way: int, colour: str) -> Polygon:
    """A small triangle pointing left (-1) or right (1): the bar goes on beyond."""
    return Polygon((((x, y - 4), (x + 5 * way, y), (x, y + 4)),), Paint(colour))


class _Panel:
    """One stack of lanes with its head; ``tall`` is the height of a row."""

    def __init__(self, drawing: _Drawing, lanes: Sequence[_Lane], box: Box, tall: float) -> None:
        self.drawing, self.lanes, self.box, self.tall = drawing, lanes, box, tall
        self.first, self.last = span_of(drawing.rows, drawing.day)
        local = "local_firms" in drawing.shown
        free = box.w - STRIP - 78
        shares = {"node": 0.12 if drawing.language == "zh" else 0.14, "route": 0.175 if drawing.language == "zh" else 0.155, "axis": 0.365 if local else 0.455, "leaders": 0.17 if local else 0.25, "local": 0.17 if local else 0.0}
        x, self.cells = box.x + STRIP, {}
        for name in ("node", "route", "axis", "maturity", "leaders", "local"):
            wide = 78.0 if name == "maturity" else shares[name] * free
            self.cells[name] = (x, wide)
            x += wide

    def cell(self, name: str, y: float, height: float, pad: float = 4.0) -> Box:
        x, wide = self.cells[name]
        return Box(x + pad, y, max(1.0, wide - 2 * pad), height)

    def year(self, value: float) -> float:
        """Where a year (with its part) stands."""
        x, wide = self.cells["axis"]
        return x + AXIS_PAD + (min(max(value, self.first), self.last) - self.first) / (self.last - self.first) * (wide - 2 * AXIS_PAD)

    def items(self) -> list[Item]:
        y, lanes, ground = HEAD, [], []
        for at, lane in enumerate(self.lanes):
            height = len(lane.rows) * self.tall
            ground.append(Rect(self.box.x + STRIP, y, self.box.w - STRIP, height, Paint(style.GROUP_FILL if at % 2 == 0 else "#ffffff", style.LINE, 0.6)))
            lanes += self.lane(lane, y)
            y += height
        return [*ground, *self.grid(y), *self.stages(), *self.head(), *lanes]

    def head(self) -> list[Item]:
        items: list[Item] = [Rect(self.box.x, 0, self.box.w, HEAD - 3, Paint(style.BANNER_FIRST), 3)]
        for name in ("node", "route", "maturity", "leaders", "local"):
            if self.cells[name][1]:
                items += cell_words(self.cell(name, 0, HEAD - 3, 2.0 if name == "maturity" else 4.0), self.drawing.say(name), 11, colour="#ffffff", bold=True)
        now, day = self.now(), self.drawing.day
        today = f"{self.drawing.say('now')} {day.year}.{day.month}"
        apart = (text_width(today, 9.5) * 1.04 + text_width("2000", 9.5)) / 2 + 3
        items += [Words(self.year(year), 14.6, str(year), 9.5, "#ffffff", anchor="middle") for year in self.ticks() if abs(self.year(year) - now) > apart]
        return [*items, Words(now, 14.8, today, 9.5, "#ffd7a8", True, "middle")]

    def ticks(self) -> range:
        step = 5 if (self.last - self.first) / 5 * 34 <= self.cells["axis"][1] else 10
        return range(-(-self.first // step) * step, self.last + 1, step)

    def now(self) -> float:
        day = self.drawing.day
        return self.year(day.year + (day.timetuple().tm_yday - 1) / 365.25)

    def grid(self, bottom: float) -> list[Item]:
        lines: list[Item] = [Stroke(((self.year(t), HEAD), (self.year(t), bottom)), Paint("", "#d8e1ea", 0.7)) for t in self.ticks()]
        return [*lines, Stroke(((self.now(), HEAD - 3), (self.now(), bottom)), Paint("", "#c05a00", 1.3, "dash"))]

    def stages(self) -> list[Item]:
        """A strip at the left that names the stage of the lanes beside it."""
        items: list[Item] = []
        y = HEAD
        runs: list[tuple[str, int]] = []
        for lane in self.lanes:
            name = self.drawing.named(lane.first, "stage_name")
            if runs and runs[-1][0] == name:
                runs[-1] = name, runs[-1][1] + len(lane.rows)
            else:
                runs.append((name, len(lane.rows)))
        order = list(dict.fromkeys(r["stage_name"] for r in self.drawing.rows))
        colours = {self.drawing.named(r, "stage_name"): style.banner_colour(order.index(r["stage_name"]), len(order)) for r in self.drawing.rows}
        for name, count in runs:
            height = count * self.tall
            ground = Rect(self.box.x, y + 0.5, STRIP - 2, height - 1, Paint(colours[name]), 2)
            items.append(Group(name, (ground, *self.upright(name, Box(self.box.x, y, STRIP - 2, height))), tip=name))
            y += height
        return items

    def upright(self, name: str, box: Box) -> list[Item]:
        """The stage's name turned to stand along the strip, as much of it as there is room for."""
        fitted = cell_words(Box(0, 0, max(1.0, box.h - 6), box.w), name, 10, smallest=7.5, colour="#ffffff", anchor="middle")
        return [Words(box.cx + word.size * 0.36, box.cy, word.text, word.size, "#ffffff", False, "middle", turn=-90) for word in fitted if isinstance(word, Words)] if box.h > 24 else []

    def lane(self, lane: _Lane, y: float) -> list[Item]:
        drawing, first = self.drawing, lane.first
        codes = [f"r{row['route']}" for row in lane.rows]
        address = drawing.href(str(first["node_code"])) if drawing.href and first["node_code"] else ""
        height = len(lane.rows) * self.tall
        box = self.cell("node", y, height)
        group = drawing.named(first, "group_name") if height >= 34 else ""
        lines = 2 if height >= 30 else 1
        mark = drawing.status(first["node_status"])
        left = 14.0 if mark else 0.0
        name = ("◢ " if first["critical"] else "") + drawing.named(first, "node_name")
        named = cell_words(Box(box.x + left, box.y, box.w - left, box.h - (12 if group else 0)), name, 11, lines=lines, bold=bool(first["critical"]))
        words: list[Item] = [Words(box.x, named[0].y, mark[0], 10, mark[2], True)] if mark and isinstance(named[0], Words) else []
        words += named
        if group:
            words += cell_words(Box(box.x + left, box.cy + 6 + (6 if len(named) > 1 else 0), box.w - left, 11), group, 9, colour=style.MUTED)
        tip = "，".join(p for p in (drawing.named(first, "node_name"), drawing.named(first, "group_name"), drawing.say("critical") if first["critical"] else "", mark[1] if mark else "") if p)
        items: list[Item] = [Group(drawing.named(first, "node_name"), tuple(words), tip=tip, href=address, code=f"n{lane.node}", links=tuple(codes))]
        for at, row in enumerate(lane.rows):
            items.append(self.route(row, y + at * self.tall, address, tuple(c for c in (f"n{lane.node}", *codes) if c != f"r{row['route']}")))
        return items

    def route(self, row: Row, y: float, address: str, links: tuple[str, ...]) -> Group:
        drawing, tall, two = self.drawing, self.tall, 2 if self.tall >= 25 else 1
        key, number = drawing.result.key_of(row), drawing.result.edition.number
        box = self.cell("route", y, tall)
        items: list[Item] = alarm(box.x, box.cy - 6.5, drawing.say("choke")) if row["chokepoint"] else []
        items += cell_words(Box(box.x + 17, y, box.w - 17, tall), drawing.named(row, "name"), 11, lines=two)
        items += self.bar(row, y)
        if row["maturity"] is not None:
            cell = self.cell("maturity", y, tall, 2.0)
            ripe = (*steps_items(cell.x, cell.cy - 4, row["maturity"]), Words(cell.x + 57, cell.cy + 3.6, str(row["maturity"]), 10, style.INK, True))
            items.append(Group(drawing.say("maturity"), ripe, passport=figure_id(drawing.result.output, key, "maturity", number)))
        for name, column, colour in (("leaders", "leaders", style.MUTED), ("local", "local_firms", LOCAL)):
            if self.cells[name][1]:
                names = drawing.several(parts_of(row[column]))
                place = self.cell(name, y, tall)
                blank: list[Item] = [Stroke(((place.x, place.cy), (place.x + 8, place.cy)), Paint("", style.FAINT, 0.8))]  # a line, not a sign: words are what costs when printed
                items += cell_words(place, names, 9.5, lines=two, colour=colour) if names else blank
        return Group(drawing.named(row, "name"), tuple(items), tip=self.tip(row), href=address, passport=passport_id(drawing.result.output.name, key, number), code=f"r{row['route']}", links=links)

    def tip(self, row: Row) -> str:
        drawing, en = self.drawing, self.drawing.language == "en"
        years = f"{row['since_year'] or '?'}–{row['until_year'] or '?'}"
        told = [drawing.named(row, "name"), drawing.choice(ROUTE_KINDS, row["kind"]), years, f"{drawing.say('maturity')} {row['maturity']}" if row["maturity"] else "",
                drawing.choice(GRASPS, row["local_grasp"]) if "local_grasp" in drawing.shown else "", drawing.say("choke_word") if row["chokepoint"] else "",
                *(f"{drawing.say(word)}{': ' if en else '：'}{row[name]}" for word, name in (("leaders", "leaders"), ("local", "local_firms")) if row[name]), row["source"] or ""]
        return (", " if en else "，").join(part for part in told if part)

    def bar(self, row: Row, y: float) -> list[Item]:
        """The bar from its first to its last year with the word of the grasp; a triangle where it goes on or no year is known."""
        since, until = row["since_year"], row["until_year"]
        x0, x1, tall = self.year(self.first), self.year(self.last), min(14.0, self.tall - 5)
        middle = y + self.tall / 2
        if not since and not until:
            return [Stroke(((x0, middle), (x1, middle)), Paint("", style.FAINT, 1, "dot")), *cell_words(Box(x0, y, x1 - x0, self.tall), self.drawing.say("no_year"), 9, colour=style.MUTED)]
        if since and until and until < since:
            since, until = until, since
        left, right = (self.year(since) if since else x0), (self.year(until + 1) if until else x1)
        right = max(right, left + 6)
        bar = Box(left, middle - tall / 2, right - left, tall)
        line = GRASP_LOOKS.get(row["local_grasp"] or "", UNKNOWN_LOOK)[1]
        items = bar_items(bar, row["kind"], row["local_grasp"])
        if not since or since < self.first:
            items.append(pointer(left - 1, middle, -1, line))
        if not until or until + 1 > self.last:
            items.append(pointer(right + 1, middle, 1, line))
        return items + self.grasp(row, bar)

    def grasp(self, row: Row, bar: Box) -> list[Item]:
        """The word of the grasp inside the bar, or its first letter, or nothing where the bar is too short for either."""
        if "local_grasp" not in self.drawing.shown:
            return []
        word = self.drawing.choice(GRASPS, row["local_grasp"])
        size = min(9.5, bar.h - 2)
        shown = next((text for text in (word, word[:1]) if text_width(text, size) * 1.04 + 8 <= bar.w), "")
        if not shown:
            return []
        wide = text_width(shown, size) * 1.04 + 4
        fill, line, pattern = GRASP_LOOKS.get(row["local_grasp"] or "", UNKNOWN_LOOK)
        ground: list[Item] = [Rect(bar.cx - wide / 2, bar.y + 1.2, wide, bar.h - 2.4, Paint("#ffffff"), 1)] if pattern != "none" else []
        return [*ground, Words(bar.cx, bar.cy + size * 0.36, shown, size, "#ffffff" if row["local_grasp"] == "leading" else style.INK, True, "middle")]
