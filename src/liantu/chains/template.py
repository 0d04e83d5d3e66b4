"""Chain templates: an industrial chain written as one YAML file, read with all of its faults told at once.

Pure: no Django. ``docs/chain-templates.md`` describes the file for the people who edit it. Built-in templates are general
knowledge (``basis: liantu_default``), not an official document; the industry codes are those of GB/T 4754-2017.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from liantu.chains import BASES, CLASSIFICATION, STAGES, WEIGHTS, ChainTemplate, Group, Industry, Link, Node, Stage, TemplateError, industry_code_names

__all__ = ["ChainTemplate", "Group", "Industry", "Link", "Node", "Stage", "TemplateError", "builtin_templates", "dump_template",
           "industry_code_names", "load_builtin", "load_template", "word_key"]

MAX_BYTES = 1_000_000  # a chain of 500 nodes takes about 300,000
MAX_DEPTH = 8
MAX_CODES = 4
_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_READ_AS = {"int": "数字", "float": "小数", "bool": "是/否值", "null": "空值", "timestamp": "日期"}


# What each part of the file may hold: key -> (kind, required). The order is the order in which it is written.
_KEYS: dict[str, dict[str, tuple[str, bool]]] = {
    "chain": {
        "code": ("code", True), "zh": ("text", True), "en": ("text", False), "industry": ("industry", True), "edition": ("text", True),
        "basis": ("basis", True), "classification": ("classification", True),
        "stages": ("stage*", True), "groups": ("group*", True), "nodes": ("node*", True), "links": ("link*", True),
    },
    "industry": {"code": ("code", True), "zh": ("text", True), "en": ("text", False)},
    "stage": {"code": ("code", True), "stage": ("position", True), "zh": ("text", True), "en": ("text", False)},
    "group": {"code": ("code", True), "stage": ("text", True), "zh": ("text", True), "en": ("text", False)},
    "node": {
        "code": ("code", True), "zh": ("text", True), "en": ("text", False), "group": ("text", True), "synonyms": ("words", False),
        "products": ("words", False), "excludes": ("words", False), "industry_codes": ("words", True), "weight": ("weight", True), "critical": ("flag", False),
    },
    "link": {"from": ("text", True), "to": ("text", True), "item": ("text", False), "weight": ("weight", True), "recycling": ("flag", False)},
}
_FIELDS = {"from": "source", "to": "target"}
_CHOICES = {"basis": BASES, "position": STAGES, "classification": (CLASSIFICATION,)}
_MAKE: dict[str, Any] = {"chain": ChainTemplate, "industry": Industry, "stage": Stage, "group": Group, "node": Node, "link": Link}


def builtin_templates() -> list[str]:
    """Codes of the chains that come with liantu, sorted."""
    folder = files("liantu") / "data" / "chains"
    return sorted(entry.name.removesuffix(".yaml") for entry in folder.iterdir() if entry.name.endswith(".yaml"))


@cache
def load_builtin(code: str) -> ChainTemplate:
    """One of the chains that come with liantu, by its code."""
    if code not in (known := builtin_templates()):
        raise TemplateError([f"没有名为 {code} 的自带产业链{_nearest(code, known)}。自带的有：{'、'.join(known)}。"])
    return _load((files("liantu") / "data" / "chains" / f"{code}.yaml").read_text(encoding="utf-8"))


def load_template(path_or_text: str | Path) -> ChainTemplate:
    """Read a template from a file (a path) or from YAML text; :class:`TemplateError` tells everything that is wrong."""
    return _load(_text_of(path_or_text))


def _load(text: str) -> ChainTemplate:
    reader = _Reader()
    value, lines = reader.mapping(_compose(text), "chain", "文件")
    reader.found += _check(value, lines)
    if reader.found:
        raise TemplateError([text for _, text in sorted(reader.found, key=lambda pair: pair[0])])
    return _build("chain", value)


def dump_template(template: ChainTemplate) -> str:
    """The template as YAML text that :func:`load_template` reads back to an equal template; comments are not kept."""
    return yaml.dump(_plain("chain", template), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)


def _text_of(path_or_text: str | Path) -> str:
    """The text itself, or that of the file it names. One line without ``: `` is taken as a path."""
    if isinstance(path_or_text, str) and (not path_or_text.strip() or re.search(r"\n|:\s|^\s*[{\[]", path_or_text)):
        data = path_or_text.encode("utf-8", "surrogatepass")
    else:
        try:
            with Path(path_or_text).open("rb") as file:
                data = file.read(MAX_BYTES + 1)
        except (OSError, ValueError):
            raise TemplateError([f"找不到或打不开文件：{path_or_text}。请核对路径和文件名。"]) from None
    if len(data) > MAX_BYTES:
        raise TemplateError([f"文件超过 {MAX_BYTES // 1000} KB，不像一条产业链。请拆成几条链，或检查是否选错文件。"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise TemplateError(["文件不是 UTF-8 编码（可能是 GBK）。请在编辑器中另存为 UTF-8 后再导入。"]) from None


def _compose(text: str) -> yaml.Node | None:
    """Parse without building objects; anchors, aliases, tags and deep nesting are refused before anything grows."""
    try:
        depth = 0
        for event in yaml.parse(text, Loader=_LOADER):
            line = event.start_mark.line + 1
            if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
                raise TemplateError([f"第 {line} 行：用了 YAML 的引用（& 或 *），本系统不接受。请把内容直接写出来；若 & 或 * 是文字，请给整个词加引号。"])
            if getattr(event, "tag", None):
                raise TemplateError([f"第 {line} 行：用了 YAML 标签 {event.tag}，本系统不接受。请删去感叹号开头的标签。"])
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > MAX_DEPTH:
                raise TemplateError([f"第 {line} 行：嵌套超过 {MAX_DEPTH} 层。请检查缩进和括号是否配对。"])
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError as error:
        raise TemplateError([_syntax(error, text)]) from None


def _syntax(error: yaml.YAMLError, text: str) -> str:
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"YAML 语法错误：{error}。请删去看不见的控制字符后重试。"
    lines = ["", *text.splitlines(), ""]
    above, line = lines[mark.line], lines[min(mark.line + 1, len(lines) - 1)]
    hint = "请检查缩进、冒号后的空格、引号和括号是否配对。"
    if "\t" in above + line:
        hint = "这一行或上一行有制表符（Tab），请换成空格。"
    elif re.search(r"[：，【】｛｝“”]", above + line):
        hint = "这一行或上一行有全角标点，请把作为格式用的冒号、逗号、括号、引号换成半角。"
    seen = f"，看到「{line.strip()[:40]}」" if line.strip() else ""
    return f"第 {mark.line + 1} 行第 {mark.column + 1} 列：YAML 语法错误（{getattr(error, 'problem', '') or error}）{seen}。{hint}"


def _nearest(word: str, known: Iterable[str]) -> str:
    close = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"，是否应为 {close[0]}？" if close else ""


def _kind_of(node: yaml.Node) -> str:
    return str(node.tag).rsplit(":", 1)[-1]


class _Reader:
    """Turns YAML nodes into plain values by ``_KEYS``; ``found`` gathers (line, reason) and reading goes on."""

    def __init__(self) -> None:
        self.found: list[tuple[int, str]] = []

    def add(self, line: int, where: str, text: str) -> None:
        self.found.append((line, f"第 {line} 行 {where}：{text}"))

    def mapping(self, node: yaml.Node | None, part: str, where: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """Values and their lines; ``lines[""]`` is the line of the mapping itself."""
        keys, line = _KEYS[part], node.start_mark.line + 1 if node is not None else 1
        values, lines = dict[str, Any](), dict[str, Any]({"": line})
        if not isinstance(node, yaml.MappingNode):
            seen = "空文件" if node is None else f"「{str(getattr(node, 'value', ''))[:30]}」"
            self.add(line, where, f"应为「键: 值」的形式，看到{seen}。键有：{'、'.join(keys)}；冒号用半角，后面留一个空格。")
            return values, lines
        where = self._called(node, where)
        for key_node, value_node in node.value:
            key, at = str(key_node.value), key_node.start_mark.line + 1
            if key not in keys:
                self.add(at, where, f"不认识的键 {key}{_nearest(key, keys) or '。'}可用的键：{'、'.join(keys)}。")
            elif key in lines:
                self.add(at, where, f"键 {key} 写了两次，只留一个。")
            else:
                lines[key] = at
                values[key] = self.value(value_node, keys[key][0], where, key, lines)
        if missing := [key for key, (_, required) in keys.items() if required and key not in lines]:
            self.add(line, where, f"缺少 {'、'.join(missing)}。")
        return values, lines

    @staticmethod
    def _called(node: yaml.MappingNode, where: str) -> str:
        """Name the place by what a person recognises: the Chinese name, the code, or the two ends."""
        said = {str(key.value): value.value for key, value in node.value if isinstance(value, yaml.ScalarNode)}
        name = said.get("zh") or said.get("code") or "→".join(said.get(end, "?") for end in ("from", "to") if {"from", "to"} & set(said))
        return f"{where}「{name}」" if name else where

    def value(self, node: yaml.Node, kind: str, where: str, key: str, lines: dict[str, Any]) -> Any:
        if kind == "industry":
            return self.mapping(node, "industry", f"{key}")[0]
        if kind.endswith("*"):
            return self.parts(node, kind[:-1], key, lines)
        if kind == "words":
            return self.words(node, where, key)
        at = node.start_mark.line + 1
        if not isinstance(node, yaml.ScalarNode):
            self.add(at, where, f"{key} 应为单个值，看到的是列表或多层内容。")
            return None
        if kind == "weight":
            return self.weight(node, where, key)
        if kind == "flag":
            if _kind_of(node) != "bool":
                self.add(at, where, f"{key} 应为 true 或 false，看到「{node.value}」。")
            return node.value.lower() in {"true", "yes", "on"}
        text = self.text(node, where, key)
        if text is not None and kind == "code" and not _CODE.fullmatch(text):
            self.add(at, where, f"{key} 的代码「{text}」不合格式：小写英文字母开头，只用小写字母、数字和下划线，不超过 60 个字符。")
        if text is not None and kind in _CHOICES and text not in _CHOICES[kind]:
            self.add(at, where, f"{key} 应为 {'、'.join(_CHOICES[kind])} 之一，看到「{text}」。")
        return text

    def parts(self, node: yaml.Node, part: str, key: str, lines: dict[str, Any]) -> list[dict[str, Any]]:
        """The stages, groups, nodes or links; the lines of each go to ``lines["key*"]``."""
        if not isinstance(node, yaml.SequenceNode):
            self.add(node.start_mark.line + 1, key, "应为列表，每一项以「- 」开头。")
            return []
        if not node.value and part != "link":
            self.add(node.start_mark.line + 1, key, "列表是空的，至少要有一项。")
        read = [self.mapping(item, part, f"{key} 第 {number} 项") for number, item in enumerate(node.value, 1)]
        lines[f"{key}*"] = [part_lines for _, part_lines in read]
        return [value for value, _ in read]

    def words(self, node: yaml.Node, where: str, key: str) -> tuple[str, ...]:
        if not isinstance(node, yaml.SequenceNode):
            self.add(node.start_mark.line + 1, where, f"{key} 应为列表，如 [词一, 词二]；只有一个也要加方括号。")
            return ()
        if key == "industry_codes" and not 1 <= len(node.value) <= MAX_CODES:
            self.add(node.start_mark.line + 1, where, f"{key} 应有 1 到 {MAX_CODES} 个代码，看到 {len(node.value)} 个。")
        texts: list[str] = []
        for item in node.value:
            text = self.text(item, where, key) if isinstance(item, yaml.ScalarNode) else None
            if not isinstance(item, yaml.ScalarNode):
                self.add(item.start_mark.line + 1, where, f"{key} 的每一项应为一个词，看到的是多层内容。")
            elif text is not None and text in texts:
                self.add(item.start_mark.line + 1, where, f"{key} 中「{text}」写了两次，只留一个。")
            elif text is not None:
                texts.append(text)
        return tuple(texts)

    def text(self, node: yaml.ScalarNode, where: str, key: str) -> str | None:
        at, kind = node.start_mark.line + 1, _kind_of(node)
        if kind != "str":
            seen = f"「{node.value}」" if node.value else "空白"
            right = f'请加引号，写成 "{node.value}"' if node.value else "请填写，或删去这个键"
            self.add(at, where, f"{key} 应为文字，{seen}被 YAML 读成了{_READ_AS.get(kind, kind)}；{right}。")
            return None
        if not node.value.strip():
            self.add(at, where, f"{key} 是空的，请填写。")
            return None
        return str(node.value).strip()

    def weight(self, node: yaml.ScalarNode, where: str, key: str) -> int | None:
        if _kind_of(node) == "int" and node.value.isdecimal() and int(node.value) in WEIGHTS:
            return int(node.value)
        self.add(node.start_mark.line + 1, where, f"{key} 应为 {WEIGHTS[0]} 到 {WEIGHTS[-1]} 的整数，不加引号，看到「{node.value}」。")
        return None


def word_key(word: str) -> str:
    """The form in which two words count as the same: NFKC, no case, no spaces."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", word)).casefold()


