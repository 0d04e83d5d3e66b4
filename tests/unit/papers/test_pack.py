"""The pack as a folder: whole or not at all, nothing made twice, nobody's work lost."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.problems import UserError
from liantu.papers import pack as packs
from liantu.papers import pack_files
from liantu.papers.pack import Pack, make_pack, make_packs, since_of
from liantu.papers.pack_files import Item, Order
from liantu.papers.pack_zip import kept_zips, orders_of, zip_packs, zipped


@pytest.fixture
def two_files(monkeypatch) -> list[str]:
    """Packs of two small files; the list holds what was made, in order."""
    made: list[str] = []

    def item(name: str, order: Order) -> Item:
        def make() -> bytes:
            made.append(name)
            return f"{name} {order.title} {order.edition.number}".encode()

        return Item(name, "一个文件", make)

    monkeypatch.setattr(packs, "items", lambda order: [item("甲.txt", order), item("图/乙.svg", order)])
    return made


def names(pack: Pack) -> set[str]:
    return {p.relative_to(pack.folder).as_posix() for p in pack.folder.rglob("*") if p.is_file()}


def test_a_whole_pack_of_a_chain(editions, tmp_path):
    before, now = editions
    told = []
    pack = make_pack(now, "c", tmp_path / "out", tell=lambda done, total, what: told.append((done, total)))
    assert pack.folder.name == "电池链-2.0-内部资料"
    assert {"简报.docx", "调度会材料.docx", "汇报.pptx", "五清单.xlsx", "目录.txt"} <= names(pack)
    assert {"图/1-产业链图.svg", "图/1-产业链图.png"} <= names(pack)
    assert told[0][0] == 0 and told[-1][0] == told[-1][1] and [t[0] for t in told] == sorted(t[0] for t in told)
    assert all("没有做" in note and "图" in note for note in pack.notes), "only maps without any row are left out, and it is said"


def test_the_index_lists_each_file_with_its_sum(two_files, now: Edition, tmp_path):
    pack = make_pack(now, "c", tmp_path)
    text = (pack.folder / "目录.txt").read_text(encoding="utf-8-sig")
    sums = dict(reversed(line.split("  ")) for line in text.splitlines() if re.match(r"[0-9a-f]{64}  ", line))
    assert sums == {n: hashlib.sha256((pack.folder / n).read_bytes()).hexdigest() for n in names(pack) - {"目录.txt"}}
    assert "正式版次 2.0" in text and "内部资料" in text and "对比版次：正式版次 1.0" in text


def test_an_unchanged_pack_is_not_made_again(two_files, now: Edition, tmp_path):
    first = make_pack(now, "c", tmp_path)
    again = make_pack(now, "c", tmp_path)
    assert (first.made, first.unchanged) == (2, False) and (again.made, again.unchanged) == (0, True)
    assert two_files == ["甲.txt", "图/乙.svg"] and again.files == first.files


def test_files_are_kept_for_another_folder(two_files, now: Edition, tmp_path):
    make_pack(now, "c", tmp_path / "a")
    pack = make_pack(now, "c", tmp_path / "b")
    assert (pack.made, pack.unchanged) == (0, False) and len(names(pack)) == 3 and len(two_files) == 2


@pytest.mark.parametrize("other", [{"version": "public"}, {"language": "en"}, {"since": "none"}])
def test_another_version_language_or_comparison_is_another_pack(two_files, editions, tmp_path, other):
    before, now = editions
    make_pack(now, "c", tmp_path)
    make_pack(now, "c", tmp_path, **({"since": now} if "since" in other else other))
    assert len(two_files) == 4


def test_a_new_edition_is_made_anew(two_files, editions, tmp_path):
    for edition in editions:
        make_pack(edition, "c", tmp_path)
    assert len(two_files) == 4 and len(list(tmp_path.glob("电池链-*"))) == 2


def test_a_profile_of_the_sites_own_changes_the_key(two_files, now: Edition, site, tmp_path):
    make_pack(now, "c", tmp_path / "out")
    (site / "profile.yaml").write_text("code: own\nzh: 本区\ntitle_of_set: 四图五清单\n", encoding="utf-8")
    assert not make_pack(now, "c", tmp_path / "out").unchanged


def test_what_people_changed_in_a_pack_is_set_aside_not_lost(two_files, now: Edition, tmp_path):
    first = make_pack(now, "c", tmp_path)
    (first.folder / "甲.txt").write_text("领导改过的话", encoding="utf-8")
    again = make_pack(now, "c", tmp_path)
    aside = first.folder.with_name(first.folder.name + "-改过1")
    assert (aside / "甲.txt").read_text(encoding="utf-8") == "领导改过的话" and (again.folder / "甲.txt").read_bytes().startswith("甲.txt".encode())
    assert "改过" in again.notes[0]


def test_a_deleted_file_comes_back(two_files, now: Edition, tmp_path):
    pack = make_pack(now, "c", tmp_path)
    (pack.folder / "甲.txt").unlink()
    assert "甲.txt" in names(make_pack(now, "c", tmp_path))


def test_a_pack_is_never_half_there(monkeypatch, two_files, editions, tmp_path):
    before, now = editions
    old = make_pack(now, "c", tmp_path)
    held = {n: (old.folder / n).read_bytes() for n in names(old)}

    def broken() -> bytes:
        raise RuntimeError("no paper left")

    monkeypatch.setattr(packs, "items", lambda order: [Item("甲.txt", "", lambda: b"new"), Item("乙.txt", "", broken)])
    monkeypatch.setattr(packs, "_unchanged", lambda order, target: None)
    with pytest.raises(RuntimeError):
        make_pack(now, "c", tmp_path)
    assert {n: (old.folder / n).read_bytes() for n in names(old)} == held and [p.name for p in tmp_path.iterdir() if p.is_dir() and p != folder("cache")
                                                                              and p.name.startswith(".")] == []


def test_a_file_that_is_open_in_office_stops_it_with_words(two_files, editions, tmp_path):
    before, now = editions
    pack = make_pack(now, "c", tmp_path)
    (pack.folder / "~$五清单.xlsx").write_bytes(b"")
    with pytest.raises(UserError) as refused:
        make_pack(now, "c", tmp_path, language="zh", since=now)
    assert refused.value.code == "file-open" and "五清单.xlsx" in str(refused.value)


def test_a_folder_that_cannot_be_replaced_leaves_the_old_pack(monkeypatch, two_files, editions, tmp_path):
    before, now = editions
    pack = make_pack(now, "c", tmp_path)
    real = packs.os.replace

    def locked(source, target):
        if Path(target) == pack.folder and Path(source).name != "old":
            raise PermissionError(13, "in use")
        return real(source, target)

    monkeypatch.setattr(packs.os, "replace", locked)
    with pytest.raises(UserError) as refused:
        make_pack(now, "c", tmp_path, since=now)
    assert refused.value.code == "file-open" and "甲.txt" in names(pack)


def test_a_place_that_cannot_be_written_is_said(two_files, now: Edition, tmp_path):
    (tmp_path / "a-file").write_text("")
    with pytest.raises(UserError) as refused:
        make_pack(now, "c", tmp_path / "a-file" / "out")
    assert refused.value.code == "not-writable"


def test_an_unknown_chain_is_answered_with_those_that_exist(now: Edition, tmp_path):
    with pytest.raises(UserError) as refused:
        make_pack(now, "nothing", tmp_path)
    assert refused.value.code == "unknown-chain" and "c（电池链）" in refused.value.hint


def test_all_chains_and_the_book_of_all(two_files, now: Edition, tmp_path):
    told = []
    made = make_packs(now, tmp_path, tell=lambda done, total, what: told.append((done, total)))
    assert [p.folder.name.split("-")[0] for p in made] == ["电池链", "文旅链", "总册"] and told[-1] == (300, 300) and told == sorted(told)


def test_what_is_in_a_pack(now: Edition):
    whole, public = ({i.name for i in pack_files.items(Order(now, "c", None, version))} for version in ("internal", "public"))
    assert "调度会材料.docx" in whole and "调度会材料.docx" not in public
    book = {i.name for i in pack_files.items(Order(now, None, None, "internal", "en"))}
    assert book == {"Meeting.docx", "Lists.xlsx", "maps/All chains.svg", "maps/All chains.png"}
    printed = {i.name for i in pack_files.items(Order(now, "c", None, "internal", "zh", True))}
    assert {"图册.pdf", "清单册.pdf", "图/1-产业链图-A3.pdf", "图/1-产业链图-A0.pdf"} <= printed


def test_without_the_pdf_tools_the_rest_is_made_and_it_is_said(monkeypatch, two_files, now: Edition, tmp_path):
    from liantu.papers import atlas

    monkeypatch.setattr(atlas, "find_spec", lambda name: None)
    pack = make_pack(now, "c", tmp_path, pdf=True)
    assert len(pack.files) == 2 and "liantu[pdf]" in pack.notes[0]


def test_compared_with_the_formal_edition_before(editions):
    before, now = editions
    found = since_of(now)
    assert found is not None and found.number == "1.0" and since_of(before) is None and since_of(now, now) is None


def test_a_zip_is_made_once_and_kept_by_content(two_files, now: Edition):
    orders = orders_of(now, ["c", "d"], version="internal", since=None, language="zh", pdf=False)
    first, again = zip_packs(orders), zip_packs(orders)
    assert first == again == zipped(first.key) and len(two_files) == 4 and [z.key for z in kept_zips()] == [first.key]
    assert [n for n, *_ in first.files] == [f"{c}-2.0-内部资料/{n}" for c in ("电池链", "文旅链") for n in ("甲.txt", "图/乙.svg")]


def test_names_are_safe_on_every_file_system():
    assert pack_files.safe('新材料/有色:"链"?.') == "新材料_有色__链__"
