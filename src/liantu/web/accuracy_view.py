"""What the accuracy pages show: a firm's words with the evidence marked and boilerplate aside, and the months as bars."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from liantu.chains.sampling import told_of
from liantu.methods.sample_accuracy import Estimate, precision

SHOWN = 14  # items of 经营范围 shown before the rest folds away
_SPLIT = re.compile(r"(?<=[；;。])")
_IDLE = re.compile(r"[（(][^（）()]*(?:依法|批准|许可证件|营业执照|审批)[^（）()]*[）)]|(?:许可|一般)(?:经营)?项目[:：]|以上[^；;。]*除外")
_PIECE = re.compile(r"^(?:名称|产品|经营范围)[:：](.+?)(?:（[^（）]*）)?$")


def words_of(evidence: str | None) -> list[str]:
    """The words that the machine found, out of its evidence text, longest first.

    >>> words_of("经营范围:方形铝壳电池（生产、销售）；行业代码:3841；产品:电芯≈方形电芯")
    ['方形铝壳电池', '电芯']
    """
    found = [m[1].split("≈")[0].strip() for piece in (evidence or "").split("；") if (m := _PIECE.match(piece.strip()))]
    return sorted(dict.fromkeys(w for w in found if w), key=lambda w: -len(w))


def marked(text: str, found: Iterable[str]) -> SafeString:
    """A text with the words found in it marked."""
    words = [re.escape(w) for w in found]
    if not words:
        return mark_safe(escape(text))
    parts = re.split(f"({'|'.join(words)})", text, flags=re.IGNORECASE)
    return mark_safe("".join(f"<mark>{escape(p)}</mark>" if at % 2 else escape(p) for at, p in enumerate(parts)))


def _grey(item: str, found: Sequence[str]) -> str:
    """One item; legal formulas grey, words found marked."""
    parts, at = [], 0
    for idle in _IDLE.finditer(item):
        parts += [marked(item[at:idle.start()], found), f'<span class="faint">{escape(idle[0])}</span>']
        at = idle.end()
    return "".join([*parts, marked(item[at:], found)])


def scope_parts(scope: str, found: Sequence[str]) -> tuple[SafeString, SafeString]:
    """经营范围 as (shown, folded away): items with evidence are always shown, then the first ones, in their order."""
    items = [i for i in _SPLIT.split(scope) if i.strip()]
    telling = [at for at, item in enumerate(items) if any(w.lower() in item.lower() for w in found)]
    chosen = set(telling[:SHOWN])
    chosen |= set([at for at in range(len(items)) if at not in chosen][:max(0, SHOWN - len(chosen))])
    shown = "".join(_grey(item, found) for at, item in enumerate(items) if at in chosen)
    return mark_safe(shown), mark_safe("".join(_grey(item, found) for at, item in enumerate(items) if at not in chosen))


def thin(checks: Iterable[Any], least: int) -> set[str]:
    """Chains with a stratum (chain × grade) of which too little is answered: fewer than ``least`` and not all. Their totals would rest on a few answers."""
    drawn: dict[tuple[str, str], list[int]] = {}
    for check in checks:
        if check.grade and check.chain:
            count = drawn.setdefault((check.chain.code, check.grade), [0, 0])
            count[0] += 1
            count[1] += check.answer is not None
    return {chain for (chain, _), (all_, done) in drawn.items() if done < min(least, all_)}


def months_drawn(checks: Iterable[Any], least: int, per_stratum: int) -> list[dict[str, Any]]:
    """One line per month, newest first: drawn, answered, right, precision with its interval and a bar; few answers give no figure."""
    by_month: dict[str, list[Any]] = {}
    for check in checks:
        by_month.setdefault(check.month, []).append(check)
    lines = []
    for month, own in sorted(by_month.items(), reverse=True):
        found = precision(told_of(own))
        enough = found.n >= least and found.value is not None and not thin(own, per_stratum)
        lines.append({"month": month, "drawn": len(own), "answered": sum(c.answer is not None for c in own), "n": found.n, "right": found.right, "enough": enough,
                      "value": f"{(found.value or 0) * 100:.1f}%", "interval": f"{found.low * 100:.0f}–{found.high * 100:.0f}%", "bar": bar(found) if enough else ""})
    return lines


def bar(found: Estimate, width: int = 220) -> SafeString:
    """A share as a bar from 0 to 100 % with its interval as a whisker."""
    value = (found.value or 0) * width
    low, high = found.low * width, found.high * width
    return mark_safe(f'<svg class="acc-bar" viewBox="0 0 {width} 16" width="{width}" height="16" role="img" aria-label="{(found.value or 0) * 100:.0f}%">'
                     f'<rect class="acc-ground" x="0" y="3" width="{width}" height="10" rx="2"/><rect class="acc-fill" x="0" y="3" width="{value:.1f}" height="10" rx="2"/>'
                     f'<path class="acc-whisker" d="M{low:.1f} 8H{high:.1f}M{low:.1f} 4V12M{high:.1f} 4V12"/></svg>')


def runner_up(why_not: str) -> tuple[str, str]:
    """The node named as second best ("" when none), and the sentence; earlier rows told the name twice (次选 甲：次选“甲”…)."""
    sentence = re.sub(r"^次选 [^：]*：(?=次选“)", "", why_not)
    named = re.match(r"次选“([^”]+)”", sentence)
    return named.group(1) if named else "", sentence
