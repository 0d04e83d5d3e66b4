"""The desk of doubtful pairs: two records side by side, merged, taken apart, told apart; and held rows settled in place."""

from decimal import Decimal

import pytest
from django.urls import reverse

from liantu.enterprises.merging import kept_apart, merges, names_kept_apart
from liantu.enterprises.models import AnnualFigure, Enterprise
from liantu.enterprises.pair_models import KeptApart
from liantu.kernel import desk as kernel_desk
from liantu.kernel.batch import Planned
from liantu.kernel.models import Draft
from tests.robust.kit import credit_code, csv_bytes, firm_row, form_batch, register, replay
from tests.unit.web import kit

NAMES = ("南昌市恒泰精密机械有限公司", "南昌恒泰精蜜机械有限公司", "九江远博电子有限公司")


@pytest.fixture
def firms(people):
    planned = [Planned("enterprise", {"name": NAMES[0], "address": "一号"}), Planned("enterprise", {"name": NAMES[1], "uscc": credit_code(7), "address": "二号", "products": "齿轮"}),
               Planned("enterprise", {"name": NAMES[2], "uscc": credit_code(8)})]
    form_batch(planned)
    one, two, _ = (p.record for p in planned)
    form_batch([Planned("annual_figure", {"enterprise": pk, "year": 2024, "source": "统计", "output": Decimal(value)}) for pk, value in ((one, 111), (two, 222))])
    return one, two


def text(response):
    return response.content.decode()


def merge_form(keep, drop, **more):
    rows = {pk: Enterprise.objects.get(pk=pk) for pk in (keep, drop)}
    return {"keep": keep, "drop": drop, "keep_revision": rows[keep].revision, "drop_revision": rows[drop].revision, **more}


def test_list_and_side_by_side(client, firms):
    one, two = firms
    page = text(client.get(reverse("pairs")))
    assert NAMES[0] in page and NAMES[1] in page and NAMES[2] not in page and "并排核对" in page
    page = text(client.get(reverse("pair", args=[one, two])))
    assert f'name="keep" value="{two}"' in page  # the one with a credit code is proposed to stay
    assert 'name="from_address"' in page and "111" in page and "222" in page
    assert f'name="keep" value="{one}"' in text(client.get(reverse("pair", args=[one, two]), {"keep": one}))
    client.cookies["django_language"] = "en"
    assert "Compare" in text(client.get(reverse("pairs"))) and "One firm: merge" in text(client.get(reverse("pair", args=[two, one])))


def test_merge_and_take_apart_by_form(client, firms):
    one, two = firms
    before = register()
    assert client.post(reverse("pairs_merge"), merge_form(two, one, from_address="drop", from_name="drop")).status_code == 302
    firm = Enterprise.objects.get(pk=two)
    assert (firm.name, firm.address, firm.former) == (NAMES[0], "一号", NAMES[1]) and not Enterprise.objects.filter(pk=one).exists()
    assert AnnualFigure.objects.get().output == 222
    page = text(client.get(reverse("pairs")))
    assert "没有疑似重复" in page and "拆开" in page
    assert "拆开" in text(client.get(reverse("batch", args=[merges()[0].batch.pk])))
    assert client.post(reverse("pairs_split", args=[merges()[0].batch.pk])).status_code == 302
    now = register()
    assert {t: rows for t, rows in now.items() if t != "kept_apart"} == {t: rows for t, rows in before.items() if t != "kept_apart"} and replay() == now
    assert kept_apart() == {frozenset(firms)} and "判为两家" in text(client.get(reverse("pairs")))


def test_a_merge_of_what_has_changed_meanwhile_is_refused(client, firms):
    one, two = firms
    form = merge_form(two, one)
    form_batch([Planned("enterprise", {"address": "三号"}, record=one, before={"address": "一号"})])
    response = client.post(reverse("pairs_merge"), form)
    assert response.status_code == 409 and "别人改过" in text(response) and Enterprise.objects.count() == 3


def test_told_apart_and_taken_back(client, firms):
    one, two = firms
    assert client.post(reverse("pairs_apart"), {"keep": one, "drop": two, "reason": "兄弟公司"}).status_code == 302
    page = text(client.get(reverse("pairs")))
    assert "没有疑似重复" in page and "兄弟公司" in page
    assert "有人判过" in text(client.get(reverse("pair", args=[one, two])))
    client.post(reverse("pairs_again", args=[KeptApart.objects.get().pk]))
    assert not KeptApart.objects.exists() and "并排核对" in text(client.get(reverse("pairs")))


def test_two_codes_are_shown_and_not_merged(client, firms):
    _, two = firms
    other = Enterprise.objects.get(name=NAMES[2]).pk
    page = text(client.get(reverse("pair", args=[two, other])))
    assert "两个法人" in page and "是同一家，合并" not in page
    assert client.post(reverse("pairs_merge"), merge_form(two, other)).status_code == 409


