"""Make ``data/models/firm_pairs.json`` anew: ``python -m liantu.evaluation.recognition_model DATA OUT``.

Grown on the development part of the names (three tenths, fixed by the text) and on the even half of listed firms' short names.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from liantu.evaluation.name_pairs import load, sizes
from liantu.methods.linkage import KINDS
from liantu.methods.pair_model import PairModel

TREES, LEAVES = 120, 16


def make(folder: Path) -> dict[str, object]:
    """All models as plain data."""
    from liantu.evaluation.recognition_short import labelled

    names = load(folder, sizes(folder)[-1], {})
    dev = names.dev[names.pairs.asked]
    made: dict[str, object] = {"made": {"size": names.size, "asked": int(names.dev.sum()), "trees": TREES, "leaves": LEAVES}}
    for kind in ("name", "context"):
        x = names.index.features(names.asked, names.pairs, kind)
        made[kind] = PairModel.fit(x[dev], names.hit[dev], KINDS[kind], trees=TREES, leaves=LEAVES).as_data()
    short = labelled(folder, 0)
    even = short.pairs.asked % 2 == 0
    made["short"] = PairModel.fit(short.features[even], short.hit[even], KINDS["short"], trees=TREES, leaves=12).as_data()
    return made


if __name__ == "__main__":
    Path(sys.argv[2]).write_text(json.dumps(make(Path(sys.argv[1])), separators=(",", ":")) + "\n", encoding="utf-8")
