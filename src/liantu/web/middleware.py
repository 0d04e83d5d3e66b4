"""Language by the person's choice, addresses without signs that no database keeps, and UserError as a page in plain words."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import translation

from liantu.kernel.plan_fit import storable
from liantu.kernel.problems import Refused, UserError


class LanguageMiddleware:
    """The language that the person chose (cookie), else the site's; a browser's setting does not decide."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, settings.LANGUAGE_CODE)
        code = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        request.LANGUAGE_CODE = code  # type: ignore[attr-defined]
        with translation.override(code):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", code)
        return response


class StorableAddressMiddleware:
    """Leaves out of addresses what no database text holds (NUL, lone surrogates), so that PostgreSQL answers a search with such a sign as SQLite does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "%00" in request.META.get("QUERY_STRING", "") or "\0" in request.META.get("QUERY_STRING", ""):
            asked = QueryDict(mutable=True)
            for name, values in request.GET.lists():
                asked.setlist(storable(name), storable(values))
            asked._mutable = False  # type: ignore[attr-defined]
            request.GET = asked  # type: ignore[assignment]
        request.path_info = storable(request.path_info)
        return self.get_response(request)


class UserErrorMiddleware:
    """A UserError (or refusal) raised by a page becomes a page that says what to do next, with its code."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        if not isinstance(error, UserError):
            return None
        from django.shortcuts import render

        from liantu.web.answers import status_of
        from liantu.web.context import say

        refused = isinstance(error, Refused)
        title = say("这一步不能做", "This cannot be done") if refused else say("没有找到，或不能继续", "Not found, or cannot go on")
        if error.code == "no-edition":
            title = say("还没有版次", "No edition yet")
        return render(request, "liantu/user_error.html", {"error": error, "title": title}, status=status_of(error))
