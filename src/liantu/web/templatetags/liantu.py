"""Template words: two languages, cells with units, passport links, icons. ``{% load liantu %}`` at the top of a template.

{% t "中文" "English" %} · {% icon "upload" %} · {% cell row column %} · {{ value|shown:column }} · {{ column|heading }} ·
{% why output key column value %} · {% query page=2 %} · {{ table|words }} · {{ moment|when }}
"""

from __future__ import annotations

from typing import Any

from django import template
from django.http import QueryDict
from django.templatetags.static import static
from django.urls import NoReverseMatch, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from liantu.web import formats
from liantu.web.context import say

register = template.Library()


@register.simple_tag
def t(zh: str, en: str) -> str:
    """One of two wordings, by the language of the page."""
    return say(zh, en)


@register.simple_tag
def icon(name: str, title: str = "") -> SafeString:
    """An icon of the sprite; decorative unless it has a title."""
    address = f"{static('liantu/icons.svg')}#{name}"
    if title:
        return format_html('<svg class="icon" role="img" aria-label="{}"><use href="{}"></use></svg>', title, address)
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="{}"></use></svg>', address)


register.filter("shown", formats.shown)
register.filter("heading", formats.heading)
register.filter("head", formats.head)
register.filter("words", formats.words)
register.filter("when", formats.when)
register.filter("day", formats.day)
register.filter("amount", formats.amount)
register.filter("share", formats.share)
register.filter("tone", formats.tone)


@register.simple_tag
def why(output: str, key: str, column: str, shown: str, edition: Any) -> SafeString:
    """A figure that leads to its passport."""
    return formats.why_link(output, key, column, shown, edition)


@register.filter
def item(mapping: Any, key: Any) -> Any:
    """``mapping[key]``, or None."""
    try:
        return mapping[key]
    except (KeyError, IndexError, TypeError):
        return None


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query with changes; None or empty removes a part. Starts with ``?``."""
    asked: QueryDict = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return "?" + asked.urlencode()


register.filter("unit", formats.unit)
register.filter("mark", formats.mark)
register.filter("choice", formats.choice_of)


@register.filter
def longest(choices: Any) -> int:
    """The length of the longest word among choices, to give its column room."""
    return max((len(formats.words(c)) for c in choices), default=0)


@register.filter
def basis_tone(basis: str) -> str:
    """The colour of a rule's mark."""
    return {"official": "green", "local": "blue"}.get(basis, "amber")


@register.simple_tag
def passport(output: str, key: str, edition: Any) -> SafeString:
    """The passport number of a row, leading to it."""
    return formats.passport_link(output, key, edition)


@register.simple_tag
def batch_link(batch: Any) -> SafeString:
    """A batch's number, leading to it where batches are shown."""
    try:
        return format_html('<a class="code" href="{}">{}</a>', reverse("batch", args=[batch.pk]), batch.number)
    except NoReverseMatch:
        return format_html('<span class="code">{}</span>', batch.number)


@register.filter
def figures(rule: Any) -> list[tuple[str, str]]:
    """The numbers of a dated rule with their words, in the reader's language."""
    return [(word, "、".join(map(str, value)) if isinstance(value, list) else str(formats.shown_plain(value)) if isinstance(value, bool) else str(value))
            for word, value in rule.figures(say("zh", "en"))]
