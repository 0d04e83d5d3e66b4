"""The lists of a chain as one workbook: a sheet of contents, one sheet per list of the profile, one sheet of explanations."""

from __future__ import annotations

from typing import Any

from liantu.kernel.columns import Column
from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version
from liantu.kernel.profile import Part, Profile, part_columns, part_result, profile
from liantu.papers.cells import HIDDEN_NOTE, version_word
from liantu.papers.chain import Chain, chain_of
from liantu.papers.parts import list_parts
from liantu.papers.tints import tints
from liantu.papers.xlsx import ABOUT, made_book, sheet_name, write_about
from liantu.papers.xlsx_sheet import LINE, Sheet, Styles, lines_of, write_sheet

CONTENT_WIDTHS = (7, 26, 11, 46, 70)
CONTENTS = {"zh": "目录", "en": "Contents"}


def list_sheets(edition: Edition, chain: str | None, *, version: Version = "internal", language: str = "zh") -> list[Sheet]:
    """The profile's lists on one chain (or all chains), each as a sheet. A list that this version may not show is left out."""
    chosen = profile()
    found = (_sheet(chosen, part, edition, chain, version, language) for part in list_parts(version))
    return [sheet for sheet in found if sheet is not None]


def _sheet(chosen: Profile, part: Part, edition: Edition, chain: str | None, version: Version, language: str) -> Sheet | None:
    result = part_result(part, edition, chain, version)
    columns = part_columns(part, result)
    if not columns:
        return None
    title = part.title if language == "zh" else part.title_en
    where = dict(part.where) | ({"chain_code": chain} if chain else {})
    return Sheet(sheet_name(title), title, result, columns, where, _aside(result, columns), tints(chosen, part.output, language))


def _aside(result: Result, columns: tuple[Column, ...]) -> frozenset[str]:
    """Columns that stand hidden: codes for machines, and the chain's name where all rows have the same."""
    same = {"chain_name"} if result.frame.height and result.frame["chain_name"].n_unique() == 1 else set()
    return frozenset(c.name for c in columns if c.name in same or c.name.endswith("_code") and c.name != "industry_code")


def set_workbook(edition: Edition, chain: str | None, *, version: Version = "internal", language: str = "zh") -> bytes:
    """The five lists (or as many as the profile has) as xlsx; ``chain`` None takes all chains."""
    sheets, zh = list_sheets(edition, chain, version=version, language=language), language == "zh"
    named = chain_of(edition, chain) if chain else None
    title = f"{named.title(language) if named else ('全部产业链' if zh else 'All chains')}{'清单册' if zh else ': lists'}"
    contents = CONTENTS["zh" if zh else "en"]

    def write(book: Any, styles: Styles) -> None:
        _contents(book, styles, sheets, edition, title, named, version, language)
        for sheet in sheets:
            write_sheet(book, styles, sheet, language, back=contents)
        write_about(book, styles, sheets, language)

    return made_book(write, title=title)


def _contents(book: Any, styles: Styles, sheets: list[Sheet], edition: Edition, title: str, chain: Chain | None, version: str, language: str) -> None:
    zh = language == "zh"
    page = book.add_worksheet(CONTENTS["zh" if zh else "en"])
    page.hide_gridlines(2)
    for at, width in enumerate(CONTENT_WIDTHS):
        page.set_column(at, at, width)
    page.merge_range(0, 0, 0, 4, title, styles.of(bold=True, font_size=18, align="center"))
    page.set_row(0, 36)
    told = [edition.label(language), version_word(version, language)]
    if chain and chain.chief:
        told.append(f"{'链长：' if zh else 'Chief: '}{chain.chief}")
    if any(s.result.hidden for s in sheets):
        told.append(HIDDEN_NOTE["zh" if zh else "en"])
    page.merge_range(1, 0, 1, 4, "　".join(told), styles.of(font_size=9, font_color="#5B6773", align="center"))
    for at, text in enumerate(("序号", "清单", "行数", "版次", "说明") if zh else ("No.", "List", "Rows", "Edition", "What it tells")):
        page.write_string(3, at, text, styles.head())
    page.set_row(3, 24)
    link, cell, count = styles.of(border=1, border_color="#D5DCE3", font_color="#14568C", underline=1), styles.cell("text"), styles.cell("integer")
    for row, sheet in enumerate(sheets, 4):
        page.write_number(row, 0, row - 3, count)
        page.write_url(row, 1, f"internal:'{sheet.name}'!A1", link, sheet.title)
        page.write_number(row, 2, sheet.result.frame.height, count)
        page.write_string(row, 3, edition.label(language), cell)
        tells = sheet.result.output.tells(language).split("\n\n", 1)[0]
        page.write_string(row, 4, tells, cell)
        page.set_row(row, LINE * lines_of(tells, CONTENT_WIDTHS[-1]) + 6)
    end = 4 + len(sheets)
    page.write_url(end + 1, 1, f"internal:'{ABOUT['zh' if zh else 'en']}'!A1", styles.of(font_color="#14568C", underline=1), ABOUT["zh" if zh else "en"])
    page.write_string(end + 1, 4, "每个清单每行末列是凭证号，可回到来源单元格；灯色和状态同时写明文字。" if zh
                      else "Each row ends with its passport id, which leads back to the source cells; lamps and statuses are also told in words.", styles.of(font_color="#5B6773", font_size=9))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
