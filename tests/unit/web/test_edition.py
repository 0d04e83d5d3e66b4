"""Editions: making a formal one with care, looking at an old one, and what changed between two."""

from decimal import Decimal

import pytest
from django.urls import reverse

from liantu.kernel.edition import freeze, list_editions, open_edition
from liantu.web.current import SESSION_KEY
from tests.unit.web.kit import change, clear, create, signed_in

ASKED = {"number": "2026-2.0", "as_of": "2026-10-31", "approver": "张链长", "note": "十月"}


def test_formal_edition_is_confirmed_before_it_is_made(client, small):
    page = client.post(reverse("edition_new"), ASKED)
    assert "确认定版" in page.content.decode() and len(list_editions()) == 1
    client.post(reverse("edition_new"), ASKED | {"confirm": "1"})
    made = open_edition("2026-2.0").manifest
    assert (made.approver, made.as_of, made.note, made.kind) == ("张链长", "2026-10-31", "十月", "formal")
    again = client.post(reverse("edition_new"), ASKED | {"confirm": "1"})
    assert again.status_code == 400 and "edition-exists" in again.content.decode()


@pytest.mark.parametrize("change", [{"number": ""}, {"number": "../x"}, {"number": "W000001"}, {"number": "a" * 50}, {"approver": ""}, {"as_of": "昨天"}, {"note": "长" * 201}])
def test_odd_requests_are_refused(client, small, change):
    assert client.post(reverse("edition_new"), ASKED | {"confirm": "1"} | change).status_code == 400
    assert len(list_editions()) == 1


def test_readers_make_no_editions(people, small):
    assert signed_in(people["reader"]).post(reverse("edition_new"), ASKED | {"confirm": "1"}).status_code == 403
    assert len(list_editions()) == 1


def test_old_edition_is_shown_until_the_visitor_goes_back(client, small):
    clear("placement")
    freeze()
    why = reverse("why", args=["chain_map", "nev_battery/prismatic_cell", "firms"])
    assert "工作版次" in client.get(why).content.decode()
    client.post(reverse("edition_open"), {"number": "1.0"})
    assert client.session[SESSION_KEY] == "1.0"
    assert "正式版次 1.0" in client.get(why).content.decode()
    assert "正在查看历史版次" in client.get(reverse("editions")).content.decode()
    client.post(reverse("edition_leave"))
    assert SESSION_KEY not in client.session
    assert client.post(reverse("edition_open"), {"number": "../x.json"}).status_code == 404


def test_comparison_names_firms_columns_and_nodes_with_their_reasons(client, people, small):
    clear("placement")
    change("enterprise", address="新<地址>", size_class="small")
    create("enterprise", name="新来的公司")
    after = freeze()
    page = client.get(reverse("edition_compare"), {"before": "1.0", "after": after.number})
    text = page.content.decode()
    assert page.status_code == 200 and "新来的公司" in text and "新&lt;地址&gt;" in text and "中型" in text and "小型" in text
    node = next(n for n in page.context["nodes"] if n.node == "方形电芯")
    assert node.after == "missing" and any("入链减少 2 行" in r and "甲电池有限公司" in r for r in node.reasons)
    turned = client.get(reverse("edition_compare"), {"before": after.number, "after": "1.0"})
    assert turned.status_code == 302 and "before=1.0" in turned.url


def test_comparison_hides_confidential_columns(people, small):
    change("annual_figure", output=Decimal(77777))
    after = freeze()
    address = reverse("edition_compare") + f"?before=1.0&after={after.number}"
    assert "77,777" in signed_in(people["editor"]).get(address).content.decode()
    assert "77,777" not in signed_in(people["outsider"]).get(address).content.decode()


def test_equal_editions_say_so(client, small):
    other = freeze()
    assert "完全相同" in client.get(reverse("edition_compare"), {"before": "1.0", "after": other.number}).content.decode()
    assert client.get(reverse("edition_compare"), {"before": "1.0"}).status_code == 400
    assert client.get(reverse("edition", args=["1.0"])).status_code == 200
    assert client.get(reverse("edition", args=["9.9"])).status_code == 404