def _fault(line: int, key: str, part: Mapping[str, Any], text: str) -> tuple[int, str]:
    name = part.get("zh") or part.get("code") or ("→".join(str(part.get(end, "?")) for end in ("from", "to")) if key == "links" else "")
    return line, f"第 {line} 行 {key}「{name}」：{text}"


def _check(value: dict[str, Any], lines: dict[str, Any]) -> Iterator[tuple[int, str]]:
    """(line, reason) for everything that concerns more than one value."""
    parts = {key: list(zip(value.get(key) or [], lines.get(f"{key}*", []), strict=False)) for key in ("stages", "groups", "nodes", "links")}
    known: dict[str, dict[str, str]] = {"stages": {}, "groups": {}, "nodes": {}}
    for key, codes in known.items():
        for part, at in parts[key]:
            if (code := part.get("code")) in codes:
                yield _fault(at["code"], key, part, f"代码 {code} 已被「{codes[code]}」使用，请换一个。")
            elif code:
                codes[code] = str(part.get("zh") or code)
    for key, field, target in (("groups", "stage", "stages"), ("nodes", "group", "groups"), ("links", "from", "nodes"), ("links", "to", "nodes")):
        yield from _unknown_ends(parts[key], key, field, target, known[target])
    for key, field, target in (("stages", "stage", "groups"), ("groups", "group", "nodes")):
        used = {part.get(field) for part, _ in parts[target]}
        for part, at in parts[key]:
            if part.get("code") and part["code"] not in used:
                yield _fault(at[""], key, part, f"是空的：{target} 中没有一项的 {field} 是 {part['code']}；请补上或删去它。")
    yield from _check_nodes(parts["nodes"])
    yield from _check_links(parts["links"], parts["nodes"])


