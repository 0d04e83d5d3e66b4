"""条款检查: wordings in an offer or policy text that fair-competition review must see, each with the article and where it stands.

It points out and never rewrites; a text without findings is not thereby lawful. Rules are data: ``data/forms/fair_competition.yaml``, which a site may
replace by its own file of that name in the data folder. Sentences that forbid the thing, or speak of what the law itself grants, are passed over.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import Any

import yaml

from liantu.kernel.home import home
from liantu.kernel.problems import UserError

FILE = "fair_competition.yaml"
LONGEST = 200_000
"""Characters of a text that are looked at; a longer one is refused."""
_SENTENCE = re.compile(r"[^。；;！？\n]+[。；;！？]?")


@dataclass(frozen=True)
class Rule:
    """One kind of wording: ``patterns`` match inside a sentence."""

    id: str
    zh: str
    en: str
    article: str
    patterns: tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Rules:
    """The whole form: what is looked for, what makes a sentence harmless, and where it comes from."""

    rules: tuple[Rule, ...]
    negation: tuple[str, ...]
    harmless: tuple[str, ...]
    law: str
    since: str
    source: str
    confidence: str
    advice: str


@dataclass(frozen=True)
class Finding:
    """``text[start:end]`` is the phrase; ``sentence`` holds it."""

    rule: Rule
    phrase: str
    start: int
    end: int
    sentence: str


@cache
def _read(text: str) -> Rules:
    try:
        told: dict[str, Any] = yaml.safe_load(text)
        rules = tuple(Rule(r["id"], r["zh"], r["en"], r["article"], tuple(re.compile(p) for p in r["patterns"])) for r in told["rules"])
        law = told["law"]
        return Rules(rules, tuple(told["negation"]), tuple(told["harmless"]), f"{law['name']}（{law['number']}）", str(law["in_force"]), told["source"], told["confidence"],
                     told["advice"]["review"])
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, re.error) as broken:
        raise UserError(f"{FILE} 读不懂：{broken}", code="bad-clauses-file", hint="每条规则写 id、zh、en、article、patterns（正则）；另有 law、negation、harmless、source、advice。") from None


def rules() -> Rules:
    """The rules in force: the site's own file, else the package's."""
    own = home() / FILE
    return _read(own.read_text(encoding="utf-8") if own.exists() else (files("liantu.data") / "forms" / FILE).read_text(encoding="utf-8"))


def check_text(text: str) -> list[Finding]:
    """Findings in the order of the text; one per rule and place, the longest wording of overlapping ones. UserError when the text is too long."""
    if len(text) > LONGEST:
        raise UserError(f"文本有 {len(text):,} 字，一次最多看 {LONGEST:,} 字。", code="text-too-long", hint="请分段检查。")
    form, found = rules(), []
    for sentence in _SENTENCE.finditer(text):
        whole = sentence.group()
        if any(word in whole for word in form.harmless):
            continue
        for rule in form.rules:
            found += _of_rule(rule, whole, sentence.start(), form.negation)
    return sorted(found, key=lambda f: (f.start, -f.end))


def _of_rule(rule: Rule, sentence: str, offset: int, negation: tuple[str, ...]) -> list[Finding]:
    spans: list[tuple[int, int]] = []
    for pattern in rule.patterns:
        for match in pattern.finditer(sentence):
            if not _negated(sentence, match, negation):
                spans.append(match.span())
    kept: list[tuple[int, int]] = []
    for start, end in sorted(spans, key=lambda s: (s[0] - s[1], s[0])):
        if all(end <= a or start >= b for a, b in kept):
            kept.append((start, end))
    return [Finding(rule, sentence[a:b], offset + a, offset + b, sentence.strip()) for a, b in kept]


def _negated(sentence: str, match: re.Match[str], negation: tuple[str, ...]) -> bool:
    """Whether the clause before the wording, or the wording itself, forbids it. A wording that is itself a prohibition (not to move away) is not excused by its own 不得."""
    clause = max(sentence.rfind(mark, 0, match.start()) for mark in "，,：:、") + 1
    before = sentence[clause : match.start()]
    if any(word in before for word in negation):
        return True
    lead = sentence[: match.start()]
    if re.search(r"(?:不得|严禁|禁止)(?:有|出现|含有|以|采取|实施)?[^。；;！？]{0,40}$", lead) and not re.search(r"[，,](?:但|而|并)?(?:可|对|给予)[^，,]{0,20}$", lead):
        return True
    inside = match.group()
    return not inside.startswith(("不得", "未经")) and bool(re.search(r"(?:不得|不与|不以|不再|不挂钩|脱钩|不作为)", inside)) and "迁" not in inside


def read_document(name: str, data: bytes) -> str:
    """The text of an uploaded .txt (UTF-8 or GB 18030) or .docx file, one paragraph or table row a line. UserError for anything else."""
    if name.lower().endswith(".docx"):
        from zipfile import BadZipFile

        from docx import Document
        from docx.opc.exceptions import PackageNotFoundError

        try:
            document = Document(BytesIO(data))
        except (BadZipFile, PackageNotFoundError, KeyError, ValueError):
            raise UserError(f"「{name}」不是能打开的 Word 文件。", code="bad-document", hint="请另存为 .docx，或把文字贴进文本框。") from None
        rows = ["　".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
        return "\n".join([*(p.text for p in document.paragraphs), *rows])
    if name.lower().endswith(".txt"):
        for encoding in ("utf-8-sig", "gb18030"):
            try:
                return data.decode(encoding)
            except UnicodeDecodeError:
                continue
    raise UserError(f"「{name}」读不了：只收 .docx 和 .txt。", code="bad-document", hint="旧的 .doc 请另存为 .docx，或把文字贴进文本框。")
