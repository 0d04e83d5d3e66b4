"""What a plan asks of the register: rows by a column, ids by name, near names; things read once for a whole plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

IDS, WHOLE = 900, 20_000  # values in one question; from how many on the whole table is read instead
_shared: ContextVar[dict[str, Any] | None] = ContextVar("shared", default=None)


@contextmanager
def share_within() -> Iterator[None]:
    """For one plan: what :func:`shared` reads is read once. Nothing may be written meanwhile."""
    token = _shared.set({})
    try:
        yield
    finally:
        _shared.reset(token)


def shared(name: str, make: Callable[[], Any]) -> Any:
    """Something that is read once for a whole plan, such as a register by name; made anew outside a plan."""
    known = _shared.get()
    if known is None:
        return make()
    if name not in known:
        known[name] = make()
    return known[name]


def rows_with(model: Any, attribute: str, wanted: Iterable[Any], columns: Sequence[str]) -> Iterator[tuple[Any, ...]]:
    """Id and columns of the rows whose attribute is among ``wanted``; for very many, of all rows."""
    chosen = [w for w in wanted if isinstance(w, (str, int))]
    query = model.objects.values_list("id", *columns)
    if len(chosen) > WHOLE:
        yield from query.iterator(chunk_size=20_000)
        return
    for start in range(0, len(chosen), IDS):
        yield from query.filter(**{f"{attribute}__in": chosen[start:start + IDS]}).iterator(chunk_size=20_000)


def text_of(value: Any) -> Any:
    """A value read as it is stored: words joined with 、, numbers as decimals."""
    if isinstance(value, (tuple, list)):
        return "、".join(str(v) for v in value) or None
    return value


def identify(table: str, wanted: Sequence[dict[str, str | None]]) -> list[int | None]:
    """Ids of the rows meant; by the table's own ``identify``, else by its key or caption."""
    if not wanted:
        return []
    from liantu.kernel.tables import model_of

    model = model_of(table)
    if hasattr(model, "identify"):
        return list(model.identify(list(wanted)))
    caption = getattr(model.Table, "caption", model.Table.key[0])
    columns = {caption, *model.Table.key[:1]}

    def read() -> dict[str, int]:
        rows = model.objects.values_list("id", *sorted(columns))
        return {str(n): pk for pk, *names in rows.iterator(chunk_size=20_000) for n in names if n is not None}

    known = shared(f"names of {table}", read)
    return [known.get(w.get("name") or "") for w in wanted]


def nearest(table: str, name: str) -> str | None:
    """The registered name most like ``name``, when one is close enough to ask about."""
    if not name:
        return None
    from rapidfuzz import fuzz, process

    from liantu.kernel.tables import model_of

    model = model_of(table)
    caption = getattr(model.Table, "caption", model.Table.key[0])
    choices = list(model.objects.filter(**{f"{caption}__startswith": name[0]}).values_list(caption, flat=True)[:5000])
    best = process.extractOne(name, choices, scorer=fuzz.ratio, score_cutoff=75)
    return best[0] if best else None
