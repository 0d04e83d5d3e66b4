"""Names of firms and places: one way of writing each, and a key under which variants are equal."""

from __future__ import annotations

import re
import unicodedata

_INVISIBLE = re.compile(r"[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u2064\ufeff]")
_SPACE = re.compile(r"\s+")
_CJK_SPACE = re.compile(r"(?<=[\u3400-\u9fff（）《》“”])\s+|\s+(?=[\u3400-\u9fff（）《》“”])")
_NOTE = re.compile(
    r"[(（\[【]\s*((?:已|现|拟|半|暂|长期|临时|季节性|全面)?(?:停产|停业|停工|关停|注销|吊销|搬迁|迁出|歇业|破产|清算|筹建|在建|新建|新增|退库|入库"
    r"|退规|新入规|入规|倒闭|异常|失联|合并|重组)[^()（）]{0,8}|(?:原|原名|曾用名|更名|现更名|更名为|现名|简称|旧名)[::为]?[^()（）]{2,40})\s*[)）\]】]\s*$")
_OPEN = str.maketrans({"(": "（", ")": "）", "[": "（", "]": "）", "【": "（", "】": "）", "〔": "（", "〕": "）", "﹙": "（", "﹚": "）"})
_SUFFIXES = (("股份有限责任公司", "股份有限公司"), ("有限责任公司", "有限公司"), ("有限责任总公司", "有限公司"))
_KEY_DROP = re.compile(r"[（）()\[\]【】\s·•・.,，。、\-—_'\"“”‘’《》<>&+/]+")


def clean_text(text: object) -> str:
    """Text without invisible characters, with plain spaces, stripped; full-width punctuation is kept."""
    plain = _INVISIBLE.sub("", str(text).replace("\u00a0", " ").replace("\u3000", " "))
    return _SPACE.sub(" ", plain).strip()


def split_name(text: object) -> tuple[str, str]:
    """A name and the note written behind it: ``甲厂（停产）`` gives ``甲厂`` and ``停产``. （集团） or （中国） stay in the name."""
    plain = unicodedata.normalize("NFKC", clean_text(text)).strip(" '‘’\"“”*＊★;；,，、")
    note = ""
    found = _NOTE.search(plain)
    if found and found.start() > 1:
        plain, note = plain[: found.start()], found.group(1).strip()
    plain = _CJK_SPACE.sub("", plain.translate(_OPEN))
    return _SPACE.sub(" ", plain).strip(), note


def normal_name(text: object) -> str:
    """The one way of writing a name: half-width letters, full-width brackets, no spaces inside Chinese, no trailing note."""
    return split_name(text)[0]


def name_key(text: object) -> str:
    """Equal for variants of one name (brackets, spaces, case, 有限责任公司/有限公司); for comparing, never for showing."""
    key = _KEY_DROP.sub("", normal_name(text)).casefold()
    for long, short in _SUFFIXES:
        if key.endswith(long):
            return key.removesuffix(long) + short
    return key
