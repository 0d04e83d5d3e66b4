"""The accuracy page and the page on which a sample is answered."""

import pytest
from django.urls import reverse

from liantu.chains import sampling
from liantu.chains.check_models import PlacementCheck
from liantu.chains.models import ChainNode, Placement
from liantu.chains.placing import place_firms
from liantu.chains.records import load_template_records
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.edition import freeze, open_edition
from liantu.kernel.models import Batch
from liantu.kernel.output import run
from liantu.methods.intervals import wilson
from liantu.web.accuracy_pages import node_labels
from liantu.web.accuracy_view import marked, runner_up, scope_parts, words_of
from tests.robust.kit import csv_bytes, firm_row
from tests.unit.web import kit

SCOPES = ["许可项目：锂离子电池制造；锂电池销售（依法须经批准的项目，经相关部门批准后方可开展经营活动）", "六氟磷酸锂的生产", "餐饮服务", "废旧动力电池回收利用"]


@pytest.fixture
def drawn(take, people):
    load_template_records(kit.CHAIN)
    take(csv_bytes([firm_row(n, 经营范围=scope, 企业名称=f"云澜第{n}实业有限公司") for n, scope in enumerate(SCOPES)]))
    place_firms()
    sampling.draw(sampling.month_of(), people["editor"])


def test_words_and_boilerplate():
    assert words_of("经营范围:六氟磷酸锂（生产）；行业代码:3985；名称:电池") == ["六氟磷酸锂", "电池"] and words_of(None) == []
    assert marked("<b>电池</b>", ["电池"]) == "&lt;b&gt;<mark>电池</mark>&lt;/b&gt;"
    shown, rest = scope_parts("；".join(f"项目{n}" for n in range(30)) + "；电池制造（依法须经批准的项目）", ["电池"])
    assert "<mark>电池</mark>" in shown and '<span class="faint">（依法须经批准的项目）</span>' in shown and "项目29" in rest


def test_runner_up_is_named_once():
    assert runner_up("次选 电芯：次选“电芯”得分0.20，低于待核实线0.30；依据为产品:电芯") == ("电芯", "次选“电芯”得分0.20，低于待核实线0.30；依据为产品:电芯")
    assert runner_up("次选“电芯”得分0.20") == ("电芯", "次选“电芯”得分0.20") and runner_up("没有其他环节的词语或代码相符") == ("", "没有其他环节的词语或代码相符")


def test_page_without_answers_states_no_accuracy(client, drawn):
    text = client.get(reverse("accuracy")).content.decode()
    assert "还不能说准确率是多少" in text and "0/" in text
    client.cookies["django_language"] = "en"
    assert "no accuracy can be stated yet" in client.get(reverse("accuracy")).content.decode()


def test_page_before_any_draw(client, people):
    load_template_records(kit.CHAIN)
    assert "还没有抽过样本" in client.get(reverse("accuracy")).content.decode()
    assert "还没有抽样" in client.get(reverse("accuracy_sample")).content.decode()
    assert client.post(reverse("accuracy_draw")).status_code == 400 and not PlacementCheck.objects.exists()


def test_answering_by_form(client, drawn):
    text = client.get(reverse("accuracy_sample")).content.decode()
    assert "<mark>" in text and "说不清" in text
    checks = list(PlacementCheck.objects.filter(sampled="placed").order_by("id"))
    assert client.post(reverse("accuracy_answer", args=[checks[0].pk]), {"word": "right"}).status_code == 302
    node = ChainNode.objects.exclude(pk__in=Placement.objects.values("chain_node")).order_by("id").first()
    label = next(text for text, pk in node_labels().items() if pk == node.pk)
    client.post(reverse("accuracy_answer", args=[checks[1].pk]), {"word": "wrong", "node_text": label})
    assert PlacementCheck.objects.get(pk=checks[1].pk).right_node == node
    apart = PlacementCheck.objects.filter(sampled="unplaced").first()
    assert client.post(reverse("accuracy_answer", args=[apart.pk]), {"word": "belongs", "node_text": "没有这个"}).status_code == 404
    assert "应在哪个环节" in client.get(reverse("accuracy_sample"), {"part": "unplaced"}).content.decode()
    client.post(reverse("accuracy_answer", args=[apart.pk]), {"word": "none"})
    client.post(reverse("accuracy_back", args=[checks[0].pk]))
    assert PlacementCheck.objects.get(pk=checks[0].pk).answer is None


def test_readers_see_but_do_not_answer(people, drawn):
    reader = kit.signed_in(people["reader"])
    assert reader.get(reverse("accuracy")).status_code == 200
    assert reader.get(reverse("accuracy_sample")).status_code == 403
    check = PlacementCheck.objects.first()
    assert reader.post(reverse("accuracy_answer", args=[check.pk]), {"word": "right"}).status_code == 403
    assert PlacementCheck.objects.get(pk=check.pk).answer is None


def test_enough_answers_give_figures_and_the_output_agrees(client, drawn, people):
    one = PlacementCheck.objects.filter(sampled="placed").first()
    new = [Planned("placement_check", {"month": sampling.month_of(), "sampled": "placed", "enterprise": one.enterprise_id, "chain": one.chain_id, "grade": "likely",
                                       "out_of": 50, "answer": "right" if n < 32 else "wrong"}) for n in range(40)]
    new += [Planned("placement_check", {"month": sampling.month_of(), "sampled": "placed", "enterprise": one.enterprise_id, "chain": one.chain_id, "grade": "to_verify", "out_of": 9})
            for _ in range(5)]
    with writing():
        write(Batch.objects.create(kind="form"), new)
    assert "会失真" in client.get(reverse("accuracy")).content.decode()  # the drawn to_verify rows are not answered yet
    for check in PlacementCheck.objects.filter(answer=None, sampled="placed"):
        sampling.answer(check.pk, "unclear", people["editor"])
    text = client.get(reverse("accuracy")).content.decode()
    assert "80.0%" in text and "约有 80% 是对的" in text and "会失真" not in text and "acc-bar" in text
    freeze(number="1.0", approver="链长")
    row = next(r for r in run("placement_accuracy", open_edition()).frame.to_dicts() if r["grade"] == "likely")
    low, high = wilson(32, 40)
    assert row["enough"] and row["precision"] == 0.8 and row["low"] == pytest.approx(low, abs=1e-6) and row["high"] == pytest.approx(high, abs=1e-6)
