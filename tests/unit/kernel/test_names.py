"""Names: one way of writing, one key for comparing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.kernel.names import name_key, normal_name, split_name


@pytest.mark.parametrize(("text", "name"), [
    (" 临江(集团) 有限公司 ", "临江（集团）有限公司"), ("临江【中国】有限公司", "临江（中国）有限公司"), ("ＡＢＣ科技有限公司", "ABC科技有限公司"), ("临江\u200b精密\ufeff有限公司", "临江精密有限公司"),
    ("临江\n精密\t有限公司", "临江精密有限公司"), ("ABC Trading Co Ltd", "ABC Trading Co Ltd"), ("某企业管理中心（有限合伙）", "某企业管理中心（有限合伙）"), ("", ""), ("甲厂（停产）", "甲厂"),
    ("*甲机械有限公司", "甲机械有限公司"), ("临江\u3000精密有限公司", "临江精密有限公司")])
def test_normal_name(text: str, name: str) -> None:
    assert normal_name(text) == name


@pytest.mark.parametrize(("text", "name", "note"), [
    ("甲厂（停产）", "甲厂", "停产"), ("甲有限公司(原乙厂)", "甲有限公司", "原乙厂"), ("甲有限公司（已注销）", "甲有限公司", "已注销"), ("甲（集团）有限公司", "甲（集团）有限公司", ""), ("甲（上海）有限公司", "甲（上海）有限公司", ""),
    ("甲有限公司临江分公司", "甲有限公司临江分公司", ""), ("（停产）", "（停产）", "")])
def test_notes_are_kept_apart(text: str, name: str, note: str) -> None:
    assert split_name(text) == (name, note)


def test_key_of_variants() -> None:
    variants = ["临江（集团）有限责任公司", "临江(集团)有限公司", " 临江集团 有限公司（停产）", "临江·集团有限公司"]
    assert len({name_key(v) for v in variants}) == 1
    assert name_key("临江集团股份有限公司") != name_key("临江集团有限公司")
    assert name_key("ABC有限公司") == name_key("ａｂｃ有限公司")


@given(st.text(max_size=60))
def test_normal_names_stay_normal(text: str) -> None:
    once = normal_name(text)
    assert split_name(once)[0] == once or split_name(once)[1]
