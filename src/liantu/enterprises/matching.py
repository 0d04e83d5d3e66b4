"""The recognition engine with what the package knows: places by GB/T 2260, comparison models, thresholds in force."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Sequence
from functools import cache
from importlib.resources import files

from liantu.kernel.names import name_key
from liantu.kernel.parameter import parameter
from liantu.methods.firm_names import Regions
from liantu.methods.linkage import KINDS, NameIndex
from liantu.methods.pair_model import PairModel


@cache
def _rows() -> tuple[tuple[str, str], ...]:
    with (files("liantu") / "data" / "classifications" / "gbt2260.csv").open(encoding="utf-8") as file:
        return tuple((row["code"], row["name"]) for row in csv.DictReader(file))


@cache
def national_regions() -> Regions:
    """Provinces, cities and counties of GB/T 2260."""
    return Regions(_rows())


def regions_here() -> Regions:
    """Places of GB/T 2260 and those of this site's own table of regions."""
    from liantu.places.models import Region

    return regions_with(Region.objects.values_list("code", "name"))


def regions_with(rows: Iterable[tuple[str | None, str]]) -> Regions:
    """Places of GB/T 2260 and those of some more rows (code, name)."""
    own = [(code, word) for code, name in rows if code and len(code) == 6 for word in dict.fromkeys((name, name.rstrip("市区县"))) if len(word) >= 2]
    return Regions((*_rows(), *own)) if own else national_regions()


def nearly_known(names: Sequence[str], known: Sequence[str]) -> dict[str, str]:
    """Of ``names``, those that are probably one of ``known`` (from the probability ``ask``), each with that name; equal keys are left out."""
    ask = float(parameter("recognition").value["ask"])
    wanted = list(dict.fromkeys(n for n in names if n))
    register = list(dict.fromkeys(known))
    if not wanted or not register:
        return {}
    found = NameIndex(register, regions=regions_here(), models=pair_models()).match(wanted)
    return {name: register[at] for name, at, sure in zip(wanted, found.at.tolist(), found.probability.tolist(), strict=True)
            if at >= 0 and sure >= ask and name_key(name) != name_key(register[at])}


@cache
def pair_models() -> dict[str, PairModel]:
    """The packaged models by kind; made by ``liantu.evaluation.recognition_model`` (docs/evaluation.md says from what)."""
    path = files("liantu") / "data" / "models" / "firm_pairs.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {kind: PairModel.from_data(kept[kind]) for kind in KINDS}


def name_index(names: Sequence[str], *, cities: Sequence[str] | None = None, addresses: Sequence[str] | None = None) -> NameIndex:
    """An index over the names of a register; see :class:`liantu.methods.linkage.NameIndex`."""
    return NameIndex(names, regions=national_regions(), cities=cities, addresses=addresses, models=pair_models())
