"""Marshall's ties between industries: who supplies whom and who needs the same people, as features of what may come next.

Rows of X are regions (R), columns industries (I): presence 0/1 or shares 0–1. Source: Ellison, Glaeser, Kerr (2010), *American Economic Review* 100:1195,
where input–output ties matter most, then shared labour.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from liantu.methods.complexity import Floats, checked, divided


def input_output_presence(x: Any, coefficients: Any, direction: Literal["inputs", "users"] = "inputs") -> Floats:
    """How much of an industry's inputs is made in a region, or how much of its sales to industries could go to users there; (R, I) in 0–1.

    ``coefficients`` (I, I): yuan of row's product in one yuan of column's. ``inputs``: ``Σ_j x_rj a_ji / Σ_j a_ji``; ``users``: ``Σ_j x_rj a_ij / Σ_j a_ij``. The industry
    itself is left out, so that its own presence is not told twice; 0 where it has no inputs (or users).
    """
    here, a = checked(x, "x"), checked(coefficients, "coefficients").astype(float)
    if a.shape != (here.shape[1], here.shape[1]):
        raise ValueError(f"coefficients must be {here.shape[1]} × {here.shape[1]}, not {a.shape[0]} × {a.shape[1]}")
    np.fill_diagonal(a, 0)
    if direction not in ("inputs", "users"):
        raise ValueError(f"direction must be inputs or users, not {direction!r}")
    ties = a if direction == "inputs" else a.T
    return divided(here @ ties, ties.sum(axis=0))


def skill_similarity(occupations: Any, *, method: Literal["correlation", "cosine"] = "correlation") -> Floats:
    """How alike two industries' people are, (I, O) persons by occupation → (I, I), diagonal 1: correlation of their shares by occupation (Ellison, Glaeser, Kerr), or cosine.

    0 where an industry has nobody, or the same share everywhere.
    """
    people = checked(occupations, "occupations").astype(float)
    shares = divided(people, people.sum(axis=1, keepdims=True))
    if method == "correlation":
        shares = shares - shares.mean(axis=1, keepdims=True)
    elif method != "cosine":
        raise ValueError(f"method must be correlation or cosine, not {method!r}")
    length = np.linalg.norm(shares, axis=1)
    unit = divided(shares, np.where(length > 1e-12, length, 0)[:, None])
    found = np.clip(unit @ unit.T, -1, 1)
    np.fill_diagonal(found, 1)
    return np.asarray(found)


def skill_presence(x: Any, similarity: Any) -> Floats:
    """Share of the people like an industry's that a region already has work for, (R, I) in 0–1: density with skill similarity, negative ones left out and the industry itself too."""
    here, near = checked(x, "x"), np.maximum(np.array(similarity, dtype=float), 0)
    np.fill_diagonal(near, 0)
    return divided(here @ near, near.sum(axis=0))
