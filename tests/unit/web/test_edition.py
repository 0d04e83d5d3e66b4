"""Editions: making a formal one with care, looking at an old one, and what changed between two."""

from datetime import date
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


def groups(page) -> dict[str, list[str]]:
    return {view.group.name: [item.line.sentence() for item in view.lines] for view in page.context["groups"]}


def test_comparison_names_firms_and_nodes_with_their_reasons(client, people, small):
    clear("placement")
    change("enterprise", address="新<地址>", size_class="small")
    create("enterprise", name="新来的<公司>", above_scale=True)
    after = freeze()
    page = client.get(reverse("edition_compare"), {"before": "1.0", "after": after.number})
    text, found = page.content.decode(), groups(page)
    assert page.status_code == 200 and "新来的&lt;公司&gt;" in text and "style=" not in text
    assert found["firms_entered"] == ["新来的<公司>：未入链，规上。"] and len(found["firms_moved"]) == 2
    node = next(line for line in found["nodes_changed"] if line.startswith("方形电芯"))
    assert "→ 缺失" in node and "入链减少 2 行：甲电池有限公司" in node
    for view in page.context["groups"]:
        assert all(item.url and client.get(item.url).status_code == 200 for item in view.lines)
    records = client.get(reverse("edition_compare_records"), {"before": "1.0", "after": after.number}).content.decode()
    assert "新&lt;地址&gt;" in records and "中型" in records and "小型" in records
    turned = client.get(reverse("edition_compare"), {"before": after.number, "after": "1.0", "chain": "nev_battery"})
    assert turned.status_code == 302 and "before=1.0" in turned.url and "chain=nev_battery" in turned.url


def test_since_the_last_meeting_needs_no_numbers(client, small):
    assert client.get(reverse("edition_compare")).status_code == 400
    clear("placement")
    freeze()
    page = client.get(reverse("edition_compare"))
    assert "自上次会议以来" in page.content.decode() and page.context["before"].number == "1.0"
    assert client.get(reverse("edition_compare"), {"chain": "nowhere"}).status_code == 404
    english = client.get(reverse("edition_compare"), headers={"Accept-Language": "en"}, **{"HTTP_COOKIE": f"sessionid={client.cookies['sessionid'].value}; django_language=en"}).content.decode()
    assert "Since the last meeting" in english and "Prismatic cell" in english


def test_head_figures_lead_to_both_passports(client, small):
    clear("placement")
    after = freeze()
    page = client.get(reverse("edition_compare"))
    cell = next(c for _, cells in page.context["head"] for c in cells if c.change and c.change.column.name == "firms")
    assert (cell.before, cell.after) == ("2", "0") and "edition=1.0" in cell.before_why and f"edition={after.number}" in cell.after_why
    assert client.get(cell.before_why).status_code == client.get(cell.after_why).status_code == 200


def test_an_edition_is_found_by_its_day(client, small):
    freeze(number="2.0", as_of=date(2030, 1, 31), approver="链长")
    assert client.get(reverse("edition_as_of"), {"day": "2030-02-01"}).url == reverse("edition", args=["2.0"])
    assert client.get(reverse("edition_as_of"), {"day": "2030-01-30"}).url == reverse("edition", args=["1.0"])
    assert "1999-01-01 及以前没有版次" in client.get(reverse("edition_as_of"), {"day": "1999-01-01"}).content.decode()
    assert client.get(reverse("edition_as_of"), {"day": "昨天"}).status_code == 400


def test_the_page_of_an_edition_says_who_approved_it(client, small):
    text = client.get(reverse("edition", args=["1.0"])).content.decode()
    manifest = open_edition("1.0").manifest
    assert "正式版次 1.0" in text and manifest.content in text and "链长" in text and manifest.as_of in text


def test_comparison_hides_confidential_columns(people, small):
    change("annual_figure", output=Decimal(77777))
    after = freeze()
    address = f"?before=1.0&after={after.number}"
    assert "77,777" in signed_in(people["editor"]).get(reverse("edition_compare_records") + address).content.decode()
    for page in ("edition_compare_records", "edition_compare"):
        assert "77,777" not in signed_in(people["outsider"]).get(reverse(page) + address).content.decode()


def test_equal_editions_say_so(client, small):
    other = freeze()
    assert "完全相同" in client.get(reverse("edition_compare"), {"before": "1.0", "after": other.number}).content.decode()
    assert client.get(reverse("edition_compare"), {"before": "1.0"}).status_code == 200
    assert client.get(reverse("edition", args=["1.0"])).status_code == 200
    assert client.get(reverse("edition", args=["9.9"])).status_code == 404


def test_every_page_shows_the_chosen_edition(client, small):
    """With an old edition chosen, no page that shows figures names the newest one or shows its figures."""
    from liantu.enterprises.models import Enterprise
    from liantu.kernel.output import outputs

    firm = Enterprise.objects.order_by("id").first().pk
    clear("placement")
    newest = freeze().number
    client.post(reverse("edition_open"), {"number": "1.0"})
    pages = [reverse("home"), reverse("chain_maps"), reverse("chain_map", args=["nev_battery"]), reverse("node", args=["nev_battery", "nev_battery/prismatic_cell"]), reverse("firm_list"),
             reverse("dossier", args=[firm]), reverse("outputs"), reverse("set"), reverse("set") + "?chain=nev_battery", *(reverse("output", args=[name]) for name in outputs())]
    for address in pages:
        page = client.get(address, follow=True)
        text = page.content.decode()
        assert page.status_code == 200 and "正式版次 1.0" in text and newest not in text, address
    assert "甲电池有限公司" in client.get(pages[3]).content.decode()
    exported = client.get(reverse("export", args=["chain_map", "json"])).json()
    assert exported["edition"] == "1.0" and max(row["firms"] for row in exported["rows"]) == 2
