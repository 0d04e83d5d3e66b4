"""落地预测: how good the chances were on past days, first; then what may land by quarter, and each project's chance. And firms contacted too often."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from liantu.attraction.forecast import TARGETS, history, score
from liantu.kernel.access import released
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.parameter import parameter
from liantu.methods.stage_forecast import Score
from liantu.projects.choices import STAGES
from liantu.web.answers import answered
from liantu.web.cells import page_of
from liantu.web.context import need_edition, say
from liantu.web.formats import words

PER_PAGE = 40
ENGLISH = {"started": "start", "producing": "production"}


@lru_cache(maxsize=8)
def _scores(number: str, holder: Kept) -> tuple[int, int, dict[str, Score | None]]:
    edition: Edition = holder.value
    day = date.fromisoformat(edition.manifest.as_of)
    rule = parameter("stage_forecast", day).value
    dropped = set(edition.table("signing_verdict").filter(pl.col("verdict") == "same")["other"].to_list())
    known = history(edition.table("project"), edition.table("stage_event"), dropped)
    return len(known.ids), known.moves, {target: score(known, day, target, rule) for target in TARGETS}


def scores(edition: Edition) -> dict[str, Any]:
    """The record of past chances on an edition: projects and dated moves behind it, and a score by target with a plain sentence."""
    projects, moves, found = _scores(edition.number, Kept(edition))
    least = parameter("stage_forecast").value["least_events"]
    return {"projects": projects, "moves": moves, "least": least, "few": moves < least, "lines": [_line(target, s) for target, s in found.items()]}


def _line(target: str, told: Score | None) -> dict[str, Any]:
    word = say(TARGETS[target], ENGLISH[target])
    if told is None:
        return {"word": word, "score": None}
    better = told.low > 0
    worse = told.high < 0
    sentence = say("比一律按总体比例说更准", "better than telling everybody the base rate") if better else say("还不如一律按总体比例说", "worse than telling everybody the base rate") if worse else \
        say("与一律按总体比例说分不出高下", "not told apart from telling everybody the base rate")
    bins = [{"told": f"{a:.0%}", "seen": f"{b:.0%}", "n": n} for a, b, n in told.bins]
    return {"word": word, "score": told, "sentence": sentence, "tone": "green" if better else "red" if worse else "amber", "bins": bins, "plan": None if told.n_plan == 0 else told.plan,
            "gain": f"{told.base - told.brier:+.3f}（{told.low:+.3f} ～ {told.high:+.3f}）"}


@require_GET
@answered
def forecast(request: HttpRequest) -> HttpResponse:
    """Score on top, then quarters, then projects."""
    edition = need_edition(request)
    rows = released(request.user, "landing_forecast", edition).frame.to_dicts()
    stages = {c.value: words(c) for c in STAGES}
    for row in rows:
        row |= {"key": str(row["project"]), "stage_words": stages.get(row["stage"], "—")}
    quarters = released(request.user, "quarter_landing", edition).frame.to_dicts()
    rule = parameter("stage_forecast", date.fromisoformat(edition.manifest.as_of))
    steps = [{"word": say(TARGETS[t], ENGLISH[t]), "rows": [{**q, "key": f"{t}|{q['quarter']}"} for q in quarters if q["target"] == t]} for t in TARGETS]
    return render(request, "promise/forecast.html", {"title": say("落地预测", "Landing forecast"), "record": scores(edition), "page": page_of(request, rows, PER_PAGE), "all": len(rows), "steps": steps, "rule": rule,
                                                     "months": rule.value["months"]})


@require_GET
@answered
def contacts(request: HttpRequest) -> HttpResponse:
    """Firms that several offices approach or that are visited too often."""
    edition = need_edition(request)
    rows = released(request.user, "contact_overload", edition).frame.to_dicts()
    return render(request, "promise/contacts.html", {"title": say("企业打扰提醒", "Firms contacted too often"), "rows": rows, "rule": parameter("contact_guard", date.fromisoformat(edition.manifest.as_of))})


urlpatterns = [path("attract/forecast/", forecast, name="forecast"), path("attract/contacts/", contacts, name="contacts")]
