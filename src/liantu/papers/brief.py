"""简报: one chain on one edition in the order 数据—亮点—问题—建议, with what changed since the last formal edition."""

from __future__ import annotations

from datetime import date

from liantu.kernel.edition import Edition
from liantu.kernel.output import Version, output_of, shows
from liantu.papers.blocks import Block, Heading, Paper, Picture
from liantu.papers.chain import chain_of
from liantu.papers.chain_changes import since_blocks
from liantu.papers.chain_points import highlights, problems, problems_of, suggestions
from liantu.papers.chain_state import Telling, stand
from liantu.papers.paper_words import day_words, paper_words


def brief(edition: Edition, chain: str, *, since: Edition | None = None, version: Version = "internal", language: str = "zh", issue: str = "", signed_on: date | None = None) -> Paper:
    """The brief of a chain. ``issue`` is its number (2026年第12期), left to be filled in when not given; ``signed_on`` is the edition's day when not given.

    Raises UserError (``unknown-chain``) for a chain that the edition does not have.
    """
    telling = Telling(edition, chain_of(edition, chain), version, language)
    found, say = problems_of(telling), telling.say
    blocks: list[Block] = [Heading(1, say("基本情况", "How the chain stands")), *stand(telling)]
    changed = since_blocks(telling, since)
    if changed:
        blocks += [Heading(1, say("较上一版的变化", "What has changed")), *changed]
    blocks += [Heading(1, say("主要亮点", "Highlights")), *highlights(telling), Heading(1, say("存在问题", "Problems")), *problems(telling, found)]
    advice = suggestions(telling, found)
    blocks += [*([Heading(1, say("下一步建议", "Suggestions")), *advice] if advice else []), *chain_picture(telling)]
    words = paper_words("brief", edition, language)
    title = f"{telling.chain.zh}运行情况\n及强链补链建议" if language == "zh" else f"{telling.chain.title('en')}:\nstate and suggestions"
    return Paper(say("简报", "Brief"), title, tuple(blocks), issue or words.issue, words.issuer, day_words(signed_on or date.fromisoformat(edition.manifest.as_of), language),
                 words.reported_to, words.sent_to, masthead=words.masthead)


def chain_picture(telling: Telling) -> list[Picture]:
    """The chain's map, which stands in an annex; none in a version that may not show how the nodes stand."""
    if not shows(telling.version, output_of("chain_map").column("status")):
        return []
    return [Picture(telling.say(f"{telling.chain.zh}图谱", f"Map of the {telling.chain.title('en')}"), "chain_map", telling.chain.code)]
