"""What the overview of attraction shows, block by block. A block is None while the site has no such output, or the edition cannot give it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from liantu.attraction.choices import VERDICTS
from liantu.kernel.access import released
from liantu.kernel.columns import Choice
from liantu.kernel.edition import Edition, list_editions, open_edition
from liantu.kernel.output import content_key, holds, output_of, outputs
from liantu.kernel.parameter import parameter
from liantu.projects.choices import STAGES
from liantu.projects.shared import RANKS
from liantu.web.attract_links import link
from liantu.web.context import say
from liantu.web.formats import choice_words, words
from liantu.web.target_view import replay_sentence

Row = dict[str, Any]
OPEN = ("new", "answered", "assessed", "reserve")
LAMP_ORDER = {"red": 0, "yellow": 1, "green": 2}
CLOCKS = (("answer", "待响应", "To answer"), ("assess", "待研判", "To assess"), ("feedback", "待反馈引荐人", "Word to the introducer"), ("report", "待报进展", "Progress to report"))
SHOWN = 5  # lines of a block before its page is the place to look
DUE_WITHIN = 92  # days ahead in which a promise counts as due soon on this page: one quarter
QUARTERS = 4


def rows_of(user: Any, name: str, edition: Edition) -> list[Row] | None:
    """Rows of an output as the person may see them; choices also in words as ``<column>_word``. None while there is no such output."""
    if name not in outputs() or not holds(output_of(name), edition):
        return None
    result = released(user, name, edition)
    shown = [c.name for c in result.columns]
    chosen = [c for c in result.columns if c.choices]
    return [{**{n: row[n] for n in shown}, **{f"{c.name}_word": choice_words(c, row[c.name]) if row[c.name] is not None else "" for c in chosen}} for row in result.frame.iter_rows(named=True)]


def left(days: int | None) -> str:
    """Days left or over, in words."""
    if days is None:
        return ""
    if days < 0:
        return say(f"超 {-days} 天", f"{-days} d over")
    return say("今天到期", "due today") if days == 0 else say(f"还剩 {days} 天", f"{days} d left")


def _urgent(row: Row) -> tuple[int, int]:
    days = row.get("days_left")
    return LAMP_ORDER.get(row.get("lamp") or "", 3), 10**6 if days is None else days


def clocks(user: Any, edition: Edition) -> Row | None:
    """Leads by the clock that is due first, and the most urgent of them by name."""
    rows = rows_of(user, "lead_list", edition)
    if rows is None:
        return None
    working = [r for r in rows if r["state"] in OPEN]
    steps = []
    for key, zh, en in CLOCKS:
        waiting = [r for r in working if r["next_clock"] == key]
        late = [r for r in waiting if r["days_left"] is not None and r["days_left"] < 0]
        steps.append({"name": say(zh, en), "count": len(waiting), "late": len(late), "url": link("output", "lead_list", next_clock=key)})
    pressing = sorted((r for r in working if r["lamp"] in ("red", "yellow")), key=_urgent)
    lines = [{**r, "left": left(r["days_left"]), "url": link("lead", r["lead"])} for r in pressing[:SHOWN]]
    rule = parameter("lead_clock", date.fromisoformat(edition.manifest.as_of)).value
    return {"steps": steps, "lines": lines, "rest": len(pressing) - len(lines), "open": len(working), "all": len(rows), "url": link("leads"), "late_url": link("leads", kind="late"), "new": link("lead_new"),
            "days": (rule["answer_days"], rule["assess_days"])}


def pipeline(user: Any, edition: Edition) -> Row | None:
    """Attracted projects: lamps, the funnel by stage, and the red ones by name."""
    rows = rows_of(user, "pipeline_list", edition)
    if rows is None:
        return None
    alive = [r for r in rows if r["side_state"] != "ended"]
    lamps = [{"value": c, "count": sum(r["lamp"] == c for r in alive), "url": link("pipeline", lamp=c)} for c in LAMP_ORDER]
    reds = sorted((r for r in alive if r["lamp"] == "red"), key=_urgent)
    lines = [{**r, "left": left(r["days_left"]), "url": link("pipeline_project", r["project"])} for r in reds[:SHOWN]]
    return {"lamps": lamps, "alive": len(alive), "ended": len(rows) - len(alive), "funnel": _funnel(alive), "lines": lines, "rest": len(reds) - len(lines), "url": link("pipeline"), "undone": _undone(user, edition)}


def _funnel(alive: list[Row]) -> list[Row]:
    """Each stage with the projects that stand there and those that have come at least this far."""
    ranks = [RANKS.get(r["stage"], -1) for r in alive]
    most = max((sum(rank >= at for rank in ranks) for at in range(len(STAGES))), default=0)
    found = []
    for at, stage in enumerate(STAGES):
        here, through = sum(rank == at for rank in ranks), sum(rank >= at for rank in ranks)
        tall, own = (round(40 * n / most, 1) if most else 0 for n in (through, here))
        found.append({"name": words(stage), "here": here, "through": through, "top": 40 - tall, "tall": tall, "own_top": 40 - own, "own": own, "url": link("pipeline", stage=stage.value)})
    return found


def _undone(user: Any, edition: Edition) -> list[Row]:
    """The three kinds of unfinished projects with their counts."""
    rows = rows_of(user, "three_undone", edition)
    if rows is None:
        return []
    kinds = next(c for c in output_of("three_undone").columns if c.name == "unfinished").choices
    return [{"name": words(k), "count": sum(r["unfinished"] == k.value for r in rows), "url": link("output", "three_undone", unfinished=k.value)} for k in kinds]


def verdicts(user: Any, edition: Edition) -> Row | None:
    """How many weak or missing nodes are judged which way."""
    rows = rows_of(user, "gap_verdict", edition)
    return None if rows is None else {"all": len(rows), "url": link("gap_verdicts"), "counts": _counted(rows, "verdict", VERDICTS, lambda c: link("gap_verdicts", verdict=c))}


def _counted(rows: list[Row], column: str, choices: Iterable[Choice], address: Any) -> list[Row]:
    return [{"value": c.value, "name": words(c), "count": sum(r[column] == c.value for r in rows), "url": address(c.value)} for c in choices]


def targets(user: Any, edition: Edition) -> Row | None:
    """The short list, what changed on it since the edition before, and whether lists of the past hit."""
    rows = rows_of(user, "target_scores", edition)
    if rows is None:
        return None
    chosen = sorted((r for r in rows if r["short_listed"]), key=lambda r: r["rank"])
    was = _before(edition)
    old = [r for r in rows_of(user, "target_scores", was) or [] if r["short_listed"]] if was else []
    entered = [r for r in chosen if r["candidate"] not in {o["candidate"] for o in old}]
    gone = [o for o in old if o["candidate"] not in {r["candidate"] for r in chosen}]
    return {"count": len(chosen), "pool": len(rows), "url": link("targets"), "replay": link("replay"), "sentence": replay_sentence(edition), "before": was if old else None,
            "entered": [{**r, "url": link("target", r["candidate"])} for r in entered[:SHOWN]], "entered_all": len(entered), "gone": [{**r, "url": link("target", r["candidate"])} for r in gone[:SHOWN]], "gone_all": len(gone),
            "first": [{**r, "url": link("target", r["candidate"])} for r in chosen[:SHOWN]]}


def _before(edition: Edition) -> Edition | None:
    """The newest older edition on which the scores rest on other rows."""
    output = output_of("target_scores")
    now = content_key(output, edition)
    for manifest in reversed(list_editions(edition.root)):
        if manifest.created_at < edition.manifest.created_at:
            older = open_edition(manifest.number, root=edition.root)
            if holds(output, older) and content_key(output, older) != now and not older.table("candidate_firm").is_empty():
                return older
    return None


def promises(user: Any, edition: Edition) -> Row | None:
    """Promises past their day and not kept, and those due within the quarter."""
    rows = rows_of(user, "promise_list", edition)
    if rows is None:
        return None
    today = date.fromisoformat(edition.manifest.as_of)
    lamps = [{"value": c, "count": sum(r["lamp"] == c for r in rows), "url": link("output", "promise_list", lamp=c)} for c in LAMP_ORDER]
    soon = [r for r in rows if r["due_on"] and today <= r["due_on"] <= today + timedelta(days=DUE_WITHIN) and r["lamp_rule"] not in ("kept", "late")]
    lines = [{**r, "left": left((r["due_on"] - today).days), "url": link("pipeline_project", r["project"])} for r in sorted(soon, key=lambda r: r["due_on"])[:SHOWN]]
    return {"all": len(rows), "lamps": lamps, "soon": len(soon), "lines": lines, "rest": len(soon) - len(lines), "url": link("promises")}


def signings(user: Any, edition: Edition) -> Row | None:
    """Pairs of signed projects that may be one and wait for a person."""
    rows = rows_of(user, "repeated_signings", edition)
    if rows is None:
        return None
    waiting = [r for r in rows if not r["verdict"]]
    return {"waiting": len(waiting), "same": sum(r["verdict"] == "same" for r in rows), "lines": waiting[:2], "rest": max(0, len(waiting) - 2), "url": link("signings")}


def contacts(user: Any, edition: Edition) -> Row | None:
    """Firms that several offices approach at a time, or that are visited too often."""
    rows = rows_of(user, "contact_overload", edition)
    return None if rows is None else {"count": len(rows), "lines": rows[:3], "rest": max(0, len(rows) - 3), "url": link("output", "contact_overload")}


def forecast(user: Any, edition: Edition) -> Row | None:
    """What may come to start and to production in the next four quarters, with ranges."""
    rows = rows_of(user, "quarter_landing", edition)
    if rows is None:
        return None
    quarters = sorted({r["quarter"] for r in rows})[:QUARTERS]
    cells = {(r["target"], r["quarter"]): r for r in rows}
    lines = [{"quarter": q, "pair": [cells.get((step, q)) for step in ("started", "producing")]} for q in quarters]
    open_ = rows_of(user, "landing_forecast", edition)
    return {"lines": lines, "projects": None if open_ is None else len(open_), "url": link("forecast")}


BLOCKS = {"clocks": clocks, "pipeline": pipeline, "verdicts": verdicts, "targets": targets, "promises": promises, "signings": signings, "contacts": contacts, "forecast": forecast}
