"""Where the header stands: title rows above, one to four header rows with merged cells, data below, notes at the end."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

from liantu.kernel.header_words import SERIAL, normal_header, plain
from liantu.kernel.sheets import CellValue, SheetGrid, cell_name
from liantu.kernel.values import cell_text

LOOK_ROWS = 40
MAX_COLUMNS = 400
MAX_BLOCK = 4
_NOTE = re.compile(r"^\s*[*※]?\s*(?:附?注\s*(?:[:：]|\d\s*[.、:：]|\s|$)|(?:备注|说明|填表说明|注释|资料来源|数据来源|来源|"
                   r"填表人?|制表人?|填报人|审核人?|复核人?|经办人|"
                   r"单位负责人|统计负责人|负责人|联系人|联系电话|填报单位|"
                   r"填报日期|报出日期|制表日期|打印日期|导出时间|报送单位)\s*[:：]|(?:本表|以上数据|此表|以上为).{4,})")
_COUNTER = re.compile(r"^[\(（]?(?:[甲乙丙丁戊己庚辛壬癸]|[A-Za-z]|\d{1,3})[\)）]?$")


def note_like(text: str) -> bool:
    """Whether a text begins like a note or a signature line below a table."""
    return bool(_NOTE.match(text))


class TopRows:
    """The first rows of a sheet with merged ranges filled, for looking for headers."""

    def __init__(self, sheet: SheetGrid) -> None:
        self.sheet = sheet
        self.rows: list[list[CellValue]] = [list(row[:MAX_COLUMNS]) for row in sheet.rows[: LOOK_ROWS + MAX_BLOCK]]
        self.width = max((len(row) for row in self.rows), default=0)
        for row in self.rows:
            row.extend([None] * (self.width - len(row)))
        self.spans = [m for m in sheet.merged if m[0] < len(self.rows) and m[1] < self.width]
        self.wide: set[int] = set()
        for r0, c0, r1, c1 in self.spans:
            value = self.rows[r0][c0]
            for r in range(r0, min(r1 + 1, len(self.rows))):
                self.rows[r][c0:min(c1 + 1, self.width)] = [value] * (min(c1 + 1, self.width) - c0)
        self.blank = [sum(1 for c in row if c not in (None, "")) for row in self.rows]

    def distinct(self, r: int) -> int:
        """How many different contents a row has: a merged title has one."""
        return len({c for c in self.rows[r] if c not in (None, "")})

    def header_like(self, r: int) -> bool:
        """Mostly short texts; years and small numbers are allowed."""
        cells = [c for c in self.rows[r] if c not in (None, "")]
        if not cells or self.distinct(r) < 1:
            return False
        good = sum(1 for c in cells if self._label(c))
        return good >= 0.85 * len(cells)

    @staticmethod
    def _label(cell: Any) -> bool:
        if isinstance(cell, str):
            text = plain(cell)
            return len(text) <= 40 and not re.fullmatch(r"[\d.,%+\-]+", text) and not re.fullmatch(r"[0-9a-z]{18}", text)
        if isinstance(cell, date):
            return cell.day == 1
        return isinstance(cell, (int, float)) and not isinstance(cell, bool) and (cell in range(1, 13) or cell in range(1990, 2061))

    def inside_merge(self, r: int) -> bool:
        """Whether a merged cell of the rows above reaches into this row: then the header began above."""
        return any(r0 < r <= r1 for r0, _, r1, _ in self.spans)

    def floor(self, start: int) -> int:
        """How many rows the header must have at least, from merges and from gaps that the next row fills."""
        rows = 1
        for r0, c0, r1, c1 in self.spans:
            if r0 == start and r1 - r0 < MAX_BLOCK and (c1 - c0 + 1) < max(2, self.width):
                rows = max(rows, r1 - r0 + 1)
                if c1 > c0 and r1 + 1 < len(self.rows) and self.header_like(r1 + 1) and len({self.rows[r1 + 1][c] for c in range(c0, min(c1 + 1, self.width))}) > 1:
                    rows = max(rows, r1 - r0 + 2)
        return max(rows, self._gap_floor(start))

    def _gap_floor(self, start: int) -> int:
        """Unmerged two-row headers: 企业名称, 营业收入, (blank) over (blank), 本月, 累计."""
        if start + 1 >= len(self.rows) or self.spans and any(m[0] == start for m in self.spans):
            return 1
        upper, lower = self.rows[start], self.rows[start + 1]
        filled = [c for c in range(self.width) if upper[c] not in (None, "")]
        if not filled or not self.header_like(start + 1):
            return 1
        gaps = [c for c in range(filled[0], self.width) if upper[c] in (None, "") and lower[c] not in (None, "")]
        free = [c for c in filled if lower[c] in (None, "")]
        return 2 if gaps and len(free) >= max(1, len(filled) // 3) else 1

    def parts(self, start: int, rows: int) -> list[list[str]]:
        """The header texts of each column from top to bottom, repeats dropped; a group's text reaches over its gaps."""
        answer: list[list[str]] = []
        for c in range(self.width):
            texts: list[str] = []
            for r in range(start, start + rows):
                text = self._text(r, c)
                if not text and r < start + rows - 1 and self._text(start + rows - 1, c):
                    text = self._group(r, c, start + rows - 1)
                if text and (not texts or plain(texts[-1]) != plain(text)):
                    texts.append(text)
            answer.append(texts)
        return answer

    def _text(self, r: int, c: int) -> str:
        cell = self.rows[r][c]
        if isinstance(cell, date):
            return f"{cell.year}年{cell.month}月"
        return cell_text(cell).strip()

    def _group(self, r: int, c: int, leaf: int) -> str:
        """The unmerged group header to the left, when the columns between have leaves too."""
        for left in range(c - 1, max(-1, c - 40), -1):
            if self._text(r, left):
                return self._text(r, left) if self._text(leaf, left) else ""
            if not self._text(leaf, left):
                return ""
        return ""

    def titles(self, start: int) -> list[tuple[str, str]]:
        """Texts above the header with their cells, each merged text once."""
        seen: set[str] = set()
        found = []
        for r in range(start):
            for c in range(self.width):
                text = self._text(r, c)
                if text and text not in seen:
                    seen.add(text)
                    found.append((cell_name(r, c), text))
        return found


