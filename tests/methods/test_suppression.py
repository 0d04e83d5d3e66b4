"""Cell suppression on tables small enough to check by hand, and its promises on random ones."""

from __future__ import annotations

import doctest

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from liantu.methods import suppression, suppression_tables
from liantu.methods.suppression import REASONS, Cells, Rule, cross_tables, linked, protect, reasons_of
from liantu.methods.suppression_system import System, bounds_of
from liantu.methods.suppression_tables import Parts, sensitive, totals_of, withhold


@pytest.mark.parametrize("module", [suppression, suppression_tables])
def test_examples(module):
    assert doctest.testmod(module).failed == 0


def cells_of(parts: dict[str, list[float]], sums: dict[str, str]) -> tuple[Cells, list[str]]:
    """Cells by hand: each letter holds firms of its own, each sum adds letters."""
    column = [(name, value) for name, values in parts.items() for value in values]
    names = [*parts, *sums]
    rows = [[float(name == n if n in parts else name in sums[n]) for name, _ in column] for n in names]
    return Cells(sparse.csr_array(np.array(rows)), np.arange(len(column)), np.array([v for _, v in column])), names


def reasons(parts, sums, rule=Rule(), **options):  # noqa: B008
    cells, names = cells_of(parts, sums)
    plan = protect(cells, rule, **options)
    return {names[i]: REASONS[plan.reason[i]] for i in np.flatnonzero(plan.suppressed)}, plan


MANY = [30.0, 40.0, 35.0, 45.0]


@pytest.mark.parametrize(("values", "reason"), [([], ""), ([5.0], "few"), ([5.0, 6.0], "few"), (MANY, ""), ([80.0, 10.0, 10.0], "dominant"), ([79.0, 11.0, 10.0], ""),
                                                ([0.0], "few"), ([0.0, 0.0, 0.0, 0.0], "few"), ([5.0, 6.0, 0.0, 0.0], "few")])
def test_primary(values, reason):
    cells, _ = cells_of({"a": values, "b": MANY}, {})
    assert REASONS[reasons_of(cells, Rule())[0]] == reason


def test_p_percent_rule_is_optional():
    cells, _ = cells_of({"a": [70.0, 29.0, 0.5, 0.5]}, {})
    assert not reasons_of(cells, Rule())[0]
    assert REASONS[reasons_of(cells, Rule(p=0.1))[0]] == "close"


def test_branches_of_one_firm_count_once():
    cells, _ = cells_of({"a": [40.0, 35.0, 30.0, 20.0]}, {})
    assert REASONS[reasons_of(Cells(cells.members, np.array([1, 1, 2, 2]), cells.value), Rule())[0]] == "few"


def test_a_row_needs_a_second_cell():
    gone, _ = reasons({"a": [20.0, 30.0], "b": MANY, "c": [v * 10 for v in MANY]}, {"row": "abc"})
    assert gone == {"a": "few", "b": "secondary"}  # the cheaper of the two, never the total


def test_no_table_no_second_cell():
    assert reasons({"a": [20.0, 30.0], "b": MANY}, {})[0] == {"a": "few"}


def test_a_small_partner_is_not_enough():
    """b can only sink by 60, but a needs room to rise by a tenth of 1,000."""
    gone, _ = reasons({"a": [500.0, 500.0], "b": [20.0, 20.0, 20.0], "c": [v * 10 for v in MANY]}, {"row": "abc"})
    assert gone == {"a": "few", "c": "secondary"}


def test_two_single_firms_need_a_third_cell():
    """Each of the two knows its own figure and would work out the other's from the row."""
    gone, _ = reasons({"a": [100.0], "b": [100.0], "c": MANY}, {"row": "abc"})
    assert gone == {"a": "few", "b": "few", "c": "secondary"}


def test_zeros_betray_too():
    gone, _ = reasons({"a": [0.0], "b": MANY, "c": MANY}, {"row": "abc"})
    assert gone["a"] == "few" and set(gone) & {"b", "c"}


def test_totals_known_elsewhere_stay():
    gone, plan = reasons({"a": [20.0, 30.0], "b": MANY}, {"row": "ab"}, fixed=np.array([False, False, True]))
    assert set(gone) == {"a", "b"} and not len(plan.unprotected)
    gone, plan = reasons({"a": [20.0, 30.0]}, {"row": "a"}, fixed=np.array([False, True]))
    assert set(gone) == {"a"} and plan.unprotected.tolist() == [0]  # said, not hidden


def test_negative_and_unknown_values_are_refused():
    for value in (-1.0, np.nan, np.inf):
        with pytest.raises(ValueError, match="not negative"):
            cells_of({"a": [1.0, value]}, {})
    with pytest.raises(ValueError, match="contributions in the matrix"):
        Cells(sparse.csr_array(np.ones((1, 2))), np.array([1]), np.array([1.0]))


