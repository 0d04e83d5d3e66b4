"""What is known of each region and industry at one time: features of a cell, from that layer alone.

Beside location quotient, relatedness density and the label-free scores of :mod:`liantu.methods.recommenders` there are features of size — the amount
that the region would have at the national mix, what is missing to it, and the quotient shrunk by a gamma–Poisson model, as a quotient of 0.4 out of three
workers says little — and, where the panel brings them, supply links, skills, neighbours in space and siblings in the classification.

Sources: Clayton and Kaldor, *Biometrics* 43 (1987) 671–681, shrunken ratios; Ellison, Glaeser and Kerr, *American Economic Review* 100 (2010) 1195–1213,
supply links and shared labour; Hidalgo et al. (2007), density; Steck (2019), EASE.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.stats import nbinom

from liantu.methods import complexity as c
from liantu.methods.complexity import Floats, divided
from liantu.methods.entry_panel import EntryPanel, Flags, Ints
from liantu.methods.recommenders import ease_weights, region_knn, svd_scores

EASE_L2, SHRUNK_L2 = 100.0, 30.0
NEIGHBOURS, MANY_NEIGHBOURS = 20, 50
RANKS = (10, 30)
SPATIAL = 8  # nearest regions in space
SPREAD = (0.02, 10.0)  # bounds of the variance of true quotients of an industry


@dataclass(frozen=True)
class Layer:
    """One time: ``quotient`` (R, I), the shrunken one, expected amounts, and features by name, each broadcast to (R, I)."""

    quotient: Floats
    shrunken: Floats
    expected: Floats
    weights: Floats
    features: dict[str, Floats]


def shrunken_quotient(x: Floats) -> tuple[Floats, Floats, Floats]:
    """Location quotients drawn towards 1 by how little they rest on: (quotient (R, I), expected amounts (R, I), prior cases (I,)).

    ``(x + k) / (e + k)`` with ``e`` the amount at the national mix and ``1/k`` the variance of true quotients of the industry, by moments.
    """
    e = divided(np.outer(x.sum(axis=1), x.sum(axis=0)), x.sum())
    k = 1 / np.clip(divided(((x - e) ** 2 - e).sum(axis=0), (e**2).sum(axis=0)), *SPREAD)
    return (x + k) / (e + k), e, k


def layer(panel: EntryPanel, at: int) -> Layer:
    """Everything known at one time."""
    x = panel.values[at]
    q = c.rca(x)
    s, e, k = shrunken_quotient(x)
    m, logs = c.presence(q), np.log1p(q)
    weights = ease_weights(logs, EASE_L2)
    found = _sizes(x, s, e, k, panel.level) | _regions_and_items(x, q, m, k) | _scores(logs, m, np.log1p(s), weights)
    found |= _places(panel, logs, m) | _links(panel, m) | _siblings(panel, x, logs)
    return Layer(q, s, e, weights, {name: np.broadcast_to(values.astype(np.float32), x.shape) for name, values in found.items()})


def _sizes(x: Floats, s: Floats, e: Floats, k: Floats, level: float) -> dict[str, Floats]:
    """How much is there, how much would have to be there, and how likely chance alone would bring it."""
    need = np.maximum(e, level)
    chance = nbinom.sf(np.ceil(need) - 1, x + 1, 0.5)
    return {"quotient": c.divided(x, np.where(e > 0, e, 1)), "shrunken": np.log(s), "amount": np.log1p(x), "expected": np.log1p(e),
            "short": np.log1p(np.maximum(need - x, 0)), "distance": (x - need) / np.sqrt(need + 1), "ratio": np.log((x + 1) / (need + 1)),
            "shrunken_ratio": np.log((x + k) / (need + k)), "by_chance": np.log(np.clip(chance, 1e-12, 1)), "below_level": np.log1p(np.maximum(level - x, 0))}


def _regions_and_items(x: Floats, q: Floats, m: Floats, k: Floats) -> dict[str, Floats]:
    """What a region or an industry is like as a whole."""
    def row(v: Floats) -> Floats:
        return v[:, None]

    close, some, just = (q > 0.25) & (q < 0.5), (q >= 0.5) & (q < 1), (q >= 1) & (q < 1.5)
    found = {"region_size": row(np.log1p(x.sum(axis=1))), "item_size": np.log1p(x.sum(axis=0)), "diversity": row(m.sum(axis=1)), "ubiquity": m.sum(axis=0),
             "region_concentration": row((divided(x, x.sum(axis=1, keepdims=True)) ** 2).sum(axis=1)),
             "item_concentration": np.log((divided(x, x.sum(axis=0)) ** 2).sum(axis=0) + 1e-9), "item_spread": -np.log(k),
             "item_close": close.mean(axis=0), "region_close": row(close.mean(axis=1)), "item_some": some.mean(axis=0), "item_just": just.mean(axis=0),
             "item_absent": (x == 0).mean(axis=0), "region_absent": row((x == 0).mean(axis=1)), "item_variation": np.log1p(q).std(axis=0)}
    try:
        known = c.complexity(m)
    except ValueError:
        return found
    pci, eci = np.nan_to_num(known.pci), np.nan_to_num(known.eci)[:, None]
    return found | {"pci": pci, "eci": eci, "complexity_distance": -np.abs(pci - eci)}


def _scores(logs: Floats, m: Floats, shrunk: Floats, weights: Floats) -> dict[str, Floats]:
    """Label-free scores, and how far they lie above what is there."""
    ease, near = logs @ weights, region_knn(logs, NEIGHBOURS)
    return {"density": c.density(m, c.proximity(m), diagonal="excluded"), "ease": ease, "ease_presence": m @ ease_weights(m, EASE_L2),
            "ease_shrunken": shrunk @ ease_weights(shrunk, SHRUNK_L2), "alike": near, "alike_many": region_knn(logs, MANY_NEIGHBOURS), "alike_presence": region_knn(m, NEIGHBOURS),
            "factors": svd_scores(logs, RANKS[0]), "factors_more": svd_scores(logs, RANKS[1]), "factors_shrunken": svd_scores(shrunk, RANKS[0]),
            "ease_above": ease - logs, "alike_above": near - logs}


def _places(panel: EntryPanel, logs: Floats, m: Floats) -> dict[str, Floats]:
    """What the nearest regions have: by coordinates, and by region codes that begin alike."""
    found: dict[str, Floats] = {}
    if panel.region_xy is not None and np.isfinite(panel.region_xy).all(axis=1).sum() > 2:
        pull = _nearby(np.asarray(panel.region_xy, dtype=float))
        found |= {"nearby": pull @ logs, "nearby_presence": pull @ m}
    for depth, labels in enumerate(panel.region_groups):
        found[f"same_area_{depth}"] = _others(logs, labels)
    return found


def _nearby(xy: Floats) -> Floats:
    """Weights (R, R) of the nearest regions, falling with great-circle distance; rows of unknown places are 0."""
    known: Flags = np.asarray(np.isfinite(xy).all(axis=1))
    lon, lat = np.radians(np.where(known[:, None], xy, 0)).T
    unit = np.stack([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)], axis=1)
    far = np.arccos(np.clip(unit @ unit.T, -1, 1))
    far[:, ~known] = np.inf
    np.fill_diagonal(far, np.inf)
    near = min(SPATIAL, int(known.sum()) - 1)
    line = np.partition(far, near - 1, axis=1)[:, near - 1 : near]
    pull = np.where((far <= line) & known[:, None], np.exp(-far / np.median(line[known])), 0)
    return divided(pull, pull.sum(axis=1, keepdims=True))


def _others(rows: Floats, labels: Ints) -> Floats:
    """Mean of the other rows with the same label, the mean of all where there is none."""
    total, count = np.zeros((int(labels.max()) + 1, rows.shape[1])), np.bincount(labels)
    np.add.at(total, labels, rows)
    others = (count[labels] - 1)[:, None]
    return np.where(others > 0, divided(total[labels] - rows, others), rows.mean(axis=0))


def _links(panel: EntryPanel, m: Floats) -> dict[str, Floats]:
    """Presence of suppliers, customers and of industries that hire alike, weighted by the share they have in the industry's links."""
    found: dict[str, Floats] = {}
    if panel.item_inputs is not None:
        a = np.array(panel.item_inputs, dtype=float)
        np.fill_diagonal(a, 0)
        found |= {"suppliers": m @ divided(a, a.sum(axis=0)), "customers": m @ divided(a.T, a.sum(axis=1))}
    if panel.item_skills is not None:
        found["skills"] = c.density(m, panel.item_skills, diagonal="excluded")
    return found


def _siblings(panel: EntryPanel, x: Floats, logs: Floats) -> dict[str, Floats]:
    """What the region has of the industries that begin with the same digits, the industry itself left out."""
    return {f"siblings_{depth}": _others(logs.T, labels).T for depth, labels in enumerate(panel.item_groups)}
