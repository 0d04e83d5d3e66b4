"""What every page knows: the language, the edition in view, and the entries of the sidebar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language

from liantu.kernel.edition import Edition, open_edition
from liantu.kernel.problems import UserError
from liantu.web.current import current_edition, is_historic


def language() -> str:
    """``zh`` or ``en``: the language of the page being made."""
    return "en" if (get_language() or "").startswith("en") else "zh"


def say(zh: str, en: str) -> str:
    """One of two wordings, by the language of the page."""
    return en if language() == "en" else zh


def edition_of(request: HttpRequest) -> Edition | None:
    """The edition that the address asks for (``?edition=``), else the one chosen for the session, else the newest; None while there is none.

    An edition number that does not exist raises UserError, which becomes a friendly page.
    """
    if not hasattr(request, "liantu_edition"):
        wanted = request.GET.get("edition") or None
        try:
            found = open_edition(wanted) if wanted else current_edition(request)
        except UserError as error:
            if error.code != "no-edition":
                raise
            found = None
        request.liantu_edition = found  # type: ignore[attr-defined]
    return request.liantu_edition  # type: ignore[attr-defined, no-any-return]


def need_edition(request: HttpRequest) -> Edition:
    """The edition in view; UserError in words when there is none yet."""
    edition = edition_of(request)
    if edition is None:
        raise UserError(say("还没有版次，页面还没有数字可看。", "There is no edition yet, so there are no figures to show."), code="no-edition",
                        hint=say("请先导入表格并入库；入库后系统会生成工作版次。", "Import and accept a sheet first; a working edition is then made."))
    return edition


@dataclass(frozen=True)
class Entry:
    """One entry of the sidebar; it stands there only while its address exists."""

    zh: str
    en: str
    icon: str
    name: str
    args: tuple[str, ...] = ()
    prefix: str = ""


MENU: tuple[tuple[str, str, tuple[Entry, ...]], ...] = (
    ("", "", (Entry("总览", "Overview", "home", "home"),)),
    ("四图五清单", "Maps and lists", (
        Entry("四图五清单", "The set", "layers", "set", prefix="/set/"),
        Entry("产业链图谱", "Chain maps", "chain", "chain_maps", prefix="/maps/"),
        Entry("企业名录", "Firms", "factory", "firm_list", prefix="/firms/"),
        Entry("补短板清单", "Gap list", "target", "output", ("gap_list",)),
        Entry("链主候选", "Chain masters", "star", "output", ("chain_masters",)),
        Entry("成套材料", "Packs", "doc", "pack", prefix="/set/pack/"),
        Entry("全部图表清单", "All outputs", "list", "outputs"))),
    ("精准招商", "Attraction", (
        Entry("招商总览", "Attraction today", "home", "attract", prefix="/attract/"),
        Entry("缺口判断", "Gap verdicts", "target", "gap_verdicts", prefix="/attract/gaps/"),
        Entry("目标企业", "Target firms", "star", "targets", prefix="/attract/targets/"),
        Entry("名单回看", "Replay", "clock", "replay", prefix="/attract/replay/"),
        Entry("招商线索", "Leads", "list", "leads", prefix="/attract/leads/"),
        Entry("项目推进", "Pipeline", "layers", "pipeline", prefix="/attract/projects/"),
        Entry("招商周报", "Weekly sheet", "doc", "weekly", prefix="/attract/weekly/"),
        Entry("承诺台账", "Promises", "check", "promises", prefix="/attract/promises/"),
        Entry("重复签约", "Repeated signing", "link", "signings", prefix="/attract/signings/"),
        Entry("落地预测", "Landing forecast", "chart", "forecast", prefix="/attract/forecast/"),
        Entry("企业打扰提醒", "Contacts", "alert", "contacts", prefix="/attract/contacts/"),
        Entry("文本把关", "Check of a text", "search", "guards", prefix="/attract/guards/"))),
    ("登记", "Records", (
        Entry("导入表格", "Import", "upload", "desk", prefix="/import/"),
        Entry("登记表", "Registers", "table", "registers", prefix="/register/"),
        Entry("疑似重复", "Duplicates", "link", "pairs", prefix="/firms/pairs/"),
        Entry("产业链模板", "Chain templates", "pencil", "chain_editor", prefix="/chains/"))),
    ("监测", "Watch", (
        Entry("风险监测", "Risk watch", "alert", "watch", prefix="/watch/"),
        Entry("预警规则与记录", "Rules and record", "table", "rule_records", prefix="/watch/rules/"),
        Entry("风险事件", "Risk events", "list", "events", prefix="/events/"),
        Entry("冲击推演", "Shock simulator", "chart", "simulator", prefix="/watch/simulator/"),
        Entry("停摆影响", "Systemic risk", "layers", "output", ("systemic_risk",)),
        Entry("独家环节预警", "Single suppliers", "link", "output", ("single_supplier",)),
        Entry("应急演练", "Drills", "clock", "drills", prefix="/drills/"),
        Entry("入链准确率", "Accuracy", "check", "accuracy", prefix="/accuracy/"))),
    ("溯源", "Provenance", (
        Entry("版次", "Editions", "clock", "editions", prefix="/editions/"),
        Entry("凭证查询", "Passports", "search", "passport_find", prefix="/passport/"))),
)
"""The sidebar: (group zh, group en, entries). ``name`` is a URL name; entries whose name is unknown are left out."""


def menu(path: str) -> list[dict[str, Any]]:
    """The sidebar for a page: groups with their entries, each with ``url`` and ``here``."""
    groups: list[dict[str, Any]] = []
    for zh, en, entries in MENU:
        shown = []
        for entry in entries:
            try:
                url = reverse(entry.name, args=entry.args)
            except NoReverseMatch:
                continue
            prefix = entry.prefix or url
            fits = len(prefix) if path == url or (prefix != "/" and path.startswith(prefix)) else 0
            shown.append({"label": say(entry.zh, entry.en), "icon": entry.icon, "url": url, "fits": fits})
        if shown:
            groups.append({"label": say(zh, en), "entries": shown})
    best = max((e["fits"] for g in groups for e in g["entries"]), default=0)
    for group in groups:
        group["entries"] = [{**e, "here": bool(best) and e["fits"] == best} for e in group["entries"]]
    return groups


def _label(edition: Edition | None) -> str:
    return edition.label(language()) if edition else say("还没有版次", "no edition yet")


def _short(edition: Edition | None) -> str:
    """The edition's label without the word for synthetic data, which stands beside it as a badge."""
    return _label(edition).replace("　合成数据", "").replace(" · synthetic data", "")