def blocks(top: TopRows) -> Iterator[tuple[int, int]]:
    """Possible headers: (first row, number of rows)."""
    for start in range(min(LOOK_ROWS, len(top.rows))):
        if top.distinct(start) < 2 or not top.header_like(start) or top.inside_merge(start):
            continue
        least = min(top.floor(start), len(top.rows) - start)
        for rows in range(least, min(MAX_BLOCK, len(top.rows) - start) + 1):
            if rows > least and not top.header_like(start + rows - 1):
                break
            yield start, rows


def first_data_row(sheet: SheetGrid, after: int) -> tuple[int, list[int]]:
    """The first row of data after the header, past empty rows and the row that numbers the columns (甲 乙 1 2 3)."""
    skipped: list[int] = []
    r = after
    while r < len(sheet.rows):
        cells = [c for c in sheet.rows[r] if c not in (None, "")]
        if not cells or (len(cells) >= 3 and all(_COUNTER.match(cell_text(c)) for c in cells) and _counts_up(cells)):
            skipped += [r] if cells else []
            r += 1
            continue
        break
    return r, skipped


def _counts_up(cells: list[Any]) -> bool:
    numbers = [int(re.sub(r"\D", "", cell_text(c))) for c in cells if re.search(r"\d", cell_text(c))]
    return len(numbers) >= 2 and all(b - a == 1 for a, b in zip(numbers, numbers[1:], strict=False))


def last_data_row(sheet: SheetGrid, first: int, taken: list[int]) -> tuple[int, list[int]]:
    """The last row of data, with the rows of notes below it (which are not read)."""
    last, notes = len(sheet.rows) - 1, []
    while last >= first:
        row = sheet.rows[last]
        filled = [c for c, cell in enumerate(row) if cell not in (None, "")]
        if filled and not _is_note(row, filled, taken):
            break
        if filled:
            notes.append(last)
        last -= 1
    return last, notes[::-1]


def _is_note(row: list[CellValue], filled: list[int], taken: list[int]) -> bool:
    text = cell_text(row[filled[0]]).strip()
    if note_like(text) and len(filled) <= 6:
        return True
    if len(filled) > 1 or not isinstance(row[filled[0]], str):
        return False
    long = len(text) >= 12 and not re.search(r"(?:公司|厂|合作社|中心|集团|店|部)$", text)
    return long or bool(re.match(r"^[\d一二三四五六七八九]+[、.]\s*\S{4,}", text)) or (filled[0] not in taken and len(text) > 3 and normal_header(text) not in SERIAL
                                                                          and not re.fullmatch(r"[\d.]+", text))
