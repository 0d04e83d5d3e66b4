"""Input–output and labour ties against their literal sums."""

from __future__ import annotations

import numpy as np
import pytest

from liantu.methods import marshall as m

RNG = np.random.default_rng(2)
X = (RNG.random((7, 5)) < 0.5) * 1.0
A = RNG.random((5, 5)) * 0.2
PEOPLE = RNG.integers(0, 50, (5, 8)).astype(float)


def test_inputs_and_users_by_the_literal_sums():
    inputs, users = m.input_output_presence(X, A), m.input_output_presence(X, A, "users")
    for r in range(7):
        for i in range(5):
            rest = [j for j in range(5) if j != i]
            assert inputs[r, i] == pytest.approx(sum(X[r, j] * A[j, i] for j in rest) / sum(A[j, i] for j in rest))
            assert users[r, i] == pytest.approx(sum(X[r, j] * A[i, j] for j in rest) / sum(A[i, j] for j in rest))
    assert A[0, 0] > 0  # the caller's table is left as it was


def test_an_industry_without_inputs_has_none_here():
    a = A.copy()
    a[:, 2] = 0
    assert not m.input_output_presence(X, a)[:, 2].any()


def test_skills_are_correlations_of_shares():
    found = m.skill_similarity(PEOPLE)
    assert found == pytest.approx(np.corrcoef(PEOPLE / PEOPLE.sum(axis=1, keepdims=True)))
    cosine = m.skill_similarity(PEOPLE, method="cosine")
    assert cosine[0, 1] == pytest.approx(PEOPLE[0] @ PEOPLE[1] / np.linalg.norm(PEOPLE[0]) / np.linalg.norm(PEOPLE[1]))
    empty = PEOPLE.copy()
    empty[3] = 0
    assert not np.delete(m.skill_similarity(empty)[3], 3).any()


def test_skill_presence_leaves_the_industry_itself_out():
    near = m.skill_similarity(PEOPLE)
    found = m.skill_presence(X, near)
    w = np.maximum(near, 0)
    assert found[0, 1] == pytest.approx(sum(X[0, j] * w[j, 1] for j in range(5) if j != 1) / sum(w[j, 1] for j in range(5) if j != 1))
    assert found.min() >= 0 and found.max() <= 1


def test_wrong_tables_are_refused_in_words():
    with pytest.raises(ValueError, match="5 × 5"):
        m.input_output_presence(X, A[:4])
    with pytest.raises(ValueError, match="direction"):
        m.input_output_presence(X, A, "both")  # type: ignore[arg-type]
