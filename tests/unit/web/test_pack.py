"""Packs on the page: nobody gets a version above his right, and what was made is kept."""

from __future__ import annotations

import io
import time
import zipfile

import pytest
from django.urls import reverse

from liantu.papers import pack as packs
from liantu.papers.pack_files import Item
from liantu.web import jobs
from tests.unit.web import kit


@pytest.fixture
def quick(monkeypatch):
    """Packs of one small file; the list holds what was made."""
    made: list[str] = []

    def items(order):
        def make() -> bytes:
            made.append(order.title)
            return order.title.encode()

        return [Item("甲.txt", "一个文件", make)]

    monkeypatch.setattr(packs, "items", items)
    return made


def order(client, **said):
    return client.post(reverse("pack"), {"chain": [kit.CHAIN], "edition": "1.0", "version": "department", "language": "zh", **said})


def done(client, url: str):
    """The page of a pack when it is finished."""
    for _ in range(200):
        answer = client.get(url)
        if answer.status_code == 200:
            return answer
        time.sleep(0.05)
    raise AssertionError("the pack was never finished")


def test_the_form_offers_what_the_person_may_have(small, people, client):
    assert 'value="internal"' in client.get(reverse("pack")).content.decode()
    page = kit.signed_in(people["outsider"]).get(reverse("pack")).content.decode()
    assert 'value="internal"' not in page and 'value="department"' in page and 'value="public"' in page and "您的账号不能做" in page


@pytest.mark.django_db(transaction=True)
def test_it_is_made_shown_and_taken_as_a_zip(small, client, quick):
    answer = order(client)
    assert answer.status_code == 302
    page = done(client, answer.url).content.decode()
    assert "甲.txt" in page and "部门版" in page
    key = answer.url.split("/")[3]
    taken = client.get(reverse("pack_zip", args=[key]))
    with zipfile.ZipFile(io.BytesIO(b"".join(taken.streaming_content))) as packed:
        assert [n.split("/")[-1] for n in packed.namelist()] == ["甲.txt", "目录.txt"]
    assert "attachment" in taken["Content-Disposition"] and taken["Content-Type"] == "application/zip"


@pytest.mark.django_db(transaction=True)
def test_the_same_order_is_made_once(small, client, quick):
    first = order(client)
    done(client, first.url)
    again = order(client)
    assert again.url == first.url and client.get(again.url).status_code == 200 and len(quick) == 1
    assert first.url in client.get(reverse("pack")).content.decode()


def test_a_version_above_ones_right_is_refused(small, people, quick):
    for name in ("outsider", "reader"):
        answer = order(kit.signed_in(people[name]), version="internal")
        assert answer.status_code == 409 and "version-above-right" in answer.content.decode() and quick == []


@pytest.mark.django_db(transaction=True)
def test_an_internal_pack_is_neither_shown_nor_given_to_others(small, people, client, quick):
    url = order(client, version="internal").url
    done(client, url)
    key, outsider = url.split("/")[3], kit.signed_in(people["outsider"])
    assert outsider.get(url).status_code == 409 and outsider.get(reverse("pack_zip", args=[key])).status_code == 409
    assert url not in outsider.get(reverse("pack")).content.decode()


@pytest.mark.parametrize(("said", "code"), [({"chain": []}, "needs-chain"), ({"chain": ["nothing"]}, "unknown-chain"), ({"edition": "9.9"}, "unknown-edition"), ({"edition": "../x"}, "unknown-edition"),
                                            ({"since": "../x"}, "unknown-edition"), ({"version": "secret"}, "version-above-right")])
def test_a_wrong_order_is_answered_in_words(small, client, quick, said, code):
    answer = order(client, **said)
    assert answer.status_code in (400, 404, 409) and code in answer.content.decode()


def test_a_key_that_nobody_made_is_not_found(small, client):
    for name in ("pack_made", "pack_zip"):
        assert client.get(reverse(name, args=["0" * 24])).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_a_failure_is_told_and_may_be_tried_again(monkeypatch, small, client, quick):
    real = packs.items

    def broken(chosen):
        raise RuntimeError

    monkeypatch.setattr(packs, "items", broken)
    url = order(client).url
    assert "没有做成" in done(client, url).content.decode()
    monkeypatch.setattr(packs, "items", real)
    order(client)
    assert "甲.txt" in done(client, url).content.decode()


def test_how_far_it_is(small, client, quick):
    jobs._save("pack-" + "a" * 24, state="running", title="正在做成套材料", done=50, total=200, since=time.time() - 5)
    url = reverse("pack_made", args=["a" * 24])
    assert client.get(url).status_code == 202
    told = client.get(reverse("pack_progress", args=["a" * 24])).json()
    assert (told["state"], told["done"], told["total"]) == ("running", 50, 200) and 10 <= told["left"] <= 20


def test_visitors_must_sign_in(small):
    from django.test import Client

    assert Client().get(reverse("pack")).status_code == 302
