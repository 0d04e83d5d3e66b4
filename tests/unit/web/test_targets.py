"""Target firms on the page: points with their basis, lenses, the printed list, decisions with frozen evidence, the replay and who may see what."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse

from liantu.attraction.pipeline_models import Lead
from liantu.attraction.target_models import TargetDecision
from liantu.chains.follow import freeze_now
from liantu.chains.models import ChainNode
from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.models import Batch
from tests.unit.web import kit

DAY = date.today()


@pytest.fixture
def pool(small):
    """Forty firms known for three years; the first supplies a firm here and announced capacity; some landed."""
    node, firm = ChainNode.objects.get(code=kit.NODE), Enterprise.objects.first()
    rows = [Planned("candidate_firm", {"name": f"第{n}隔膜有限公司", "pool": "listed" if n % 2 else "qualified", "chain_node": node.pk, "chain": node.chain_id, "city": "甲市", "marks": "小巨人" if n < 3 else None,
                                       "listed_on": DAY - timedelta(days=1400), "source": "名单"}) for n in range(40)]
    figures = [Planned("candidate_figure", {"year": DAY.year - 2, "revenue": Decimal(600000 if n == 0 else 1000 + n)}, links={"candidate": rows[n]}) for n in range(40)]
    more = [Planned("candidate_sign", {"kind": "capacity", "happened_on": DAY - timedelta(days=60), "detail": "公告新建二期"}, links={"candidate": rows[0]}),
            Planned("candidate_sign", {"kind": "dishonest", "happened_on": DAY - timedelta(days=60)}, links={"candidate": rows[1]}),
            Planned("candidate_link", {"kind": "supplies", "enterprise": firm.pk, "enterprise_name": firm.name, "item": "隔膜", "amount": Decimal(777), "since": DAY - timedelta(days=1000)}, links={"candidate": rows[0]}),
            Planned("candidate_landing", {"place": "本区", "here": True, "happened_on": DAY - timedelta(days=100)}, links={"candidate": rows[39]})]
    with writing():
        write(Batch.objects.create(kind="form"), [*rows, *figures, *more])
    freeze_now()
    return rows


def text(client, name, *args, **query):
    return client.get(reverse(name, args=args), query).content.decode()


def test_the_list_says_why(client, pool):
    shown = text(client, "targets", kind="all")
    assert "第0隔膜有限公司" in shown and "第39隔膜有限公司" not in shown  # it has settled here
    assert "公告新建二期" in shown and "向本地供货" in shown and "过去的落地记录太少" in shown
    assert shown.index("第0隔膜") < shown.index("第5隔膜")
    assert "第0隔膜有限公司" in text(client, "targets", kind="all", lens="referral") and "第7隔膜有限公司" not in text(client, "targets", kind="all", lens="referral")
    client.cookies["django_language"] = "en"
    assert "All candidates" in text(client, "targets")


def test_one_firm_and_a_decision_with_its_evidence(client, people, pool):
    pk = pool[0].record
    shown = text(client, "target", pk)
    assert "公告新建二期" in shown and "777" in shown and "落地可行" in shown
    assert "777" not in kit.signed_in(people["outsider"]).get(reverse("target", args=[pk])).content.decode()
    assert client.post(reverse("target_decide", args=[pk]), {"decision": "chosen", "reason": "供货多年，正在扩产"}).status_code == 302
    row = TargetDecision.objects.get()
    assert row.rank == 1 and row.score > 30 and "缺口匹配" in row.points and row.edition_hash and row.outcome == "open"
    assert "供货多年" in text(client, "target", pk)
    assert client.post(reverse("lead_new"), {"candidate": pk, "decision": row.pk, "investor": "第0隔膜有限公司", "title": "隔膜项目", "source": "target"}).status_code == 302
    assert Lead.objects.get().decision == row and "隔膜项目" in text(client, "target", pk)
    assert client.post(reverse("target_settle", args=[pk, row.pk]), {"outcome": "signed", "on": DAY.isoformat(), "note": "签约"}).status_code == 302
    row.refresh_from_db()
    assert row.outcome == "signed" and row.rank == 1
    assert "来了 1" in text(client, "targets")


def test_decisions_need_a_reason_and_a_writer(client, people, pool):
    pk = pool[0].record
    assert client.post(reverse("target_decide", args=[pk]), {"decision": "chosen", "reason": ""}).status_code == 409
    assert client.post(reverse("target_decide", args=[pk]), {"decision": "no", "reason": "一二三四五六七八"}).status_code in (400, 404)
    assert kit.signed_in(people["reader"]).post(reverse("target_decide", args=[pk]), {"decision": "chosen", "reason": "一二三四五六七八"}).status_code == 403
    assert not TargetDecision.objects.exists()


def test_the_printed_list_and_the_replay(client, pool):
    printed = text(client, "target_print", node=kit.NODE)
    assert "走访名单" in printed and "不许诺任何支持" in printed
    replayed = text(client, "replay")
    assert "超几何" in replayed and "当时库中" in replayed
    assert client.get(reverse("target", args=[999999])).status_code == 404


def test_an_empty_pool_says_what_to_do(client, small):
    assert "目标企业库还是空的" in text(client, "targets")
    assert "还没有可回看的名单" in text(client, "replay")
