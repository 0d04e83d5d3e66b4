"""Take figures at random from a finished pack and walk each back: code, edition, rows, source cells, recomputation.

Usage: python papers_check.py PACK COUNT SEED. Prints one JSON line.
"""

import json
import random
import sys
from collections import Counter
from pathlib import Path

from liantu.kernel.home import setup

setup()

from liantu.kernel.edition import open_edition  # noqa: E402
from liantu.kernel.passport import find, recompute, why  # noqa: E402
from liantu.papers.read_back import figures_in, read_back  # noqa: E402
from liantu.papers.verify import verify  # noqa: E402
from tests.site.numbers_check import source_faults  # noqa: E402


def main() -> None:
    pack, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    papers = sorted(p for p in pack.iterdir() if p.suffix in (".docx", ".pptx", ".xlsx"))
    proofs = {p.name: verify(p) for p in papers}
    printed = {p.name: [f for f in read_back(p).figures if any(c.isdigit() for c in f.text) and (f.column or "." in f.id)] for p in papers}
    random.seed(seed)
    share = -(-count // len(printed))
    sample = [(name, figure) for name, figures in printed.items() for figure in random.sample(figures, min(share, len(figures)))]
    rest = [(name, f) for name, figures in printed.items() for f in figures if (name, f) not in sample]
    sample += random.sample(rest, max(0, count - len(sample)))
    faults, rows, cells, kinds = [], 0, 0, Counter()
    for name, figure in sorted(sample, key=lambda drawn: drawn[1].id):  # figures of one row one after another
        found = find(figure.id)
        column = found.column or figure.column.split(".", 1)[1]
        passport = why(found.output, found.key, open_edition(found.edition), column=column)
        rows += passport.row_count
        kinds[name.rsplit(".", 1)[1]] += 1
        if passport.row.get(column) is not None and recompute(passport)[column] != passport.row[column]:
            faults.append(f"{name} {figure.id} {column}: {passport.row[column]} recomputed otherwise")
        wrong, looked = source_faults(passport)
        faults += wrong
        cells += looked
    told = {name: {"agrees": p.count("agrees"), "differs": p.count("differs"), "unknown": p.count("unknown")} for name, p in proofs.items()}
    print(json.dumps({"figures": len(sample), "by_kind": kinds, "rows": rows, "cells": cells, "faults": faults[:20], "proofs": told,
                      "in_all": sum(len(figures_in(p)) for p in papers)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