@pytest.mark.parametrize("form", [{}, {"keep": "x", "drop": "1"}, {"keep": 10**30, "drop": 1}])
def test_odd_forms_are_answered_in_words(client, firms, form):
    for name in ("pairs_merge", "pairs_apart", "pairs_settle"):
        assert client.post(reverse(name), form).status_code in (400, 404, 409)
    assert client.post(reverse("pairs_split", args=[10**18])).status_code == 404
    assert client.get(reverse("pair", args=[firms[0], 10**18])).status_code == 404
    assert client.get(reverse("pair", args=[firms[0], firms[0]])).status_code == 400
    assert Enterprise.objects.count() == 3


def test_readers_look_and_may_not_decide(people, firms):
    reader = kit.signed_in(people["reader"])
    assert "是同一家，合并" not in text(reader.get(reverse("pair", args=firms)))
    page = text(reader.get(reverse("pair", args=firms)))
    assert "111" not in page and "保密列" in page
    for name in ("pairs_merge", "pairs_apart", "pairs_settle"):
        assert reader.post(reverse(name), merge_form(*firms)).status_code == 403
    assert Enterprise.objects.count() == 3


def held(client):
    """A sheet with a name that is nearly a registered one, opened on the import desk."""
    draft = kernel_desk.open_draft(csv_bytes([{**firm_row(1), "企业名称": "九江市远博电孑有限公司", "统一社会信用代码": ""}]), "新表.csv")
    return draft, reverse("draft", args=[draft.pk])


@pytest.mark.parametrize("word", ["same", "other"])
def test_a_held_row_is_settled_in_place(client, firms, word):
    draft, where = held(client)
    page = text(client.get(where))
    assert "是同一家" in page and "是另一家" in page
    firm = Enterprise.objects.get(name=NAMES[2])
    assert client.post(reverse("pairs_settle"), {"firm": firm.pk, "name": "九江市远博电孑有限公司", "word": word, "next": where}).status_code == 302
    assert "是另一家" not in text(client.get(where))
    kernel_desk.accept(Draft.objects.get(pk=draft.pk))
    firm.refresh_from_db()
    if word == "same":
        assert firm.former == "九江市远博电孑有限公司" and Enterprise.objects.count() == 3 and firm.name == NAMES[2]
    else:
        assert Enterprise.objects.count() == 4 and len(names_kept_apart()) == 1
        assert NAMES[2] not in text(client.get(reverse("pairs")) ).split('id="merged"')[0]
    assert register() == replay()


@pytest.fixture
def chosen(firms):
    more = [Planned("enterprise", {"name": "九江远搏电子有限公司", "address": "四号"}), Planned("enterprise", {"name": "南昌市恒泰精密机戒有限公司"})]
    form_batch(more)
    third = Enterprise.objects.get(name=NAMES[2]).pk
    return [*firms, third, *(p.record for p in more)]


def test_several_pairs_in_one_go(client, chosen):
    one, two, third, nearly, again = chosen
    page = text(client.get(reverse("pairs"), {"all": "1"}))
    assert page.count('name="pair"') == page.count(" checked") == 3
    pairs = [f"{one}-{two}", f"{one}-{again}", f"{third}-{nearly}"]
    before = register()
    answer = client.get(reverse("pairs_together"), {"pair": pairs})
    page = text(answer)
    assert "可以合并" in page and "四号" in page and page.count('name="group"') == 2 and register() == before
    form = {"group": [g["value"] for g in answer.context["groups"]], "seen": [s for g in answer.context["groups"] for s in g["seen"]]}
    assert client.post(reverse("pairs_merge_together"), form).status_code == 302
    assert set(Enterprise.objects.values_list("pk", flat=True)) == {one, third}  # the one that both others look like stays, else the one with a credit code
    assert Enterprise.objects.get(pk=one).uscc == credit_code(7)
    page = text(client.get(reverse("pairs")))
    assert "整批拆开" in page and page.count("/firms/pairs/split/") == 1
    assert client.post(reverse("pairs_merge_together"), form).status_code == 409
    assert client.post(reverse("pairs_split", args=[merges()[0].batch.pk])).status_code == 302
    assert {t: rows for t, rows in register().items() if t != "kept_apart"} == {t: rows for t, rows in before.items() if t != "kept_apart"}


def test_what_cannot_be_merged_is_told_before(client, people, chosen):
    one, two, third, nearly, again = chosen
    page = text(client.get(reverse("pairs_together"), {"pair": [f"{two}-{third}", f"{third}-{nearly}"]}))
    assert "所选的都不能合并" in page and "没有列为疑似重复" in page and 'name="group"' not in page
    for odd in ({}, {"pair": "x"}, {"pair": f"{one}-"}, {"pair": f"{one}-{one}"}):
        assert client.get(reverse("pairs_together"), odd).status_code == 400, odd
        assert client.post(reverse("pairs_merge_together"), {"group": odd.get("pair", "")}).status_code in (400, 409), odd
    assert client.get(reverse("pairs_together"), {"pair": f"{one}-{10**17}"}).status_code == 404
    reader = kit.signed_in(people["reader"])
    assert 'name="pair"' not in text(reader.get(reverse("pairs"))) and reader.get(reverse("pairs_together"), {"pair": f"{one}-{two}"}).status_code == 403
    assert Enterprise.objects.count() == 5
