"""A small made-up district as an edition, and what an attacker reads out of its exported files."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import polars as pl

from liantu.kernel.edition import Edition, save_edition, schema_of
from liantu.kernel.output import outputs, run
from liantu.kernel.release import may_have, release
from liantu.kernel.tables import all_tables
from liantu.papers.export import export
from tests.robust.attack import Known

NODES, CHAINS, PARKS = 8, 2, 3
SUMS = {"chain_map": ("output", {"node_code": "code"}), "gap_list": ("output", {"node_code": "code"}), "chain_summary": ("output", {"chain_code": "chain_code"}),
        "region_map": ("output", {"park_code": "park_code", "chain_code": "chain_code"})}


def frames(seed: int, firms: int = 60) -> dict[str, pl.DataFrame]:
    """Records of a district with skewed firms: some nodes hold one firm, some are ruled by one, some firms stand in two nodes."""
    chance = np.random.default_rng(seed)
    node = chance.choice(NODES, firms, p=np.array([30, 20, 15, 12, 10, 7, 4, 2]) / 100) + 1
    rows: dict[str, list[dict]] = {name: [] for name in all_tables()}
    rows["chain"] = [{"id": n, "code": f"c{n}", "name": f"链{n}"} for n in range(1, CHAINS + 1)]
    rows["chain_node"] = [{"id": n, "code": f"c{1 + n % CHAINS}/n{n}", "chain": 1 + n % CHAINS, "name": f"环节{n}", "position": n, "weight": 2} for n in range(1, NODES + 1)]
    rows["park"] = [{"id": n, "code": f"p{n}", "name": f"园{n}", "kind": "park"} for n in range(1, PARKS + 1)]
    for n in range(1, firms + 1):
        rows["enterprise"].append({"id": n, "name": f"企业{n}", "park": int(chance.integers(1, PARKS + 1)), "status": "active", "above_scale": bool(chance.random() < 0.4)})
        rows["placement"].append({"id": n, "enterprise": n, "chain_node": int(node[n - 1]), "grade": "confirmed", "score": 0.9, "business_share": 0.7 if n % 9 == 0 else None})
        if n % 9 == 0:
            rows["placement"].append({"id": 1000 + n, "enterprise": n, "chain_node": int(node[n - 1] % NODES + 1), "grade": "likely", "score": 0.8, "business_share": 0.3})
        rows["annual_figure"].append({"id": n, "enterprise": n, "year": 2025, "output": float(np.round(chance.lognormal(7, 1.3), 2)), "employees": int(chance.integers(5, 400))})
    for n in range(1, 2 * firms):
        supplier = int(chance.integers(1, firms + 1)) if chance.random() < 0.4 else None
        rows["supply_link"].append({"id": n, "supplier": supplier, "customer": int(chance.integers(1, firms + 1)), "item": "料", "chain_node": int(chance.integers(1, NODES + 1)),
                                    "amount": float(np.round(chance.lognormal(4, 1), 2)), "year": 2025})
    return {name: pl.DataFrame(found, schema=schema_of(all_tables()[name]), orient="row") for name, found in rows.items()}


def edition_of(tables: dict[str, pl.DataFrame], root, number: str) -> Edition:
    return save_edition(tables, number=number, as_of=date(2026, 6, 30), root=root, synthetic=True)


def exported(edition: Edition, version: str) -> dict[str, list[dict]]:
    """The rows of every JSON file that a version of an edition gives away."""
    files = {}
    for name, output in outputs().items():
        if may_have(output, version):
            result = release(name, edition, version)
            files[name] = json.loads(export(name, edition, "json", columns=result.columns, result=result).data)["rows"]
    return files


def known_from(edition: Edition, files: dict[str, list[dict]]) -> tuple[Known, list[tuple]]:
    """The equations in the files: each output figure is a sum over the firms that stand there. Who stands where is public, what each makes is not.

    The truth (for the referee) comes from the internal list of parts.
    """
    parts = run("firm_parts", edition).frame.filter(pl.col("output").is_not_null())
    cells, published, names = [np.ones(parts.height)], [True], [("district",)]  # the district's total stands in the statistical communiqué
    for output, (column, by) in SUMS.items():
        for row in files.get(output, []):
            here = parts.select(pl.all_horizontal([pl.col(there) == row[mine] for there, mine in by.items()]).fill_null(False)).to_series().to_numpy()
            if here.any():
                cells.append(here.astype(float))
                published.append(row[column] is not None)
                names.append((output, *(row[mine] for mine in by.values())))
    return Known(np.array(cells), np.array(published), parts["firm"].to_numpy(), parts["output"].to_numpy()), names
