"""Repeated signings: found under changed names, told with reasons, decided by a person, counted once, taken back."""

from datetime import date
from decimal import Decimal

import pytest

from liantu.attraction import signings
from liantu.evaluation import signing_pairs as protocol
from liantu.evaluation.report import Asked
from liantu.kernel.edition import freeze
from liantu.kernel.output import run
from liantu.kernel.problems import Refused, UserError
from liantu.methods.firm_names import Regions
from liantu.methods.project_pairs import Ledger, Signing, repeated
from liantu.projects.models import Project
from tests.unit.web import kit

WEIGHTS = protocol.parameter("signing_match").value


@pytest.fixture
def people(site, db):
    return kit.people()


@pytest.fixture
def two(people):
    """Two chains' worth of nothing but three projects, two of them one."""
    kit.small_site(people["editor"])
    from liantu.chains.models import ChainNode

    node = ChainNode.objects.get(code=kit.NODE)
    told = {"chain": node.chain_id, "chain_node": node.pk, "stage": "signed", "category": "attracted", "formal_contract": True, "side_state": "normal"}
    kit.create("project", name="华铭年产5GWh方形电芯项目", investor="华铭新能源集团有限公司", invest_total=Decimal(90_000), signed_on=date(2025, 3, 1), content="形成年产5GWh方形电芯能力", **told)
    kit.create("project", name="华铭方形电芯生产基地项目", investor="华铭新能源", invest_total=Decimal(110_000), signed_on=date(2025, 9, 1), content="建设方形电芯生产线", **told)
    kit.create("project", name="恒泰年产9GWh方形电芯项目", investor="恒泰实业有限公司", invest_total=Decimal(50_000), signed_on=date(2025, 5, 1), content="形成年产9GWh方形电芯能力", **told)
    return [p.pk for p in Project.objects.order_by("signed_on")]


def listed():
    return run("repeated_signings", freeze()).frame


def test_found_decided_counted_once_and_taken_back(two, people):
    first, other, again = two
    rows = listed()
    assert rows.select("first", "other").rows() == [(first, again)]
    assert rows["probability"][0] > 0.5 and "单位名称多半是一家" in rows["reasons"][0]
    assert _signed() == (3, 250_000.0)
    with pytest.raises(Refused, match="依据"):
        signings.decide(people["editor"], again, first, verdict="same")
    signings.decide(people["editor"], again, first, verdict="same", reason="同一块地，同一份协议")
    verdict = signings.verdict_on(again, first)
    assert (verdict.project_id, verdict.other_id) == (first, again)
    assert _signed() == (2, 140_000.0)
    with pytest.raises(Refused, match="已经认定"):
        signings.decide(people["editor"], first, again, verdict="increase")
    signings.take_back(people["editor"], first, again)
    assert _signed() == (3, 250_000.0)
    with pytest.raises(UserError):
        signings.decide(people["editor"], first, 9_999_999, verdict="different")
    with pytest.raises(Refused):
        signings.decide(people["reader"], first, other, verdict="different")


def _signed():
    """Signed projects and their investment: in the rates of the chain."""
    edition = freeze()
    row = run("project_rates", edition).frame.filter(chain_code=kit.CHAIN).row(0, named=True)
    return row["signed"], row["signed_invest"]


def test_an_increase_is_counted_apart(two, people):
    first, _, again = two
    signings.decide(people["editor"], first, again, verdict="increase")
    assert listed()["verdict"].to_list() == ["increase"] and _signed()[0] == 3


def test_pages_in_both_languages(two, people):
    freeze()
    first, _, again = two
    client = kit.signed_in(people["editor"])
    shown = client.get("/attract/signings/").content.decode()
    assert "华铭方形电芯生产基地项目" in shown and "恒泰" not in shown
    pair = f"/attract/signings/{again}/{first}/"
    assert "同一环节" in client.get(pair).content.decode()
    assert client.post(f"{pair}decide/", {"verdict": "same", "reason": "同一地块"}).status_code == 302
    assert "只计先签的一个" in client.get(pair).content.decode()
    client.cookies["django_language"] = "en"
    assert "Take back" in client.get(pair).content.decode() and "Repeated signing" in client.get("/attract/signings/?kind=same").content.decode()
    reader = kit.signed_in(people["reader"])
    assert reader.post(f"{pair}back/").status_code == 403


LOOKS = [
    ("华铭二期", Signing("华铭年产5万吨磷酸铁锂二期项目", ("华铭新材料集团有限公司",), (), "", 9e4, "n"), False),
    ("简称", Signing("华铭磷酸铁锂项目", ("华铭新材料",), (), "", 9e4, "n"), True),
    ("繁体", Signing("華銘年產5萬噸磷酸鐵鋰項目", ("華銘新材料集團有限公司",), (), "", 9e4, "n"), True),
    ("英文", Signing("HUAMING磷酸铁锂项目", ("Huaming New Materials Group",), (), "", 12e4, "n"), True),
    ("别家", Signing("恒泰年产8万吨磷酸铁锂项目", ("恒泰集团有限公司",), (), "", 5e4, "n"), False),
    ("增资", Signing("华铭年产5万吨磷酸铁锂增资扩产项目", ("华铭新材料集团有限公司",), (), "", 3e4, "n"), False),
    ("另一产品", Signing("华铭年产2万吨铜箔项目", ("华铭新材料集团有限公司",), (), "", 3e4, "m"), False),
]


@pytest.mark.parametrize("word,other,same", LOOKS, ids=[w for w, *_ in LOOKS])
def test_looks(word, other, same):
    one = Signing("华铭年产5万吨磷酸铁锂项目", ("华铭新材料集团有限公司",), (), "", 9e4, "n")
    assert bool(repeated(Ledger([one, other], regions=Regions()), WEIGHTS, least=WEIGHTS["ask"])) is same


def test_empty_and_single_ledgers():
    assert repeated(Ledger([]), WEIGHTS, least=0.5) == [] and repeated(Ledger([Signing("甲")]), WEIGHTS, least=0.5) == []


def test_protocol_reaches_its_target():
    found = {(m.metric, m.method, m.group): m for m in protocol.run(Asked(data=None, quick=True))}
    ours = found["找到率", protocol.OURS, ""]
    assert ours.value >= 0.95 and ours.n > 90
    assert found["找到率", protocol.SAME_PROJECT, ""].value < 0.5
    assert found["列出的对子里真重复的比例", protocol.OURS, ""].value > 0.8
