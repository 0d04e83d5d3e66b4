"""Files to take away: any output, whole or filtered, and the firm list as it stands on the page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from liantu.kernel.access import visible_columns
from liantu.kernel.output import Result, output_of, run
from liantu.papers.export import export as make
from liantu.web.answers import download
from liantu.web.context import language, need_edition


@require_GET
def export(request: HttpRequest, name: str, form: str) -> HttpResponse:
    """One output as a file; ``?column=value`` keeps equal rows, filters of its page are obeyed too."""
    from liantu.web.outputs_view import filtered

    edition = need_edition(request)
    output = output_of(name)
    columns = tuple(visible_columns(request.user, output.columns))
    where = {c.name: request.GET[c.name] for c in columns if request.GET.get(c.name)}
    result = filtered(run(name, edition), columns, request.GET)
    made = make(name, edition, form, where=where, columns=columns, language=language(), result=result)
    return download(made.data, made.name, made.media_type)


@require_GET
def export_firms(request: HttpRequest, form: str) -> HttpResponse:
    """The filtered firm list as a file, in the order of the page."""
    from liantu.web.firms_view import asked, firms_of, ordered, select

    edition = need_edition(request)
    output = output_of("firm_list")
    columns = tuple(visible_columns(request.user, output.columns))
    frame = ordered(select(firms_of(edition), asked(request)), request.GET.get("sort", ""), {c.name for c in columns})
    result = Result(output, edition, frame.select([c.name for c in output.columns]))
    made = make("firm_list", edition, form, columns=columns, language=language(), result=result)
    return download(made.data, made.name, made.media_type)
