"""Reading a made docx in tests."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from lxml import etree

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(data: bytes, name: str = "word/document.xml") -> etree._Element:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return etree.fromstring(package.read(name))


def words(data: bytes) -> str:
    """All paragraphs of the body, one a line."""
    return "\n".join("".join(t.text or "" for t in p.iter(W + "t")) for p in part(data).iter(W + "p"))


def controls(data: bytes) -> list[tuple[str, str]]:
    """(passport id, printed text) of every content control."""
    found = []
    for made in part(data).iter(W + "sdt"):
        tag = made.find(f"{W}sdtPr/{W}tag")
        found.append((tag.get(W + "val"), "".join(t.text or "" for t in made.iter(W + "t"))))
    return found


def changed(data: bytes, name: str, edit: Callable[[str], str]) -> bytes:
    """The file with one part rewritten; the rewriting must change something."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        seen = False
        for item in old.namelist():
            body = old.read(item)
            if re.fullmatch(name, item):
                text = body.decode()
                edited = edit(text)
                seen = seen or edited != text
                body = edited.encode()
            new.writestr(item, body)
    assert seen, "the mutation changed nothing"
    return out.getvalue()
