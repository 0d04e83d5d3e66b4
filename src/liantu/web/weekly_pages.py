"""招商周报: the week on one page, and one button each for Word and the workbook."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from liantu.kernel.access import version_asked
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import UserError
from liantu.papers.attraction_weekly import SHOWN, summary, week_of, weekly_paper, weekly_workbook
from liantu.papers.docx import to_docx
from liantu.web import pipeline_view as view
from liantu.web.answers import XLSX, answered, download
from liantu.web.context import language, need_edition, say
from liantu.web.formats import heading

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
LINKS = {"lead_list": ("lead", "lead"), "pipeline_list": ("pipeline_project", "project"), "stage_move_list": ("pipeline_project", "project")}


def _asked(request: HttpRequest) -> tuple[date | None, str]:
    """The last day of the week and the chain asked for."""
    text = request.GET.get("last", "").strip()
    try:
        return (date.fromisoformat(text) if text else None), request.GET.get("chain", "")
    except ValueError:
        raise UserError(say(f"日期看到「{text[:20]}」，读不懂。", f"Not a day: {text[:20]}."), code="bad-day", hint="2026-11-20") from None


@require_GET
@answered
def weekly(request: HttpRequest) -> HttpResponse:
    """The week: five questions, each with its rows."""
    edition, (last, chain) = need_edition(request), _asked(request)
    version = version_asked(request.user, request.GET.get("version", ""))
    week = week_of(edition, last=last, version=version, language=language(), chain=chain)
    parts = []
    for part in week.parts:
        columns = [c for name in part.columns for c in part.result.columns if c.name == name]
        name, key = LINKS.get(part.result.output.name, ("", ""))
        rows = [{"pk": r.get(key), "cells": [{"column": c.name, "text": r[f"{c.name}_word"] or "—", "value": r[c.name], "num": c.numeric} for c in columns]} for r in view.rows_of(part.result)[:SHOWN]]
        parts.append({"part": part, "heads": [{"text": heading(c), "num": c.numeric} for c in columns], "rows": rows, "rest": max(0, part.rows - SHOWN), "page": name, "output": part.result.output.name})
    return render(request, "pipeline/weekly.html", {
        "title": say("招商周报", "Attraction weekly"), "week": week, "parts": parts, "summary": summary(week, language()), "chain": chain, "chains": view.chains(), "rule": parameter("lead_clock"), "asked": request.GET.urlencode(),
        "counts": {p.key: p.rows for p in week.parts}})


@require_GET
@answered
def weekly_docx(request: HttpRequest) -> HttpResponse:
    """The week as a Word file."""
    edition, (last, chain) = need_edition(request), _asked(request)
    version = version_asked(request.user, request.GET.get("version", ""))
    paper = weekly_paper(edition, last=last, version=version, language=language(), chain=chain)
    return download(to_docx(paper, edition=edition, version=version, language=language()), f"{say('招商周报', 'attraction-weekly')}_{last or edition.manifest.as_of}.docx", DOCX)


@require_GET
@answered
def weekly_xlsx(request: HttpRequest) -> HttpResponse:
    """The week as a workbook."""
    edition, (last, chain) = need_edition(request), _asked(request)
    version = version_asked(request.user, request.GET.get("version", ""))
    return download(weekly_workbook(edition, last=last, version=version, language=language(), chain=chain), f"{say('招商周报', 'attraction-weekly')}_{last or edition.manifest.as_of}.xlsx", XLSX)


urlpatterns = [
    path("attract/weekly/", weekly, name="weekly"),
    path("attract/weekly/weekly.docx", weekly_docx, name="weekly_docx"),
    path("attract/weekly/weekly.xlsx", weekly_xlsx, name="weekly_xlsx"),
]
