"""Profiles as files: which one a site uses, read with line numbers, so that a slip is told by its line.

The site's own ``profile.yaml`` (in its folder) wins; else ``LIANTU_PROFILE`` names a shipped one; else ``default``. A file that
cannot be read never stops the site: the default is used and the fault is told (:attr:`Source.faults`). Every profile starts
from another one (``like``, ``default`` when not said): what it does not say is taken from there.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from liantu.kernel.home import home
from liantu.kernel.problems import UserError

OWN_FILE = "profile.yaml"
DEFAULT = "default"
CHOSEN_BY = "LIANTU_PROFILE"
PARTS = ("maps", "lists", "optional")
MERGED = ("lamp_sets", "lamps", "words", "rules")
HEAD = ("code", "zh", "en", "basis", "source", "valid_from", "valid_until", "title_of_set", "title_of_set_en", "key_chains", "key_clusters")
KNOWN = (*HEAD, "like", *PARTS, "gaps", *MERGED)


class Lined(dict[str, Any]):
    """A mapping of a YAML file that knows its file, its own line and the line of each key (1-based)."""

    file: str = ""
    line: int = 0

    def __init__(self, *values: Any) -> None:
        super().__init__(*values)
        self.lines: dict[str, int] = {}

    def where(self, key: str = "") -> str:
        """File and line of a key (or of the whole), as words."""
        return f"{self.file} 第 {self.lines.get(key, self.line)} 行"


@dataclass(frozen=True, eq=False)
class Source:
    """A profile as read, one object per reading: its code, what it says (merged with the one it is like) and what is wrong with the file.

    ``own`` tells that the site chose it (a file of its own, or a wrong name) and not the package.
    """

    code: str
    data: Lined
    faults: tuple[str, ...] = ()
    own: bool = False


def shipped() -> list[str]:
    """Codes of the profiles that come with the package."""
    return sorted(p.name.removesuffix(".yaml") for p in (files("liantu.data") / "profiles").iterdir() if p.name.endswith(".yaml"))


def source(code: str | None = None) -> Source:
    """A shipped profile by its code, or the site's. Raises UserError for an unknown code; never for the site's own file."""
    if code is not None:
        return _shipped(code)
    own = home() / OWN_FILE
    if own.exists():
        state = own.stat()
        return _own(own, state.st_mtime_ns, state.st_size)
    chosen = os.environ.get(CHOSEN_BY, DEFAULT)
    if chosen in shipped():
        return _shipped(chosen)
    return Source(DEFAULT, _shipped(DEFAULT).data, (f"环境变量 {CHOSEN_BY}：看到「{chosen}」，没有这个档案，先用 {DEFAULT}。可选：{'、'.join(shipped())}。",), own=True)


@lru_cache(maxsize=32)
def _shipped(code: str) -> Source:
    if code not in shipped():
        raise UserError(f"没有名为「{code}」的档案。", code="unknown-profile", hint="现有：" + "、".join(shipped()))
    name = f"{code}.yaml"
    data = read((files("liantu.data") / "profiles" / name).read_bytes(), name)
    return Source(code, data if code == DEFAULT else _on_base(data), tuple(_unknown_keys(data)))


@lru_cache(maxsize=4)
def _own(path: Path, _changed: int, _size: int) -> Source:
    """The site's own file; read again when it has changed."""
    try:
        data = read(path.read_bytes(), path.name)
        merged = _on_base(data)
    except UserError as error:
        return Source(DEFAULT, _shipped(DEFAULT).data, (f"{error.message}{error.hint}在改好以前先用 {DEFAULT} 档案。",), own=True)
    return Source(str(data.get("code", "own")), merged, tuple(_unknown_keys(data)), own=True)


def _unknown_keys(data: Lined) -> list[str]:
    return [f"{data.where(key)}：看到「{key}」，不认识。可写：{'、'.join(KNOWN)}。" for key in data if key not in KNOWN]


