"""把关: a draft offer, agreement or policy is read for wordings that fair-competition review must see. Nothing of it is kept."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_http_methods

from liantu.attraction.clauses import LONGEST, Finding, check_text, read_document, rules
from liantu.kernel.problems import UserError
from liantu.web.answers import answered
from liantu.web.context import say

UPLOAD = 5_000_000
"""Bytes of a file that is read."""


@require_http_methods(["GET", "POST"])
@answered
def guards(request: HttpRequest) -> HttpResponse:
    """The form, and after a text was given its findings with their places."""
    text, problem = "", None
    if request.method == "POST":
        try:
            text = _asked(request)
        except UserError as error:
            problem = error
    found: list[Finding] = []
    if text and problem is None:
        try:
            found = check_text(text)
        except UserError as error:
            problem = error
    form = rules()
    return render(request, "promise/guards.html", {
        "title": say("文本把关", "Check of a text"), "text": text, "problem": problem, "checked": bool(text) and problem is None, "found": found, "by_rule": _by_rule(found),
        "pieces": _pieces(text, found), "form": form, "longest": LONGEST, "letters": len(text)})


def _asked(request: HttpRequest) -> str:
    file = request.FILES.get("file")
    if file is None:
        return request.POST.get("text", "").replace("\r\n", "\n").replace("\x00", "").strip()
    if (file.size or 0) > UPLOAD:
        raise UserError(f"文件有 {(file.size or 0) / 1e6:.1f} MB，最多 {UPLOAD // 1_000_000} MB。", code="file-too-large", hint="去掉图片再传，或把文字贴进文本框。")
    return read_document(file.name or "", file.read()).replace("\x00", "").strip()


def _by_rule(found: list[Finding]) -> list[dict[str, Any]]:
    """Findings by rule, in the order of the rules."""
    order = {rule.id: at for at, rule in enumerate(rules().rules)}
    rows = sorted(found, key=lambda f: (order[f.rule.id], f.start))
    return [{"rule": rule, "findings": list(group)} for rule, group in groupby(rows, key=lambda f: f.rule)]


def _pieces(text: str, found: list[Finding]) -> list[dict[str, Any]]:
    """The text cut at its findings; of two that overlap the first is marked."""
    pieces, at = [], 0
    for finding in found:
        if finding.start >= at:
            pieces += [{"text": text[at : finding.start], "finding": None}, {"text": finding.phrase, "finding": finding}]
            at = finding.end
    return [p for p in [*pieces, {"text": text[at:], "finding": None}] if p["text"]]


urlpatterns = [path("attract/guards/", guards, name="guards")]
