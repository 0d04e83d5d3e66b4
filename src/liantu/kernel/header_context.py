"""What a sheet says once: year, month, township and unit in its title, its name or the file's name."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field

from liantu.kernel.columns import Column, Table
from liantu.kernel.units import parse_units

_PERIOD = re.compile(r"(?<![\dA-Za-z])((?:19|20)\d{2})\s*(?:年度?|[-./])?\s*"
                     r"(?:0?1\s*(?:月)?\s*[-~—–至到]\s*)?(0?[1-9]|1[0-2])(?!\d)\s*(月)?(?:份|底|末)?(?!\s*[-./月]?\s*\d{1,2}\s*[日号])")
_DAY = re.compile(r"(?:截至|截止到?|至)\s*((?:19|20)\d{2})\s*[年\-./]\s*(\d{1,2})\s*[月\-./]\s*\d{1,2}")
_ANY_DAY = re.compile(r"(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*[日号]?|(?:19|20)\d{2}([-./])\d{1,2}\1\d{1,2}(?!\d)|(?<!\d)(?:19|20)\d{6}(?!\d)")
_YEAR = re.compile(r"(?<![\dA-Za-z])((?:19|20)\d{2})(?:\s*(?:年度?|[-~至—]\s*(?=\D))|(?![\d.]))")
_MONTH = re.compile(r"(?<!\d)(?:0?1\s*(?:月)?\s*[-~—–至到]\s*)?(0?[1-9]|1[0-2])\s*月(?!\s*\d{1,2}\s*[日号])")
_FORM_WORDS = re.compile(r"^(?:填报|填表|制表|打印|导出|报出|编制|上报)(?:日期|时间|单位|人|部门)")
_NO_TITLE = re.compile(r"^(?:附件|附表|表|报送|填报|示意|注)\s*[\d一二三四五六七八九十]*\s*(?:[-—.:]|$|单位|日期|边界)")
_PLACE = re.compile(r"([^\s区县市省年月日度0-9（）()\-_、，,：:《》〔〕【】的和及与各全]{1,8}?(?:街道|镇|乡|民族乡|"
                    r"开发区|高新区|产业园|工业园|科技园|园区|工业集中区|基地))(?!级)")
_NO_PLACES = frozenset(["乡镇", "村镇", "城镇", "街镇", "镇街", "镇街园区", "产业园", "工业园", "科技园", "产业基地", "生产基地", "特色产业园"])
_DEFAULT_SHEET = re.compile(r"^(?:sheet|工作表|表|表格|table|book)?\s*[\d一二三四五六七八九十（）()\-_]*$|^(?:明细|汇总|数据|总表|名单|名录|台账|附件|附表|附)\d*$", re.I)


@dataclass
class Said:
    """Context by kind (year, month, township, title) and where each was found."""

    values: dict[str, str] = field(default_factory=dict)
    where: dict[str, str] = field(default_factory=dict)
    units: list[str] = field(default_factory=list)

    def put(self, key: str, value: str, where: str) -> None:
        if key not in self.values:
            self.values[key], self.where[key] = value, where


def read_context(titles: Sequence[tuple[str, str]], sheet: str, file_name: str) -> Said:
    """Read titles ((cell, text) above the header), then the sheet's name, then the file's name."""
    said = Said()
    stem = re.sub(r"\.\w{1,5}$", "", file_name)
    texts = [(unicodedata.normalize("NFKC", text), f"标题 {cell}") for cell, text in titles]
    named = [(unicodedata.normalize("NFKC", sheet), "工作表名")] + ([(unicodedata.normalize("NFKC", stem), "文件名")] if stem != sheet else [])
    for text, _ in texts:
        if re.search(r"单\s*位\s*:", text):
            said.units += [u for u in parse_units(text) if u not in said.units]
    if not said.units:
        for text, _ in [*texts, *named]:
            units = parse_units(text) if re.search(r"\([^()]*\)\s*$", text) else []
            said.units += [u for u in units if u not in said.units]
    for text, where in [*texts, *named]:
        if not _FORM_WORDS.match(text):
            _periods(text, where, said)
            place = _PLACE.search(re.sub(r"单\s*位\s*:.*", "", text))
            if place and place.group(1) not in _NO_PLACES:
                said.put("township", place.group(1), where)
    named_so = [(text, where) for text, where in texts if len(text) >= 4 and not re.search(r"单\s*位\s*:", text) and not _NO_TITLE.match(text)]
    if named_so:
        said.put("title", named_so[0][0].strip(), named_so[0][1])
    return said


def _periods(text: str, where: str, said: Said) -> None:
    day = _DAY.search(text)
    if day and 1 <= int(day.group(2)) <= 12:
        text = text[: day.start()] + f"{day.group(1)}年{day.group(2)}月" + text[day.end():]
    text = _ANY_DAY.sub(" ", text)
    both = _PERIOD.search(text)
    if both and "month" not in said.values and said.values.get("year") in (None, both.group(1)):
        said.put("year", both.group(1), where)
        said.put("month", f"{int(both.group(2)):02d}", where)
        return
    year = _YEAR.search(text)
    if year:
        said.put("year", year.group(1), where)
    month = _MONTH.search(text)
    if month:
        said.put("month", f"{int(month.group(1)):02d}", where)


def is_default_name(sheet: str) -> bool:
    """Whether a sheet's name says nothing (Sheet1, 表1, 明细) or only a period."""
    name = unicodedata.normalize("NFKC", sheet).strip()
    return bool(_DEFAULT_SHEET.match(re.sub(r"\d{4}年?|\d{1,2}月份?|\d{1,2}日", "", name)))


def fill_columns(table: Table, said: Said, on_sheet: set[str]) -> dict[str, str]:
    """Columns that the context fills because no column of the sheet does: column name → text as said."""
    filled: dict[str, str] = {}
    for name in _context_columns(table, on_sheet):
        column = next(c for c in table.columns if c.name == name)
        text = _text_for(column, said, table)
        if text is not None:
            filled[name] = text
    return filled


def _context_columns(table: Table, on_sheet: set[str]) -> list[str]:
    names = [n for n in table.context if n in table.names and n not in on_sheet]
    used = {c.split(".")[0] for c in on_sheet if "." in c}
    names += [c.name for c in table.columns if "." in c.name and c.kind in ("year", "month") and c.name not in on_sheet
              and c.name.split(".")[0] in used and c.name.split(".")[0] not in table.names]
    return names


def _text_for(column: Column, said: Said, table: Table) -> str | None:
    year, month, place = (said.values.get(k) for k in ("year", "month", "township"))
    if column.kind == "year":
        return year
    if column.kind == "month":
        return f"{year}-{month}" if year and month else None
    if column.kind in ("reference", "name", "text", "choice") and place and _place_column(column, place, table):
        return place
    return None


def _place_column(column: Column, place: str, table: Table) -> bool:
    """Townships go to a column that speaks of places; with two such columns, parks to the park and towns to the other."""
    labels = "".join((column.zh, *column.aliases, column.name, column.reference or ""))
    if not re.search(r"镇|乡|街道|园|属地|所在地|承载地|区划|地区|region|park|place|town", labels):
        return False
    rivals = [c for c in table.columns if c.name in table.context and c.name != column.name and c.kind == column.kind
              and re.search(r"镇|乡|街道|园|属地|承载地", "".join((c.zh, *c.aliases)))]
    if not rivals:
        return True
    return bool(re.search("园|基地|开发区|高新区", place)) == bool(re.search("园", column.zh))
