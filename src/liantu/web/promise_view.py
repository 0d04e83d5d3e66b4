"""What the pages on promises show: rows as the person may see them, totals with their counts, one project's block."""

from __future__ import annotations

from collections import Counter
from typing import Any

from liantu.attraction.choices import ACTUAL_SOURCES, PROMISE_UNITS, PROMISES
from liantu.attraction.promise_shared import STAGE_OF
from liantu.kernel.access import may_see_confidential, may_write, released
from liantu.kernel.edition import Edition
from liantu.kernel.parameter import parameter
from liantu.projects.models import Project
from liantu.web.formats import choice_words, words

UNITS_EN = {"万元": "10k yuan", "万元/亩": "10k yuan/mu", "人": "persons", "": ""}
SIDE_BY_SIDE = tuple(f"by_{s.value}" for s in ACTUAL_SOURCES)


def promise_rows(edition: Edition, user: Any) -> tuple[list[dict[str, Any]], bool]:
    """Rows of the ledger with words, holding only columns that the person may see; and whether amounts are among them."""
    result = released(user, "promise_list", edition)
    names = [c.name for c in result.columns]
    choices = {c.name: c for c in result.output.columns if c.kind == "choice"}
    rows = []
    for row in result.frame.select(names).to_dicts():
        row |= {f"{name}_words": choice_words(column, row[name]) for name, column in choices.items() if row.get(name)}
        row["sources"] = [(words(s), row.get(f"by_{s.value}")) for s in ACTUAL_SOURCES if row.get(f"by_{s.value}") is not None]
        row["key"] = str(row["promise"])
        rows.append(row)
    return rows, "amount" in names


def totals(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By kind with an amount: promised and held against it over promises that have both, with their number; for those who see amounts."""
    found = []
    for kind in PROMISES:
        if PROMISE_UNITS[kind.value] in ("万元/亩", ""):
            continue  # amounts per mu do not add up
        own = [r for r in rows if r["kind"] == kind.value and r.get("amount") is not None]
        due = [r for r in own if r["lamp_rule"] in ("kept", "late", "part", "below", "firm_wide", "no_figure")]
        both = [r for r in due if r.get("actual") is not None and r["judged_by"] != "firm_wide"]
        if own:
            found.append({"kind": words(kind), "unit": PROMISE_UNITS[kind.value], "unit_en": UNITS_EN[PROMISE_UNITS[kind.value]], "promised": sum(r["amount"] for r in own), "n": len(own), "due": sum(r["amount"] for r in due), "n_due": len(due),
                          "held": sum(r["amount"] for r in both), "actual": sum(r["actual"] for r in both), "n_both": len(both)})
    for row in found:
        row["share"] = row["actual"] / row["held"] if row["held"] else None
    return found


def lamp_counts(rows: list[dict[str, Any]]) -> Counter[str]:
    """How many promises show each lamp."""
    return Counter(r["lamp"] for r in rows)


def kinds() -> list[dict[str, str]]:
    """Kinds of promises for a form, with their units."""
    return [{"value": k.value, "label": words(k), "unit": PROMISE_UNITS[k.value], "dated": k.value in STAGE_OF} for k in PROMISES]  # type: ignore[dict-item]


def project_block(project: Project, user: Any, edition: Edition | None) -> dict[str, Any]:
    """What ``promise/_project.html`` needs to show one project's promises; put it into a page's context as ``promises``."""
    rows, amounts = promise_rows(edition, user) if edition is not None else ([], False)
    own = [r for r in rows if r["project"] == project.pk]
    insider = may_see_confidential(user)
    return {"project": project, "rows": own, "amounts": amounts, "may_add": insider and may_write(user), "kinds": kinds(), "sources": ACTUAL_SOURCES, "rule": parameter("promise_lamps"), "edition": edition}
