"""Which firm is meant: by credit code first, then by present and former names; never by guessing between two."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pypinyin import Style, lazy_pinyin
from pypinyin.seg import simpleseg

from liantu.enterprises.lookalikes import Lookalikes, place_words
from liantu.enterprises.matching import nearly_known
from liantu.enterprises.merging import names_kept_apart
from liantu.kernel.names import name_key
from liantu.kernel.plan_lookup import rows_with, shared
from liantu.kernel.word_lists import join_words, split_words


def initials(name: str | None) -> str | None:
    """Pinyin initials for the search: 江锂新能源 is ``jlxny``.

    >>> initials("江锂新能源")
    'jlxny'
    """
    if not name:
        return None
    return "".join(_word_initials(word) for word in simpleseg.seg(name)).replace(" ", "")[:200]


@lru_cache(maxsize=100_000)
def _word_initials(word: str) -> str:
    """The initials of one word as pypinyin cuts them; firms' names are made of the same words over and over."""
    return "".join(lazy_pinyin(word, style=Style.FIRST_LETTER, errors=lambda text: text.lower()))


class Register:
    """All firms of the register by code and by name key, read once for a whole sheet."""

    def __init__(self) -> None:
        from liantu.enterprises.models import Enterprise

        self.by_code: dict[str, int] = {}
        self.by_name: dict[str, set[int]] = {}
        self.by_former: dict[str, set[int]] = {}
        self.name_of: dict[int, str] = {}
        self.code_of: dict[int, str] = {}
        for pk, code, name, former in Enterprise.objects.values_list("id", "uscc", "name", "former").iterator(chunk_size=20_000):
            self.add(pk, code, name, former)

    def add(self, pk: int, code: str | None, name: str, former: str | None = None) -> None:
        """Take one firm into the register."""
        if code:
            self.by_code[code] = pk
            self.code_of[pk] = code
        self.name_of[pk] = name
        self.by_name.setdefault(name_key(name), set()).add(pk)
        for old in split_words(former):
            self.by_former.setdefault(name_key(old), set()).add(pk)

    def find(self, name: str | None, code: str | None) -> int | None:
        """The firm meant, or None when unknown or ambiguous. A code that is known wins over the name."""
        if code and code in self.by_code:
            return self.by_code[code]
        if not name:
            return None
        key = name_key(name)
        for index in (self.by_name, self.by_former):
            found = index.get(key)
            if found:
                return next(iter(found)) if len(found) == 1 else None
        return None


def known_firms() -> Register:
    """The register; read once for a whole plan."""
    return shared("firms", Register)  # type: ignore[no-any-return]


def identify(wanted: list[dict[str, str | None]]) -> list[int | None]:
    """For each ``{"name": …, "uscc": …}`` the id of the firm in the register, or None."""
    register = known_firms()
    return [register.find(w.get("name"), w.get("uscc")) for w in wanted]