def test_nothing_sensitive_nothing_withheld():
    gone, plan = reasons({"a": MANY, "b": MANY}, {"row": "ab"})
    assert gone == {} and plan.programmes == 0


def test_the_same_cell_in_two_tables_goes_in_both():
    cells, labels = cross_tables({"n": list("aabbb"), "m": list("xxyyy")}, [("n",), ("m",)], firm=range(5), value=[5.0, 6, 7, 8, 9])
    plan = protect(cells, Rule())
    assert {labels[i][1] for i in np.flatnonzero(plan.suppressed)} == {("a",), ("x",)}


def test_difference_of_two_editions():
    """Four firms, then five: the total would tell the newcomer's figure."""
    before = Parts([1, 2, 3, 4], MANY, {"n": list("aaaa")})
    after = Parts([1, 2, 3, 4, 5], [*MANY, 38.0], {"n": list("aaaaa")})
    label = (("n",), ("a",))
    assert withhold(after, [label], Rule()).reasons == {}
    assert withhold(after, [label], Rule(), before=(before, [label], [])).reasons == {label: "difference"}
    three_more = Parts([1, 2, 3, 4, 5, 6, 7], [*MANY, 38.0, 30.0, 33.0], {"n": list("aaaaaaa")})
    assert withhold(three_more, [label], Rule(), before=(before, [label], [])).reasons == {}
    changed = Parts([1, 2, 3, 4], [30.0, 40.0, 35.0, 60.0], {"n": list("aaaa")})
    assert withhold(changed, [label], Rule(), before=(before, [label], [])).reasons == {label: "difference"}
    assert withhold(before, [label], Rule(), before=(before, [label], [])).reasons == {}


def test_what_was_withheld_is_not_told_later():
    """A pair withheld in the first edition; the second publishes a, of which one firm has left: b would follow from the old total."""
    codes = {"n": list("aabbbbccc")}
    before = Parts(range(9), [20.0, 30.0, *MANY, 60.0, 70.0, 80.0], codes)
    labels = [(("n",), (n,)) for n in "abc"] + [((), ())]
    first = withhold(before, labels, Rule())
    assert first.reasons[("n",), ("a",)] == "few" and len(first.reasons) == 2
    second = withhold(before, labels, Rule(), before=(before, labels, list(first.reasons)))
    assert set(first.reasons) == set(second.reasons)


def test_linked_shares_what_has_not_changed():
    one, _ = cross_tables({"n": list("aab")}, [("n",)], firm=[1, 2, 3], value=[5.0, 6.0, 7.0])
    two, _ = cross_tables({"n": list("aab")}, [("n",)], firm=[1, 2, 3], value=[5.0, 9.0, 7.0])
    both = linked(two, one, [("a",), ("a",), ("b",)], [("a",), ("a",), ("b",)])
    assert both.members.shape == (4, 4) and both.totals.tolist() == [14.0, 7.0, 11.0, 7.0]


def test_lists_in_and_out():
    parts = Parts(["甲", "乙", "丙", "丁"], [5.0, 6.0, 7.0, 8.0], {"n": ["a", "a", None, None]})
    labels = [(("n",), ("a",)), (("n",), (None,)), (("n",), ("empty",))]
    assert totals_of(parts, labels) == {labels[0]: 11.0, labels[1]: 15.0}
    assert sensitive(parts, labels, Rule()) == {labels[0], labels[1]}
    assert labels[2] not in withhold(parts, labels, Rule()).reasons


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.sampled_from([0.05, 0.1, 0.3]))
def test_the_audit_agrees(seed, interval):
    """The plain audit, two programmes per cell, finds every primary interval at least as wide as promised."""
    chance = np.random.default_rng(seed)
    count = int(chance.integers(10, 40))
    codes = {"r": chance.integers(0, 3, count).tolist(), "c": chance.integers(0, 3, count).tolist()}
    cells, _ = cross_tables(codes, [("r", "c"), ("r",), ("c",), ()], firm=np.arange(count), value=np.round(chance.lognormal(4, 1.5, count), 1))
    rule = Rule(interval=interval)
    plan = protect(cells, rule)
    primary = np.flatnonzero(plan.primary)
    bounds = bounds_of(System.of(cells.members, cells.firm, cells.value), ~plan.suppressed, primary)
    totals = cells.totals[primary]
    need = np.maximum(interval * totals, rule.floor)
    assert (bounds[:, 0] <= np.maximum(totals - need, 0) + 1e-6 * totals).all()
    assert (bounds[:, 1] >= totals + need - 1e-6 * totals).all()