def read(content: bytes, name: str) -> Lined:
    """A profile's YAML with line numbers. Raises UserError that tells the line, what stands there and what would be right."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UserError(f"{name}：不是 UTF-8 编码。", code="bad-profile", hint="请另存为 UTF-8。") from None
    try:
        data = yaml.load(text, _loader(name))
    except yaml.MarkedYAMLError as error:
        raise _unreadable(error, text, name) from None
    except yaml.YAMLError as error:
        raise UserError(f"{name}：读不懂（{error}）。", code="bad-profile", hint="可能有看不见的控制字符。") from None
    if not isinstance(data, Lined):
        first = next((line for line in text.splitlines() if line.strip() and not line.startswith("#")), "")
        raise UserError(f"{name} 第 1 行：看到「{first[:40]}」，整个文件应是一行一个「名字: 值」。", code="bad-profile", hint="冒号要用半角「:」，后面空一格。")
    return data


def _unreadable(error: yaml.MarkedYAMLError, text: str, name: str) -> UserError:
    mark = error.problem_mark or error.context_mark
    lines = text.rstrip().splitlines() or [""]
    at = min(mark.line if mark else 0, len(lines) - 1)
    wide = next((n for n in (at, at - 1) if n >= 0 and "：" in lines[n] and ": " not in lines[n]), None)
    if (error.problem or "").startswith("重复"):
        hint = "同一层里一个名字只能写一次，请删去一个。"
    elif "\t" in lines[at]:
        hint = "缩进只能用空格，不能用 Tab。"
    elif wide is not None:
        at, hint = wide, "冒号要用半角「:」，后面空一格。"
    else:
        hint = "应是「名字: 值」，冒号后空一格，同一层对齐，引号和括号成对。"
    seen = lines[at]
    return UserError(f"{name} 第 {at + 1} 行：看到「{seen.strip()[:60]}」，读不懂。", code="bad-profile", hint=hint)


def _loader(name: str) -> Any:
    """A safe YAML loader whose mappings know their lines and hold each key once."""
    class Loader(yaml.SafeLoader):
        pass

    def mapping(loader: Any, node: Any) -> Lined:
        loader.flatten_mapping(node)
        found = Lined()
        found.file, found.line = name, node.start_mark.line + 1
        for key_node, value_node in node.value:
            key = str(loader.construct_object(key_node, deep=True))
            if key in found:
                raise yaml.constructor.ConstructorError(None, None, f"重复的 {key}", key_node.start_mark)
            found[key] = loader.construct_object(value_node, deep=True)
            found.lines[key] = key_node.start_mark.line + 1
        return found

    Loader.add_constructor("tag:yaml.org,2002:map", mapping)
    return Loader


def _on_base(own: Lined) -> Lined:
    """What a profile says laid over the one it is like: parts of the same code and named entries are completed, the rest replaced."""
    like = own.get("like", DEFAULT)
    if like not in shipped():
        raise UserError(f"{own.where('like')}：看到「{like}」，没有这个档案。", code="bad-profile", hint=f"可选：{'、'.join(shipped())}。")
    base = _shipped(str(like)).data
    found = _over(base, own)
    parts = {part["code"]: part for group in PARTS for part in base.get(group, ()) if "code" in part}
    for group in PARTS:
        if isinstance(own.get(group), list):
            found[group] = [_over(parts[p["code"]], p) if isinstance(p, Lined) and p.get("code") in parts else p for p in own[group]]
    if "optional" not in own:
        used = {part["code"] for group in ("maps", "lists") for part in found.get(group, ()) if isinstance(part, Lined) and "code" in part}
        found["optional"] = [part for part in base.get("optional", ()) if part.get("code") not in used]
    for key in MERGED:
        if isinstance(own.get(key), Lined) and isinstance(base.get(key), Lined):
            inner = own[key]
            found[key] = _over(base[key], inner)
            for name, entry in inner.items():
                before = base[key].get(name)
                if isinstance(entry, Lined) and isinstance(before, Lined):
                    found[key][name] = _over(before, entry)
    if "gaps" not in own:
        found.pop("gaps", None)
    return found


def _over(base: Lined, own: Lined) -> Lined:
    found = Lined({**base, **own})
    found.file, found.line, found.lines = own.file, own.line, dict(own.lines)
    return found
