"""What a column is by what stands in it, for columns whose header says nothing or something unknown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from liantu.kernel.columns import Column, Table
from liantu.kernel.header_words import Match, loose, normal_header
from liantu.kernel.sheets import CellValue
from liantu.kernel.value_dates import read_parts
from liantu.kernel.values import cell_text, is_nil, parse_value

_USCC = re.compile(r"^[0-9A-HJ-NPQRTUWXY]{2}\d{6}[0-9A-HJ-NPQRTUWXY]{10}$")
_FIRM = re.compile(r"(?:公司|厂|合作社|集团|企业|工作室|事务所|研究院|研究所|商行|经营部|加工坊|门市部|中心)(?:[（(].*[)）])?$")
_INDUSTRY = re.compile(r"^[A-T]?\d{4}$")
_OTHER_FIRM = re.compile(r"母公司|上级|投资方|客户|供应|担保|集团|股东|总部|开户|原名|曾用|控股|采购|销售|主管|服务")
_SCOPE = re.compile(r"经营|销售|生产|制造|加工|研发|服务|许可项目|一般项目")


def guess_by_content(header: str, cells: Sequence[CellValue], table: Table, free: set[str]) -> Match | None:
    """The free column that the cells look like; None when unsure."""
    values = [c for c in cells if not is_nil(c)][:60]
    if len(values) < 2:
        return None
    texts = [cell_text(v).strip() for v in values]
    columns = [c for c in table.columns if c.name in free]
    for test in (_as_code, _as_firm, _as_industry, _as_scope):
        found = test(header, texts, columns)
        if found:
            return found
    return _as_choice(header, values, columns) or _as_date(header, values, columns)


def _share(texts: Sequence[str], pattern: re.Pattern[str]) -> float:
    return sum(1 for t in texts if pattern.search(t)) / len(texts)


def _near(header: str, column: Column) -> bool:
    """A blank header, or one that shares two characters running with the column's words."""
    word = loose(normal_header(header))
    pairs = {word[i:i + 2] for i in range(len(word) - 1)}
    return not word or any(p in loose(normal_header(label)) for label in (column.zh, *column.aliases) for p in pairs)


def _only(columns: list[Column]) -> Column | None:
    own = [c for c in columns if "." not in c.name] or columns
    return own[0] if len(own) == 1 else None


def _as_code(header: str, texts: Sequence[str], columns: list[Column]) -> Match | None:
    if _share([t.upper() for t in texts], _USCC) < 0.7 or _OTHER_FIRM.search(header):
        return None
    column = _only([c for c in columns if c.kind == "uscc"])
    return Match(column.name, 0.8, "content", "内容是 18 位统一社会信用代码") if column else None


def _as_firm(header: str, texts: Sequence[str], columns: list[Column]) -> Match | None:
    if _share(texts, _FIRM) < 0.6 or _OTHER_FIRM.search(header):
        return None
    column = _only([c for c in columns if c.kind == "name" and c.required or (c.kind == "reference" and c.reference == "enterprise" and c.required)])
    return Match(column.name, 0.7, "content", "内容多以「公司、厂、合作社」结尾") if column else None


def _as_industry(header: str, texts: Sequence[str], columns: list[Column]) -> Match | None:
    if _share(texts, _INDUSTRY) < 0.8 or all(re.fullmatch(r"(?:19[5-9]|20[0-4])\d", t) for t in texts):
        return None
    column = _only([c for c in columns if c.kind == "code" and c.name.rpartition(".")[2] == "industry_code" and _near(header, c)])
    return Match(column.name, 0.65, "content", "内容是 4 位行业代码") if column else None


def _as_scope(header: str, texts: Sequence[str], columns: list[Column]) -> Match | None:
    if sum(map(len, texts)) / len(texts) < 25 or _share(texts, _SCOPE) < 0.6:
        return None
    column = _only([c for c in columns if c.kind == "long_text" and _near(header, c)])
    return Match(column.name, 0.6, "content", "内容是较长的经营范围文字") if column else None


def _as_choice(header: str, values: Sequence[CellValue], columns: list[Column]) -> Match | None:
    fitting = [c for c in columns if c.kind == "choice" and _near(header, c)
               and sum(1 for v in values if parse_value(v, c).value is not None) >= 0.8 * len(values)]
    column = _only(fitting)
    return Match(column.name, 0.6, "content", f"内容都是「{column.zh}」的可选项") if column else None


def _as_date(header: str, values: Sequence[CellValue], columns: list[Column]) -> Match | None:
    full = sum(1 for v in values if (p := read_parts(v)) is not None and p[2] is not None)
    column = _only([c for c in columns if c.kind == "date" and _near(header, c)])
    return Match(column.name, 0.55, "content", "内容是日期") if column and full >= 0.8 * len(values) else None