def _safe_edition(request: HttpRequest) -> Edition | None:
    try:
        return edition_of(request)
    except UserError:
        return None


def _newest(request: HttpRequest) -> bool:
    found = _safe_edition(request)
    return found is None or found.number == open_edition().number


def site(request: HttpRequest) -> dict[str, Any]:
    """Context processor: ``lang``, ``site_name``, ``menu``, ``edition``, ``edition_label`` (under figures), ``edition_short``, ``synthetic``, ``historic``."""
    def edition() -> Edition | None:
        return _safe_edition(request)

    def synthetic() -> bool:
        found = _safe_edition(request)
        return bool(found and found.manifest.synthetic)

    signed_in = bool(getattr(request, "user", None) and request.user.is_authenticated)
    return {
        "lang": language(),
        "site_name": say("链图 · 工业强区", "liantu · industry-strong district"),
        "menu": SimpleLazyObject(lambda: menu(request.path)),
        "edition": edition() if signed_in else None,
        "edition_label": SimpleLazyObject(lambda: _label(_safe_edition(request))),
        "edition_short": SimpleLazyObject(lambda: _short(_safe_edition(request))),
        "synthetic": synthetic,
        "historic": signed_in and (is_historic(request) or bool(request.GET.get("edition"))) and not _newest(request),
    }
