"""How pages answer: a refusal or a mistake becomes a page in words with a stable code, never a traceback."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import wraps
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from liantu.kernel.access import require_write
from liantu.kernel.problems import UserError
from liantu.web.context import say

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def status_of(error: UserError) -> int:
    """The HTTP status that says the same as the error's code."""
    if error.code.startswith("unknown-") or error.code in ("no-edition",):
        return 404
    if error.code == "read-only":
        return 403
    return 409 if error.exit_code == 3 else 400


def answered(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Turn a UserError out of a view into a page (or JSON, when the page was asked for as JSON)."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            return view(request, *args, **kwargs)
        except UserError as error:
            return answer(request, error)

    return inner


def answer(request: HttpRequest, error: UserError) -> HttpResponse:
    """The error in words."""
    status = status_of(error)
    if request.GET.get("format") == "json":
        return JsonResponse({"code": error.code, "message": error.message, "hint": error.hint}, status=status)
    title = say("这一步不能做", "This cannot be done") if status in (403, 409) else say("没有找到，或不能继续", "Not found, or cannot go on")
    return render(request, "liantu/user_error.html", {"error": error, "title": title}, status=200 if error.code == "no-edition" else status)


def writers_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Refuse the whole view to those who may only read."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        require_write(request.user)
        return view(request, *args, **kwargs)

    return answered(inner)


def next_address(request: HttpRequest, otherwise: str) -> str:
    """Where a form asks to go on (``next``), if that is on this site; else ``otherwise``."""
    wanted = request.POST.get("next", "")
    return wanted if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure()) else otherwise


def tell(request: HttpRequest, notes: Iterable[str]) -> None:
    """Show what happened: good news as such, what did not work as a warning."""
    for text in notes:
        (messages.warning if "没有" in text else messages.success)(request, text)


def download(data: bytes, name: str, content_type: str = XLSX) -> HttpResponse:
    """A file to save, under a Chinese name that every browser understands."""
    response = HttpResponse(data, content_type=content_type)
    safe = "".join(c for c in name if c.isprintable() and c not in '\\/"')[:120]
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(safe)}"
    return response
