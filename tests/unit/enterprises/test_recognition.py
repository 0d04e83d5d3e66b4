"""Which firm is meant: codes before names, former names too, never a guess between two."""

import pytest
from pypinyin import Style, lazy_pinyin

from liantu.enterprises.models import Enterprise
from liantu.enterprises.recognition import Register, identify, initials
from liantu.kernel.batch import Planned
from liantu.kernel.desk import inspect, open_draft
from tests.robust.kit import credit_code, csv_bytes, firm_row, form_batch, register, replay


@pytest.mark.parametrize(("name", "letters"), [("江锂新能源", "jlxny"), ("重庆长安", "cqca"), ("", None), (None, None), ("A股（集团）", "ag（jt）"), ("云澜 3D 打印厂", None)])
def test_initials(name, letters):
    found = initials(name)
    if letters is not None or not name:
        assert found == letters
    if name:
        assert found == "".join(lazy_pinyin(name, style=Style.FIRST_LETTER, errors=lambda text: text.lower())).replace(" ", "")


def firms(*rows):
    planned = [Planned("enterprise", {k: v for k, v in zip(("name", "uscc", "former"), row, strict=False) if v}) for row in rows]
    form_batch(planned)
    return [p.record for p in planned]


def test_identify(db):
    first, second, third, twin = firms(("甲精密有限公司", credit_code(1), "甲机械厂"), ("乙电子有限公司", credit_code(2)), ("同名公司", credit_code(3)), ("同名公司", credit_code(4)))
    wanted = [({"name": "甲精密有限公司"}, first), ({"name": "甲精密有限公司（盖章）".removesuffix("（盖章）")}, first), ({"name": "甲机械厂"}, first), ({"uscc": credit_code(2)}, second),
              ({"name": "甲精密有限公司", "uscc": credit_code(2)}, second), ({"name": "同名公司"}, None), ({"name": "同名公司", "uscc": credit_code(4)}, twin), ({"name": "没有的公司"}, None), ({}, None)]
    assert identify([w for w, _ in wanted]) == [r for _, r in wanted]
    assert third != twin and Register().find(None, None) is None


def plan_of(*rows):
    data = csv_bytes([dict(zip(("统一社会信用代码", "企业名称", "经营范围"), (*row, "零件制造")[:3], strict=True)) for row in rows])
    return inspect(open_draft(data, "名录.csv", as_table="enterprise"))


def codes(found):
    return {p.code for p in found.problems}


def test_a_new_name_under_a_known_code_is_a_renaming(take):
    firms(("甲精密有限公司", credit_code(1)))
    found = plan_of((credit_code(1), "云澜新光有限公司"))
    assert "renamed" in codes(found)
    [item] = found.plan.rows
    assert item.values["name"] == "云澜新光有限公司" and item.values["former"] == "甲精密有限公司"


def test_another_code_under_a_known_name_is_a_conflict(take):
    firms(("甲精密有限公司", credit_code(1)))
    found = plan_of((credit_code(2), "甲精密有限公司"))
    assert "code-conflict" in codes(found) and not found.plan.rows


def test_a_firm_without_a_code_gets_one(take):
    [record] = firms(("甲精密有限公司", None))
    found = plan_of((credit_code(5), "甲精密有限公司"))
    [item] = found.plan.rows
    assert (item.record, item.values["uscc"]) == (record, credit_code(5))


def test_an_old_name_is_no_renaming(take):
    firms(("云澜新光有限公司", credit_code(1), "甲精密有限公司"))
    found = plan_of((credit_code(1), "甲精密有限公司"))
    assert "renamed" not in codes(found)
    assert all("name" not in p.values for p in found.plan.rows)


def test_a_name_that_two_firms_bear_is_held(take):
    firms(("同名公司", credit_code(3)), ("同名公司", credit_code(4)))
    found = plan_of(("", "同名公司"))
    assert "ambiguous-name" in codes(found) and not found.plan.rows
    problem = next(p for p in found.problems if p.code == "ambiguous-name")
    assert credit_code(3) in problem.message() and problem.cell == "B2"
    fresh = plan_of((credit_code(7), "新同名公司"), (credit_code(8), "新同名公司"), ("", "新同名公司"))
    assert [p.row for p in fresh.problems if p.code == "ambiguous-name"] == [4]


def test_one_firm_twice_in_a_file(take):
    take(csv_bytes([{**firm_row(1), "地址": ""}, {**firm_row(1), "统一社会信用代码": "", "地址": "一号"}]), good_only=True)
    firm = Enterprise.objects.get()
    assert (firm.uscc, firm.address) == (credit_code(1), "一号")
    assert register() == replay()


@pytest.mark.parametrize("seen", ["南昌市恒泰精蜜机械公司", "南昌恒泰精密機械股份有限公司", "南昌恒精密机械有限公司（已更名）"])
def test_a_name_with_several_slips_is_held(take, seen):
    firms(("南昌市恒泰精密机械有限公司", credit_code(1)), ("南昌市远博电子有限公司", credit_code(2)))
    found = plan_of(("", seen))
    problem = next(p for p in found.problems if p.code == "possible-duplicate")
    assert "南昌市恒泰精密机械有限公司" in problem.message() and not found.plan.rows


@pytest.mark.parametrize("seen", ["南昌市恒泰精密机械有限公司九江分公司", "南昌市恒泰精密机械有限公司第二门市部", "南昌市星塘食品有限公司", "九江恒泰物流有限公司"])
def test_a_branch_and_a_stranger_are_not_held(take, seen):
    firms(("南昌市恒泰精密机械有限公司", credit_code(1)), ("南昌市远博电子有限公司", credit_code(2)))
    found = plan_of(("", seen))
    assert "possible-duplicate" not in codes(found) and len(found.plan.rows) == 1
