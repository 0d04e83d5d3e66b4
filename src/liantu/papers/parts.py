"""The maps and lists of a profile that a version may hold, as papers show them."""

from __future__ import annotations

from dataclasses import replace

from liantu.kernel.output import Version, output_of, outputs
from liantu.kernel.profile import Part, profile
from liantu.kernel.release import may_have


def held(output: str, version: Version) -> bool:
    """Whether there is such an output and the version holds it."""
    return output in outputs() and may_have(outputs()[output], version)


def map_parts(version: Version) -> list[Part]:
    """The maps in order; a map whose options name others (``also``) is followed by them, under their own titles."""
    found = []
    for part in profile().maps:
        found.append(part)
        for name in part.options.get("also", ()):
            other = output_of(str(name))
            found.append(replace(part, code=f"{part.code}_{other.name}", output=other.name, title=other.zh, title_en=other.en, options={}, where=(), columns=()))
    return [p for p in found if may_have(output_of(p.output), version)]


def list_parts(version: Version) -> list[Part]:
    """The lists in order."""
    return [p for p in profile().lists if may_have(output_of(p.output), version)]
