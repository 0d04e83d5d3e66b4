"""Addresses of the pages on attraction, by name; a site that runs without one of them shows no link instead of an error."""

from __future__ import annotations

from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse


def link(name: str, *args: object, **query: object) -> str | None:
    """Address of the page `name` with its query; None when the site has no such page. Empty values are left out of the query."""
    try:
        address = reverse(name, args=args)
    except NoReverseMatch:
        return None
    asked = {key: value for key, value in query.items() if value not in (None, "")}
    return f"{address}?{urlencode(asked)}" if asked else address