def _unknown_ends(parts: list[Any], key: str, field: str, target: str, known: Mapping[str, str]) -> Iterator[tuple[int, str]]:
    by_name = {name: code for code, name in known.items()}
    for part, at in parts:
        if (end := part.get(field)) and end not in known:
            hint = f"，应写代码 {by_name[end]}。" if end in by_name else _nearest(end, known) or "。"
            yield _fault(at[field], key, part, f"{field} 的 {end} 不在 {target} 中{hint}")


def _check_nodes(nodes: list[Any]) -> Iterator[tuple[int, str]]:
    official, owner = industry_code_names(), dict[str, tuple[int, Any]]()
    for index, (node, at) in enumerate(nodes):
        for code in node.get("industry_codes") or ():
            if code not in official:
                near = difflib.get_close_matches(code, official, n=3, cutoff=0.7)
                hint = "；相近的有 " + "、".join(f"{c} {official[c]}" for c in near) if near else ""
                yield _fault(at["industry_codes"], "nodes", node, f"{CLASSIFICATION} 没有代码 {code}{hint}。")
        own = [("zh", node["zh"])] if node.get("zh") else []
        own += [(key, word) for key in ("synonyms", "products") for word in node.get(key) or ()]
        for key, word in own:
            first, place = owner.setdefault(word_key(word), (index, node.get("zh")))
            if first != index:
                yield _fault(at[key], "nodes", node, f"{key} 的词「{word}」在「{place}」中也有，企业会归到两处；只留在一处，或改成更具体的词。")
        keys = {word_key(word) for _, word in own}
        for word in node.get("excludes") or ():
            if word_key(word) in keys:
                yield _fault(at["excludes"], "nodes", node, f"「{word}」既是本环节的词又列在 excludes 中，请删去一处。")


