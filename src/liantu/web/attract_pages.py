"""招商总览: what an investment officer looks at first on Monday; every number leads to its page."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from liantu.kernel.access import may_write
from liantu.web.answers import answered
from liantu.web.attract_links import link
from liantu.web.attract_view import BLOCKS
from liantu.web.context import need_edition, say


@require_GET
@answered
def attract(request: HttpRequest) -> HttpResponse:
    """The blocks that this site can give; the words of an empty one say how it is filled."""
    edition = need_edition(request)
    blocks = {name: block(request.user, edition) for name, block in BLOCKS.items()}
    return render(request, "attract/attract.html", {"title": say("招商总览", "Attraction"), **blocks, "any": any(b is not None for b in blocks.values()), "as_of": edition.manifest.as_of,
                                                    "weekly": link("weekly"), "guards": link("guards"), "may_write": may_write(request.user)})


urlpatterns = [path("attract/", attract, name="attract")]
