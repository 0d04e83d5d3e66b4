"""疑似重复企业: firms of the register that may be one, with the reason in words; nothing is changed here."""

from __future__ import annotations

from dataclasses import dataclass

from liantu.enterprises.matching import pair_models, regions_here
from liantu.enterprises.merging import kept_apart, names_kept_apart
from liantu.kernel.names import name_key
from liantu.kernel.parameter import parameter
from liantu.methods.duplicate_groups import twins
from liantu.methods.firm_names import differences
from liantu.methods.linkage import NameIndex


@dataclass(frozen=True)
class PossibleDuplicate:
    """Two records of the register. ``probability`` is the packaged model's for names; ``why`` says what tells them apart."""

    one: int
    other: int
    one_name: str
    other_name: str
    one_code: str | None
    other_code: str | None
    probability: float
    why: tuple[str, ...]


def possible_duplicates() -> list[PossibleDuplicate]:
    """Pairs from the probability ``ask`` upwards (``parameters/recognition.yaml``), surest first.

    A firm and its 上级法人 are no pair, nor are two that a person keeps apart. Two records with different codes are listed only from ``accept`` upwards: mostly they are
    two firms, sometimes one code is wrong.
    """
    from liantu.enterprises.models import Enterprise

    firms = list(Enterprise.objects.order_by("id").values_list("id", "name", "uscc", "branch_of_id"))
    if len(firms) < 2:
        return []
    rule = parameter("recognition").value
    apart = kept_apart() | _kept_apart_by_name(firms)
    index = NameIndex([f[1] for f in firms], regions=regions_here(), models=pair_models())
    found = []
    for pair in twins(index, least=float(rule["ask"])):
        one, other = firms[pair.one], firms[pair.other]
        two_codes = bool(one[2] and other[2] and one[2] != other[2])
        if frozenset((one[0], other[0])) in apart or one[3] == other[0] or other[3] == one[0] or two_codes and pair.probability < rule["accept"]:
            continue
        why = list(differences(index.side.names[pair.one], index.side.names[pair.other]))
        if two_codes:
            why.append("信用代码不同：可能是两家，也可能有一个代码错了")
        found.append(PossibleDuplicate(one[0], other[0], one[1], other[1], one[2], other[2], pair.probability, tuple(why)))
    return found


def _kept_apart_by_name(firms: list[tuple[int, str, str | None, int | None]]) -> set[frozenset[int]]:
    """Pairs of which a person said, before one of the two was registered, that its name is another firm."""
    said = names_kept_apart()
    if not said:
        return set()
    by_key: dict[str, list[int]] = {}
    for pk, name, *_ in firms:
        by_key.setdefault(name_key(name), []).append(pk)
    return {frozenset((record, pk)) for record, key in said for pk in by_key.get(key, ())}