def _check_links(links: list[Any], nodes: list[Any]) -> Iterator[tuple[int, str]]:
    seen: dict[tuple[str, str], int] = {}
    forward: dict[str, dict[str, int]] = {}
    for link, at in links:
        ends = source, target = link.get("from"), link.get("to")
        if source and source == target:
            yield _fault(at[""], "links", link, "起点和终点是同一个环节，请改终点或删去。")
        elif ends in seen:
            yield _fault(at[""], "links", link, f"与第 {seen[ends]} 行重复，请合并成一条。")
        elif source and target:
            seen[ends] = at[""]
            if not link.get("recycling"):
                forward.setdefault(source, {})[target] = at[""]
    for circle in _circles(forward):
        line = forward[circle[-2]][circle[-1]]
        yield line, f"第 {line} 行 links：{' → '.join(circle)} 首尾相接成环；若是回收利用，请给回流的那一条加 recycling: true，否则请删去其中一条。"
    touched = {end for pair in seen for end in pair}
    for node, at in nodes:
        if node.get("code") and node["code"] not in touched:
            yield _fault(at[""], "nodes", node, "没有任何上下游关系，请在 links 中至少加一条。")


def _circles(forward: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    """One circle (first node repeated at the end) for each link that closes one, found depth first without recursion."""
    state: dict[str, str] = {}
    circles: list[list[str]] = []
    for start in forward:
        path, todo = [start], [iter(forward[start])] if start not in state else []
        state.setdefault(start, "open")
        while todo:
            following = next(todo[-1], None)
            if following is None:
                todo.pop()
                state[path.pop()] = "done"
            elif state.get(following) == "open":
                circles.append([*path[path.index(following):], following])
            elif following not in state:
                state[following] = "open"
                path.append(following)
                todo.append(iter(forward.get(following, {})))
    return circles


def _build(part: str, value: Mapping[str, Any]) -> Any:
    made: dict[str, Any] = {}
    for key, (kind, _) in _KEYS[part].items():
        if key in value:
            made[_FIELDS.get(key, key)] = (
                tuple(_build(kind[:-1], item) for item in value[key]) if kind.endswith("*")
                else _build(kind, value[key]) if kind == "industry" else value[key])
    return _MAKE[part](**made)


class _Row(dict[str, Any]):
    """Written on one line."""


class _Words(list[str]):
    """Written on one line."""


class _Dumper(yaml.SafeDumper):
    """Block style for the chain and its nodes, one line for all else; list items indented, digits always quoted."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)

    def quoted(self, text: str) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:str", text, style='"' if text[:1].isdecimal() else None)


_Dumper.add_representer(str, _Dumper.quoted)
_Dumper.add_representer(_Row, lambda dumper, row: dumper.represent_mapping("tag:yaml.org,2002:map", row, flow_style=True))
_Dumper.add_representer(_Words, lambda dumper, words: dumper.represent_sequence("tag:yaml.org,2002:seq", words, flow_style=True))


def _plain(part: str, thing: Any) -> dict[str, Any]:
    """Keys in the order of ``_KEYS``; optional keys that hold nothing are left out."""
    plain: dict[str, Any] = {} if part in ("chain", "node") else _Row()
    for key, (kind, required) in _KEYS[part].items():
        value = getattr(thing, _FIELDS.get(key, key))
        if not required and not value:
            continue
        plain[key] = ([_plain(kind[:-1], item) for item in value] if kind.endswith("*")
                      else _plain(kind, value) if kind == "industry" else _Words(value) if kind == "words" else value)
    return plain
