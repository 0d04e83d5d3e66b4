"""Recognition of names: parts, candidates, decisions, groups. Made-up names only."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from liantu.enterprises.matching import name_index, national_regions, pair_models
from liantu.methods.duplicate_groups import Twin, groups, twins
from liantu.methods.firm_names import differences, listing_name, read_name, simplified, sound
from liantu.methods.linkage import KINDS, NameIndex, each_once_score
from liantu.methods.pair_model import PairModel

REGISTER = ["福州市云梯新能源材料有限公司", "苏州云梯新能源材料有限公司", "南昌赣锐精密机械股份有限公司", "南昌赣锐精密机械股份有限公司抚州分公司", "宜春市袁河陶瓷厂",
            "九江浔阳澄泰化工有限公司", "赣州稀锦磁性材料有限公司", "萍乡市湘东区腊市供销合作社", "上饶茶亭茶业有限责任公司", "江西新余仙湖光电科技有限公司"]


@pytest.fixture(scope="module")
def index() -> NameIndex:
    return name_index(REGISTER)


def regions():  # type: ignore[no-untyped-def]
    return national_regions()


@pytest.mark.parametrize(("text", "core", "form", "tail", "branch"), [
    ("福州市云梯新能源材料有限公司", "云梯新能源材料", "有限公司", "", False),
    ("南昌贛銳精密機械股份有限公司撫州分公司（原：抚州办）", "赣锐精密机械", "股份有限公司", "抚州分公司", True),
    ("江西省宜春市袁州区袁河陶瓷厂、", "袁河陶瓷厂", "", "", False),
    ("云梯（苏州）新能源有限公司", "云梯新能源", "有限公司", "", False),
])
def test_parts_of_a_name(text: str, core: str, form: str, tail: str, branch: bool) -> None:
    name = read_name(text, regions())
    assert (name.core, name.form, name.tail, name.branch) == (core, form, tail, branch)


def test_places_are_those_of_the_standard() -> None:
    assert read_name("江西省九江市浔阳区澄泰化工有限公司", regions()).regions[:2] == ("36", "3604")
    assert read_name("云梯（苏州）新能源有限公司", regions()).regions == ("3205",)
    assert read_name("云梯新能源有限公司", regions()).regions == ()


@pytest.mark.parametrize(("asked", "right"), [
    ("福州雲梯新能源材料有限公司", 0), ("苏州市云梯新能源材料有限责任公司", 1), ("南昌赣锐精蜜机械股份有限公司", 2), ("赣锐精密机械", 2), ("南昌赣锐精密机械股份有限公司抚州分公司(已停业)", 3),
    ("宜春市袁河陶磁厂", 4), ("九江浔阳 澄泰化工有限公司", 5), ("上饶茶亭茶业股份有限公司", 8), ("新余仙湖光电科技有限公司", 9),
])
def test_noisy_names_find_their_firm(index: NameIndex, asked: str, right: int) -> None:
    found = index.match([asked])
    assert int(found.at[0]) == right and found.probability[0] >= 0.5


@pytest.mark.parametrize("asked", ["南昌赣锐精密机械股份有限公司萍乡分公司", "宜春市袁河陶瓷厂门市部", "福州市云梯新能源材料有限公司厦门办事处", "赣州稀锦磁性材料有限公司第一车间"])
def test_a_branch_is_never_its_parent(index: NameIndex, asked: str) -> None:
    found = index.match([asked])
    assert found.probability[0] < 0.5


def test_a_parent_is_never_its_branch() -> None:
    alone = name_index(["南昌赣锐精密机械股份有限公司抚州分公司", *REGISTER[4:]])
    assert alone.match(["南昌赣锐精密机械股份有限公司"]).probability[0] < 0.5


def test_namesakes_elsewhere_and_strangers_are_refused(index: NameIndex) -> None:
    found = index.match(["厦门云梯新能源材料有限公司", "南昌星塘食品有限公司"])
    assert (found.probability < 0.85).all()


def test_only_one_way_of_writing_decides_alone(index: NameIndex) -> None:
    found = index.match([" 福州市雲梯新能源材料有限公司（更名） "])
    assert found.exact[0] and found.at[0] == 0 and found.probability[0] == 1.0


def test_city_tells_namesakes_apart() -> None:
    two = name_index(["云梯新能源材料有限公司", "云梯新能源材料有限公司", *REGISTER[2:]], cities=["福州", "苏州", *[""] * 8], addresses=["甲路1号", "乙路2号", *[""] * 8])
    found = two.match(["云梯新能源材料有限公司"] * 2, cities=["福州", "苏州"], addresses=["甲路1号", "乙路2号"])
    assert found.at.tolist() == [0, 1] and (found.probability > found.second_probability).all()


def test_an_empty_list_and_an_empty_name(index: NameIndex) -> None:
    assert len(index.match([]).at) == 0
    assert index.match([""]).probability[0] < 0.5


def test_twins_of_one_register_and_groups() -> None:
    names = [*REGISTER, "南昌贛銳精密機械股份公司", "赣州市稀锦磁性材料有限公司", "赣州稀锦磁性才料有限公司"]
    found = twins(name_index(names), least=0.5)
    assert {(t.one, t.other) for t in found} >= {(2, 10), (6, 11), (6, 12)}
    assert not {(2, 3), (0, 1)} & {(t.one, t.other) for t in found}
    assert groups(len(names), found, [None] * len(names)) == [[2, 10], [6, 11, 12]]


def test_two_codes_never_come_into_one_group() -> None:
    pairs = [Twin(0, 1, 0.9), Twin(1, 2, 0.8), Twin(2, 3, 0.7)]
    assert groups(4, pairs, ["A", None, "B", None]) == [[0, 1], [2, 3]]
    assert groups(4, pairs, [None] * 4) == [[0, 1, 2, 3]]


def test_each_firm_once() -> None:
    index = name_index(["长江电缆股份有限公司", "长江电缆科技股份有限公司"])
    asked = index.read(["长江电缆", "长江电缆股份"])
    pairs = index.candidates(asked)
    score = np.where(pairs.known == 0, 0.9, 0.3)
    once = index.choose(asked, pairs, each_once_score(pairs, score))
    assert sorted(once.at.tolist()) == [0, 1]


@pytest.mark.parametrize(("mark", "plain"), [("*ST长江", "长江"), ("长江A", "长江"), ("长江B股", "长江"), ("长江科技-U", "长江科技"), ("长江科技", "长江科技"), ("ST", "ST")])
def test_marks_of_exchanges(mark: str, plain: str) -> None:
    assert listing_name(mark) == plain


def test_differences_are_told() -> None:
    one, other = (read_name(n, regions()) for n in ("南昌赣锐精密机械股份有限公司", "九江赣瑞精密机械有限公司抚州分公司"))
    assert differences(one, other) == ("地区不同", "字号同音：赣锐精密机械／赣瑞精密机械", "组织形式不同：股份有限公司／有限公司", "分支不同：本部／抚州分公司")
    assert differences(one, one) == ("只有写法不同",)


def test_homophones_are_equal_and_traditional_becomes_simplified() -> None:
    assert sound("精密") == sound("精蜜") != sound("机械") and simplified("機械ＡＢ") == "机械ab"


@given(st.text(max_size=30))
def test_any_text_can_be_read(text: str) -> None:
    name = read_name(text, regions())
    assert read_name(text, regions()) == name and name.core in name.key or name.regions or not name.core


def test_packaged_models_fit_the_columns() -> None:
    for kind, columns in KINDS.items():
        assert pair_models()[kind].columns == columns


def test_a_model_grown_kept_and_read_again_says_the_same() -> None:
    chance = np.random.default_rng(0)
    x = chance.random((3000, 3)).astype(np.float32)
    y = chance.random(3000) < 1 / (1 + np.exp(-8 * (x[:, 0] - 0.5) - 3 * (x[:, 1] > 0.7)))
    model = PairModel.fit(x, y, ["a", "b", "c"], trees=30, leaves=8)
    again = PairModel.from_data(model.as_data())
    assert np.abs(model.probability(x) - again.probability(x)).max() < 1e-3
    from sklearn.ensemble import HistGradientBoostingClassifier

    peer = HistGradientBoostingClassifier(max_iter=30, max_leaf_nodes=8, learning_rate=0.12, min_samples_leaf=20, l2_regularization=1.0, early_stopping=False, random_state=0).fit(x, y)
    assert np.abs(model.probability(x) - peer.predict_proba(x)[:, 1]).max() < 1e-6
    with pytest.raises(ValueError, match="3 列"):
        model.probability(x[:, :2])
