"""The monthly sample: fixed by the month, answered by persons, undoable; estimates that say when they cannot tell."""

import numpy as np
import pytest

from liantu.chains import sampling
from liantu.chains.check_models import PlacementCheck
from liantu.chains.models import ChainNode, Placement
from liantu.chains.placing import confirm, place_firms, reject
from liantu.chains.records import load_template_records
from liantu.chains.sampling import Unit, allocate, answer, draw, pick, sample, take_answer_back
from liantu.kernel.problems import Refused, UserError
from liantu.methods import sample_accuracy as accuracy
from liantu.methods.sample_accuracy import Told
from tests.robust.kit import csv_bytes, firm_row, register, replay

SCOPES = ["锂离子电池制造；锂电池销售", "锂电池电解液、六氟磷酸锂的生产", "餐饮服务", "废旧动力电池回收利用", "服装零售", "理发服务"]
MONTH = "2025-03"


@pytest.fixture
def placed(take):
    load_template_records("nev_battery")
    take(csv_bytes([firm_row(n, 经营范围=scope, 企业名称=f"云澜第{n}实业有限公司") for n, scope in enumerate(SCOPES)]))
    place_firms()


@pytest.fixture
def person(django_user_model, db):
    return django_user_model.objects.create(username="li")


def drawn_keys(month=MONTH):
    return [(u.key, u.node, u.grade, size) for u, size in sample(month)]


def test_pick_depends_on_month_and_keys_alone():
    units = [Unit(f"f{n}", n) for n in range(200)]
    chosen = pick(units, "2025-03", 20)
    assert chosen == pick(units[::-1], "2025-03", 20) and chosen != pick(units, "2025-04", 20)
    fewer = pick(units[:150], "2025-03", 20)  # rows that leave change nothing else
    assert [u for u in chosen if u.firm < 150] == fewer[:len([u for u in chosen if u.firm < 150])]


def test_pick_is_fair():
    units = [Unit(f"f{n}", n) for n in range(40)]
    counts = [0] * 40
    for month in range(600):
        for unit in pick(units, f"m{month}", 10):
            counts[unit.firm] += 1
    assert min(counts) > 100 and max(counts) < 200  # 150 expected, sd 10.6


@pytest.mark.parametrize(("sizes", "wanted", "given"), [((90, 10), 20, (15, 5)), ((100, 0), 20, (20, 0)), ((3, 2), 20, (3, 2)), ((2, 500), 20, (2, 18)), ((0, 0), 20, (0, 0))])
def test_allocate(sizes, wanted, given):
    assert tuple(allocate(dict(zip("ab", sizes, strict=True)), wanted, 5).values()) == given


def test_decisions_of_persons_do_not_move_the_sample(placed, person):
    before = drawn_keys()
    assert {k[1] is None for k in before} == {True, False}
    first, second = Placement.objects.order_by("id")[:2]
    confirm(first.pk, person)
    reject(second.pk, person)
    assert drawn_keys() == before


def test_a_month_is_drawn_once(placed, person):
    batch = draw(MONTH, person)
    assert batch.created == PlacementCheck.objects.count() == len(drawn_keys())
    with pytest.raises(Refused):
        draw(MONTH, person)
    assert register() == replay()


def test_answers_decide_placements_and_can_be_taken_back(placed, person):
    draw(MONTH, person)
    right, wrong = PlacementCheck.objects.filter(sampled="placed").order_by("id")[:2]
    other = ChainNode.objects.exclude(pk__in=Placement.objects.filter(enterprise=wrong.enterprise).values("chain_node")).first()
    answer(right.pk, "right", person)
    answer(wrong.pk, "wrong", person, node=other.pk)
    grade = {(p.enterprise_id, p.chain_node_id): (p.grade, p.who) for p in Placement.objects.all()}
    assert grade[right.enterprise_id, right.chain_node_id] == ("confirmed", "li")
    assert grade[wrong.enterprise_id, wrong.chain_node_id] == ("rejected", "li") and grade[wrong.enterprise_id, other.pk] == ("confirmed", "li")
    wrong.refresh_from_db()
    assert (wrong.answer, wrong.right_node, wrong.missed, wrong.who) == ("wrong", other, True, "li") and wrong.answered_on
    with pytest.raises(Refused):
        answer(wrong.pk, "right", person)
    assert len(take_answer_back(wrong.pk, person)) == 2
    wrong.refresh_from_db()
    assert wrong.answer is wrong.right_node is wrong.who is None
    assert not Placement.objects.filter(enterprise=wrong.enterprise, chain_node=other).exists()
    answer(wrong.pk, "unclear", person)
    take_answer_back(wrong.pk, person)
    answer(wrong.pk, "right", person)
    assert register() == replay()


def test_firms_placed_nowhere(placed, person):
    draw(MONTH, person)
    first, second = PlacementCheck.objects.filter(sampled="unplaced").order_by("id")[:2]
    node = ChainNode.objects.order_by("id").first()
    for word, given in (("right", None), ("belongs", None), ("belongs", 10**9)):
        with pytest.raises(UserError):
            answer(first.pk, word, person, node=given)
    answer(first.pk, "belongs", person, node=node.pk)
    answer(second.pk, "none", person)
    first.refresh_from_db(), second.refresh_from_db()
    assert first.missed is True and second.missed is False
    assert Placement.objects.get(enterprise=first.enterprise).chain_node == node
    assert first.enterprise_id in {u.firm for u in sampling.unplaced_units()}  # found by sampling, it still counts as missed


def rows(chain, grade, right, wrong, size, missed=0):
    return [Told(MONTH, chain, grade, size, "right")] * right + [Told(MONTH, chain, grade, size, "wrong", chain if n < missed else None) for n in range(wrong)]


def test_precision_weighs_strata_by_size():
    told = rows("c", "likely", 18, 2, 900) + rows("c", "to_verify", 5, 5, 100)
    found = accuracy.precision(told, "c")
    assert found.value == pytest.approx((900 * 0.9 + 100 * 0.5) / 1000) and (found.n, found.right) == (30, 23)
    assert 0.6 < found.low < found.value < found.high < 1
    assert accuracy.precision(told, "d").value is None


def test_unanimous_answers_keep_an_interval():
    found = accuracy.precision(rows("c", "likely", 30, 0, 500))
    assert found.value == 1 and 0.85 < found.low < 0.97


def test_recall_from_unplaced_firms():
    apart = [Told(MONTH, None, None, 200, "none")] * 38 + [Told(MONTH, None, None, 200, "belongs", "c")] * 2
    told = rows("c", "likely", 18, 2, 100, missed=1) + apart
    found = accuracy.recall(told)
    assert found.value == pytest.approx(90 / (90 + 10 + 5)) and found.n == 40 and found.right == 38
    assert found.low < found.value < found.high
    assert accuracy.recall(told, "c").value == pytest.approx(found.value)
    assert accuracy.recall(rows("c", "likely", 18, 2, 100)).value is None


@pytest.mark.parametrize("shares", [(0.9, 0.6), (0.98, 0.7), (0.5, 0.5)])
def test_interval_covers_the_truth(shares):
    chance, covered, truth = np.random.default_rng(5), 0, 0.8 * shares[0] + 0.2 * shares[1]
    for _ in range(400):
        a, b = (int(chance.binomial(15, share)) for share in shares)
        found = accuracy.precision(rows("c", "likely", a, 15 - a, 800) + rows("c", "to_verify", b, 15 - b, 200))
        assert found.low <= found.value <= found.high
        covered += found.low <= truth <= found.high
    assert covered >= 368  # 95 % expected, two standard errors and the unevenness of small counts allowed
