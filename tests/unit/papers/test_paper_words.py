"""Masthead, office and recipients: the package's words, and a site's own in their place."""

from __future__ import annotations

from datetime import date

import pytest

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from liantu.kernel.problems import UserError
from liantu.papers.paper_words import day_words, district, paper_words
from tests.unit.maps_and_lists.district import District


def of_regions(*rows: tuple[str, str, int | None]) -> Edition:
    made = District()
    for code, name, parent in rows:
        made.put("region", code=code, name=name, parent=parent)
    return made.edition(folder("editions"), "r")


def test_the_district_is_named(site):
    edition = of_regions(("369900", "澄岚市", None), ("369901", "云澜区", 1))
    assert district(edition) == "云澜区"
    assert paper_words("brief", edition).issuer == "云澜区链长制办公室" and paper_words("brief", edition).issue == "2026年第　　期"


def test_two_districts_or_none_name_nobody(site):
    assert district(of_regions(("369901", "甲区", None), ("369902", "乙区", None))) == ""


def test_without_a_region_the_office_stands_without_a_name(now: Edition):
    assert paper_words("meeting", now).issuer == "链长制办公室"
    assert paper_words("meeting", now, "en").issuer == "Office of the Chain Chief System"


def test_a_site_replaces_what_it_names_and_keeps_the_rest(site, now: Edition):
    (site / "papers.yaml").write_text("zh:\n  issuer: 云澜区工业强区办\n  brief: {masthead: 工业强区简报, sent_to: 各单位}\n", encoding="utf-8")
    words = paper_words("brief", now)
    assert (words.masthead, words.issuer, words.reported_to, words.sent_to) == ("工业强区简报", "云澜区工业强区办", ("区委、区政府领导",), ("各单位",))


@pytest.mark.parametrize("text", ["zh: [", "- 一\n- 二\n", "zh: {issuer: '{region}办'}"])
def test_a_broken_file_is_told(site, now: Edition, text: str):
    (site / "papers.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match="papers.yaml"):
        paper_words("brief", now)


def test_days():
    assert day_words(date(2026, 3, 1)) == "2026年3月1日" and day_words(date(2026, 3, 1), "en") == "1 March 2026"
