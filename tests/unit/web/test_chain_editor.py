"""The chain editor: refusals with their lines, preview before saving, copies, and the words of one node."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from liantu.chains.models import Chain, ChainNode, Placement
from liantu.chains.records import template_of_records
from liantu.chains.template import dump_template
from liantu.kernel.models import Batch
from tests.unit.web.kit import CHAIN, signed_in

EDIT = reverse("chain_edit", args=[CHAIN])


@pytest.fixture
def text(small):
    return dump_template(template_of_records(CHAIN))


def test_pages_open_and_the_yaml_is_sent(client, small, text):
    assert client.get(reverse("chain_editor")).status_code == 200 and client.get(EDIT).status_code == 200
    assert client.get(reverse("chain_yaml", args=[CHAIN])).content.decode() == text


def test_every_refusal_is_told_with_its_line_and_nothing_is_saved(client, small, text):
    before = Batch.objects.count()
    answer = client.post(EDIT, {"yaml": text.replace("weight: 3", "weight: 9", 1).replace("stage: up", "stage: upp", 1), "act": "save"})
    assert answer.status_code == 400 and len(answer.context["refusals"]) >= 2
    assert all(number and line for number, _, line in answer.context["refusals"][:2])
    assert Batch.objects.count() == before


def test_preview_draws_the_map_without_saving(client, small, text):
    before = Batch.objects.count()
    answer = client.post(EDIT, {"yaml": text.replace("zh: 方形电芯", "zh: 方壳大电芯"), "act": "preview"})
    page = answer.content.decode()
    assert "<svg" in page and "方壳大" in page and "style=" not in page and Batch.objects.count() == before


def test_saving_is_one_batch(client, small, text):
    client.post(EDIT, {"yaml": text.replace("zh: 方形电芯", "zh: 方壳大电芯").replace("\n", "\r\n"), "act": "save", "note": "改名"})
    assert ChainNode.objects.get(code=f"{CHAIN}/prismatic_cell").name == "方壳大电芯"
    assert Batch.objects.filter(kind="template").latest("pk").note == "改名"


def test_a_node_with_firms_is_not_removed(client, small, text):
    kept = text.split("\n")
    start = next(i for i, line in enumerate(kept) if "code: prismatic_cell" in line)
    end = next(i for i in range(start + 1, len(kept)) if kept[i].startswith("  - code:") or kept[i].startswith("links:"))
    cut = "\n".join(line for i, line in enumerate(kept) if not start <= i < end and "prismatic_cell" not in line)
    answer = client.post(EDIT, {"yaml": cut, "act": "save"})
    assert answer.status_code == 409 and "方形电芯（2 家）" in answer.content.decode()
    assert Placement.objects.filter(chain_node__code=f"{CHAIN}/prismatic_cell").count() == 2


def test_copy_and_upload_make_another_chain(client, small, text):
    copy = client.get(reverse("chain_new"), {"copy": CHAIN}).context["yaml"]
    answer = client.post(reverse("chain_new"), {"file": SimpleUploadedFile("c.yaml", copy.encode()), "act": "save"})
    assert answer.context["preview"] and not Chain.objects.filter(code=f"{CHAIN}_copy").exists()
    client.post(reverse("chain_new"), {"yaml": copy, "act": "save"})
    assert Chain.objects.filter(code=f"{CHAIN}_copy").exists()
    assert client.post(EDIT, {"yaml": copy, "act": "save"}).status_code == 400


def test_words_of_one_node(client, small):
    url = reverse("chain_node_edit", args=[CHAIN, "prismatic_cell"])
    found = template_of_records(CHAIN).node("prismatic_cell")
    data = {"zh": found.zh, "en": found.en, "weight": "4", "critical": "1", "synonyms": "方壳电池，新叫法", "products": "、".join(found.products), "excludes": "", "industry_codes": "3841"}
    assert client.post(url, data).status_code == 302
    assert template_of_records(CHAIN).node("prismatic_cell").synonyms == ("方壳电池", "新叫法")
    answer = client.post(url, data | {"industry_codes": "9999x"})
    assert answer.status_code == 400 and "9999x" in answer.content.decode()


@pytest.mark.parametrize("yaml", ["", "\x00", "a: &x [*x]", "code: [", "一" * 2000, "!!python/object:os.system x"])
def test_odd_text_is_refused_in_words(client, small, yaml):
    assert client.post(EDIT, {"yaml": yaml, "act": "save"}).status_code == 400


def test_readers_look_only(people, small):
    client = signed_in(people["reader"])
    assert client.get(EDIT).status_code == 200
    assert client.post(EDIT, {"yaml": "x", "act": "save"}).status_code == 403
    assert client.get(reverse("chain_edit", args=["no_such"])).status_code == 404