def settle_codes(plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> None:
    """Settle codes that a spreadsheet destroyed: of the candidates that the check digits leave, the one whose firm has this name.

    A code that stays open is dropped from the row (the name still tells the firm); nothing is guessed.
    """
    damaged = [(row, value, candidates) for row, value in zip(rows, values, strict=True) if (candidates := _candidates(row))]
    if not damaged:
        return
    register = known_firms()
    by_name_in_file = {name_key(v["name"]): v["uscc"] for r, v in zip(rows, values, strict=True) if v.get("uscc") and v.get("name") and not _candidates(r)}
    for row, value, candidates in damaged:
        name = str(value.get("name") or "")
        code = next((c for c in candidates if register.by_code.get(c) is not None and register.by_code[c] == register.find(name, None)), None)
        in_file = by_name_in_file.get(name_key(name))
        code = code or (in_file if in_file in candidates else None) or (candidates[0] if len(candidates) == 1 else None)
        if code:
            value["uscc"] = code
            plan.problem(row, "code-repaired", plan.table.column("uscc"), row.seen.get("uscc", ""), now=code)
        else:
            value.pop("uscc", None)


def _candidates(row: Any) -> list[str]:
    for problem in row.problems:
        if problem.column and problem.cell == row.cells.get("uscc"):
            found = dict(problem.details).get("candidates")
            if found:
                return [c for c in found.replace("、", ",").split(",") if c]
    return []


def identify_rows(plan: Any, rows: list[Any], values: list[dict[str, Any]]) -> list[tuple[int | None, Any, dict[str, Any]]]:
    """Meet each row with the register: same code, else same (former) name; say renames, conflicts and twins."""
    from liantu.enterprises.models import Enterprise
    from liantu.kernel.batch import stored_name

    register = known_firms()
    columns = list(plan.table.names)
    coded = [str(v["name"]) for v in values if v.get("uscc") and v.get("name")]
    alike = Lookalikes([*register.name_of.values(), *coded], place_words()) if any(not v.get("uscc") for v in values) else None
    named: dict[str, set[str]] = {}
    for value in values if alike is not None else ():
        if value.get("uscc"):
            named.setdefault(name_key(str(value.get("name") or "")), set()).add(value["uscc"])
    found = [register.find(v.get("name"), v.get("uscc")) for v in values]
    unknown = [str(v["name"]) for v, record in zip(values, found, strict=True) if record is None and v.get("name") and not v.get("uscc")]
    near = nearly_known(unknown, [*register.name_of.values(), *coded]) if unknown else {}
    apart = _told_apart(register) if unknown else {}
    wanted = {f for f in found if f}
    current = {}
    stored = [stored_name("enterprise", c) for c in columns]
    for pk, *entry in rows_with(Enterprise, "id", wanted, stored):
        if pk in wanted:
            current[pk] = dict(zip(columns, entry, strict=True))
    twins: dict[Any, tuple[Any, str]] = {}
    by_code: dict[str, str] = {}
    result = []
    for row, value, record in zip(rows, values, found, strict=True):
        if record is None and alike is not None and not value.get("uscc") and not _ambiguous(plan, row, value, register, named):
            _hold_lookalike(plan, row, value, alike, near, apart)
        record = _check_against(plan, row, value, record, current)
        key: Any = record or _file_key(value, by_code)
        if key in twins and row.ok:
            first, name = twins[key]
            plan.problem(row, "same-firm", plan.table.column("name"), str(value.get("name") or name), before=name, where=f"{first.sheet} 第 {first.number} 行")
        elif record and value.get("name"):
            twins[key] = (row, str(current[record]["name"]))
        else:
            twins[key] = (row, str(value.get("name") or current.get(record or 0, {}).get("name") or ""))
        result.append((record, key, current.get(record or 0, {})))
    return result


def _ambiguous(plan: Any, row: Any, value: dict[str, Any], register: Register, named: dict[str, set[str]]) -> bool:
    """A name without a code that several firms of the register or of this file bear: the row is held."""
    key = name_key(str(value.get("name") or ""))
    known = register.by_name.get(key) or register.by_former.get(key) or set()
    codes = named.get(key, set()) | {register.code_of[k] for k in known if k in register.code_of}
    if len(known) < 2 and len(codes) < 2:
        return False
    plan.problem(row, "ambiguous-name", plan.table.column("name"), str(value.get("name")), codes="、".join(sorted(codes)) or f"{len(known)} 家")
    return True


def _hold_lookalike(plan: Any, row: Any, value: dict[str, Any], alike: Lookalikes, near: dict[str, str], apart: dict[str, set[str]]) -> None:
    """A new name without a code that is nearly a known one is held: one firm under two names must not become two.

    ``near`` is the answer of the recognition engine; equal cores and single slips of local names are held as well. ``apart``
    tells by name key the names of firms of which a person said that they are not this one.
    """
    name = str(value.get("name") or "")
    other = near.get(name) or alike.find(name)
    if other is not None and other not in apart.get(name_key(name), ()) and name_key(other) != name_key(name):
        plan.problem(row, "possible-duplicate", plan.table.column("name"), name, before=other)


def _told_apart(register: Register) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for record, key in names_kept_apart():
        found.setdefault(key, set()).add(register.name_of.get(record, ""))
    return found


def _file_key(value: dict[str, Any], by_code: dict[str, str]) -> str:
    """One key for rows of one file that mean the same new firm: by name key, unless their codes differ."""
    code, key = value.get("uscc"), name_key(str(value.get("name") or ""))
    if code:
        known = by_code.setdefault(f"code:{code}", key)
        other = by_code.setdefault(f"name:{known}", code)
        return f"{known}|{code}" if other != code else known
    return key


def _check_against(plan: Any, row: Any, value: dict[str, Any], record: int | None, current: dict[int, dict[str, Any]]) -> int | None:
    """Compare a row with the firm found for it; may refuse the row, or turn an old name into 曾用名."""
    if record is None:
        return None
    known = current[record]
    code, name = value.get("uscc"), str(value.get("name") or "")
    if code and known["uscc"] and code != known["uscc"]:
        plan.problem(row, "code-conflict", plan.table.column("uscc"), name, before=known["uscc"], now=code)
        return record
    if name and name_key(name) != name_key(known["name"]):
        former = split_words(known["former"])
        if name_key(name) in {name_key(f) for f in former}:
            value.pop("name")
        else:
            plan.problem(row, "renamed", plan.table.column("name"), name, before=known["name"])
            value["former"] = join_words((*former, known["name"]))
    elif name:
        value.pop("name")
    return record
