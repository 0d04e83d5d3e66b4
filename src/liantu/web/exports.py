"""Files to take away: any output, whole or filtered, and the firm list as it stands on the page."""

from __future__ import annotations

from dataclasses import replace

import polars as pl
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from liantu.kernel.access import released
from liantu.papers.export import export as make
from liantu.web.answers import download
from liantu.web.context import language, need_edition


@require_GET
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One output as a file; ``?column=value`` keeps equal rows, filters of its page are obeyed too. ``?version=public`` (or department) gives less than the person may see, never more."""
    from liantu.web.outputs_view import filtered

    edition = need_edition(request)
    whole = released(request.user, name, edition, request.GET.get("version", ""))
    where = {c.name: request.GET[c.name] for c in whole.columns if request.GET.get(c.name)}
    result = filtered(whole, whole.columns, request.GET)
    made = make(name, edition, form, where=where, columns=whole.columns, language=language(), result=result)
    return download(made.data, made.name, made.media_type)


@require_GET
def export_firms(request: HttpRequest, form: str) -> HttpResponse:
    """The filtered firm list as a file, in the order of the page."""
    from liantu.web.firms_view import asked, firms_of, ordered, select

    edition = need_edition(request)
    whole = released(request.user, "firm_list", edition, request.GET.get("version", ""))
    seen = {c.name for c in whole.columns}
    frame = ordered(select(firms_of(edition), asked(request)), request.GET.get("sort", ""), seen)
    frame = frame.select(c.name if c.name in seen or c.name in whole.output.key else pl.lit(None).alias(c.name) for c in whole.output.columns)
    if "output" not in seen and not request.GET.get("sort"):  # the list's own order is by output
        frame = frame.sort("enterprise")
    made = make("firm_list", edition, form, columns=whole.columns, language=language(), result=replace(whole, frame=frame))
    return download(made.data, made.name, made.media_type)
