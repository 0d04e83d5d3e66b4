"""Figures read back out of finished papers, and papers proved against their edition; forged numbers are found."""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path

import openpyxl
import pytest

from liantu.kernel.problems import UserError
from liantu.papers.book import set_workbook
from liantu.papers.brief import brief
from liantu.papers.deck import to_deck
from liantu.papers.docx import to_docx
from liantu.papers.read_back import FIGURE_ID, figures_in, read_back
from liantu.papers.verify import verify


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return {}


@pytest.fixture
def papers(editions, made, tmp_path) -> dict[str, Path]:
    """The three kinds of paper as files of this test's own; made once, for the editions are the same each time."""
    before, now = editions
    if not made:
        made |= {"deck.pptx": to_deck(now, "c", since=before), "book.xlsx": set_workbook(now, "c"), "brief.docx": to_docx(brief(now, "c", since=before), edition=now)}
    for name, data in made.items():
        (tmp_path / name).write_bytes(data)
    return {name.split(".")[1]: tmp_path / name for name in made}


def forged(path: Path, member: str, old: str, new: str) -> Path:
    """A copy of an Office file in whose part some text is another."""
    target = path.with_stem(path.stem + "-forged")
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as out:
        for name in source.namelist():
            data = source.read(name)
            if re.fullmatch(member, name):
                assert old.encode() in data, (name, old)
                data = data.replace(old.encode(), new.encode(), 1)
            out.writestr(name, data)
    return target


@pytest.mark.parametrize(("kind", "least"), [("docx", 5), ("pptx", 40), ("xlsx", 60)])
def test_a_paper_that_nobody_touched_holds(papers, kind, least):
    proof = verify(papers[kind])
    assert proof.holds and proof.count("agrees") >= least, [c for c in proof.checked if c.state in ("differs", "unknown")]


@pytest.mark.parametrize("kind", ["docx", "pptx", "xlsx"])
def test_each_figure_has_an_id(papers, kind):
    found = figures_in(papers[kind])
    assert found and all(FIGURE_ID.fullmatch(code) for code, _ in found)


def test_a_forged_number_in_a_sheet_is_found(papers):
    book = openpyxl.load_workbook(papers["xlsx"])
    page = book["重点企业清单"]
    head = [c.value for c in page[4]]
    cell = page.cell(5, head.index("工业总产值（万元）") + 1)
    cell.value += 0.01
    book.save(papers["xlsx"])
    wrong = [c for c in verify(papers["xlsx"]).checked if c.state == "differs"]
    assert len(wrong) == 1 and "工业总产值" in wrong[0].label


def test_a_number_wiped_out_of_a_sheet_is_found(papers):
    book = openpyxl.load_workbook(papers["xlsx"])
    page = book["重点企业清单"]
    page.cell(5, [c.value for c in page[4]].index("工业总产值（万元）") + 1).value = None
    book.save(papers["xlsx"])
    assert verify(papers["xlsx"]).count("differs") == 1


def test_a_forged_number_on_a_slide_is_found(papers):
    path = forged(papers["pptx"], r"ppt/slides/slide3\.xml", ">5家<", ">6家<")
    wrong = [c for c in verify(path).checked if c.state == "differs"]
    assert [(c.printed.text, c.expected) for c in wrong] == [("6家", "5家")]


def test_a_forged_number_in_a_word_paper_is_found(papers):
    control = next(f for f in read_back(papers["docx"]).figures if re.fullmatch(r"\d+家", f.text))
    changed = f"{int(control.text[:-1]) + 1}家"
    path = forged(papers["docx"], r"word/document\.xml", f">{control.text}<", f">{changed}<")
    assert [c.printed.text for c in verify(path).checked if c.state == "differs"] == [changed]


def test_an_id_that_no_edition_holds_is_unknown(papers):
    code = next(f.id for f in read_back(papers["docx"]).figures).split(".")[0]
    path = forged(papers["docx"], r"word/document\.xml", code, "PFFFFFFFFFFF")
    assert verify(path).count("unknown") >= 1 and not verify(path).holds


def test_a_paper_is_proved_against_the_edition_asked_for(papers, editions):
    before, _ = editions
    assert not verify(papers["xlsx"], edition=before).holds


@pytest.mark.parametrize(("name", "data", "code"), [("a.pdf", b"", "unknown-format"), ("a.docx", b"no zip", "unreadable-file"), ("a.svg", b"<svg", "unreadable-file"), ("a.xlsx", b"", "unreadable-file")])
def test_what_cannot_be_read_is_said(tmp_path, name, data, code):
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UserError) as refused:
        read_back(tmp_path / name)
    assert refused.value.code == code


def test_a_drawing_names_the_rows_it_shows(now, tmp_path):
    from liantu.drawing.of_output import picture
    from liantu.kernel.output import run

    (tmp_path / "map.svg").write_bytes(picture(run("region_map", now), "c", "svg")) if run("region_map", now).frame.height else pytest.skip("no park")
    assert all(FIGURE_ID.fullmatch(code) for code, _ in figures_in(tmp_path / "map.svg"))


def test_entities_of_a_hostile_file_are_not_resolved(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("P0123456789AB")
    (tmp_path / "x.svg").write_text(f'<!DOCTYPE svg [<!ENTITY e SYSTEM "{secret}">]><svg xmlns="http://www.w3.org/2000/svg"><g data-passport="P0123456789A"><text>&e;</text></g></svg>')
    assert io.StringIO(str(figures_in(tmp_path / "x.svg"))).read().count("P0123456789AB") == 0
