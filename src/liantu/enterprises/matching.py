"""The recognition engine with what the package knows: places by GB/T 2260, comparison models, thresholds in force."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from liantu.methods.firm_names import Regions
from liantu.methods.linkage import KINDS, NameIndex
from liantu.methods.pair_model import PairModel


@cache
def national_regions() -> Regions:
    """Provinces, cities and counties of GB/T 2260."""
    with (files("liantu") / "data" / "classifications" / "gbt2260.csv").open(encoding="utf-8") as file:
        return Regions([(row["code"], row["name"]) for row in csv.DictReader(file)])


@cache
def pair_models() -> dict[str, PairModel]:
    """The packaged models by kind; made by ``liantu.evaluation.recognition_model`` (docs/evaluation.md says from what)."""
    path = files("liantu") / "data" / "models" / "firm_pairs.json"
    kept = json.loads(path.read_text(encoding="utf-8"))
    return {kind: PairModel.from_data(kept[kind]) for kind in KINDS}


def name_index(names: Sequence[str], *, cities: Sequence[str] | None = None, addresses: Sequence[str] | None = None) -> NameIndex:
    """An index over the names of a register; see :class:`liantu.methods.linkage.NameIndex`."""
    return NameIndex(names, regions=national_regions(), cities=cities, addresses=addresses, models=pair_models())
