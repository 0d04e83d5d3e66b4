"""`liantu demo`: make the synthetic district, import its dirty sheets through the desk, place, freeze, export."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from liantu.kernel.home import folder, home

FIRST = ("2026-1.0", date(2026, 10, 31), "演示版次（合成数据）")
SECOND = ("2026-2.0", date(2026, 11, 20), "下个月的演示版次（合成数据）")
console = Console(highlight=False)


@contextmanager
def _bar(what: str, total: int | None) -> Iterator[Any]:
    with Progress(TextColumn("{task.description:<26}"), BarColumn(32), MofNCompleteColumn(), TimeElapsedColumn(), TextColumn("{task.fields[now]}"), console=console) as progress:
        task = progress.add_task(what, total=total, now="")

        def step(done: int | None = None, of: int | None = None, now: str = "") -> None:
            progress.update(task, total=of, completed=done, now=now) if done is not None else progress.update(task, advance=1, now=now)

        yield step


def build(*, firms: int = 5000) -> None:
    """The whole path, from nothing to exported files; repeating it imports nothing twice."""
    started = time.perf_counter()
    from liantu.accounts import make_user, prepare
    from liantu.chains.placing import place_firms

    home().mkdir(parents=True, exist_ok=True)
    (home() / "SYNTHETIC").write_text("合成数据，仅供演示。Synthetic data, for demonstration only.\n", encoding="utf-8")
    console.print("合成数据演示：所有企业、数字和地名都是造的。")
    for line in prepare():
        console.print("  " + line)
    sheets = _make_sheets(firms)
    _import(sheets)
    place_firms()
    _freeze(*FIRST)
    _watch()
    _next_month()
    _events()
    _attraction()
    _freeze(*SECOND)
    exported = _export()
    password = make_user("demo", ("编辑", "内部"), staff=True)
    console.print(f"\n用时 {time.perf_counter() - started:.0f} 秒。导出的文件在 {exported}")
    console.print(f"登录用户 demo　密码 {password}　（每次运行重新生成，只显示这一次）")
    console.print("对照埋下的答案：liantu self-check --dir " + str(home()))


def _make_sheets(firms: int) -> list[Path]:
    from liantu.demo import generate

    target = folder("district")
    with _bar("生成各部门的表", None) as step:
        generate(target, firms=firms, progress=lambda what, done, total: step(done, total, what))
    return sorted(p for p in (target / "sheets").iterdir() if p.is_file())


def _import(paths: list[Path]) -> None:
    """Import every sheet; what the desk found and which rows became which firm is kept for the self-check."""
    from liantu.importing import in_order, take
    from liantu.kernel.desk import open_draft, read_draft
    from liantu.kernel.problems import UserError

    drafts, unreadable = [], []
    with _bar("读表", len(paths)) as step:
        for path in paths:
            try:
                drafts.append(open_draft(path.read_bytes(), path.name))
            except UserError as error:
                unreadable.append({"file": path.name, "code": error.code, "message": str(error)})
            step(now=path.name)
    _play_the_clerk(drafts)
    problems: list[dict[str, Any]] = []
    became: list[tuple[str, str, int, int, str]] = []
    rows = bad = 0
    with _bar("导入", len(drafts)) as step:
        for draft in in_order(drafts):
            plans: list[Any] = []
            take(draft, told=plans.append)
            reading, plan = read_draft(draft), plans[0]
            names = {(r.sheet, r.number): str(r.values.get("name")) for r in reading.rows if r.values.get("name")}
            problems += [{"code": p.code, "severity": p.severity, "file": p.file, "sheet": p.sheet, "row": p.row, "cell": p.cell, "seen": p.seen, "details": dict(p.details),
                          "name": names.get((p.sheet, p.row or 0))} for p in (*reading.problems, *plan.problems)]
            became += [(reading.file, sheet, row, item.record, names.get((sheet, row), "")) for sheet, row, item in plan.met if item.table == "enterprise" and item.record]
            rows, bad = rows + len(reading.rows), bad + len(plan.bad)
            step(now=reading.file)
    text = json.dumps({"problems": problems, "became": became, "unreadable": unreadable}, ensure_ascii=False)
    (home() / "findings.json").write_text(text, encoding="utf-8")
    console.print(f"  读到 {rows:,} 行，导入 {rows - bad:,} 行，{bad:,} 行有错留待处理；列出 {len(problems):,} 条问题" + "".join(f"\n  {u['file']}：{u['message']}" for u in unreadable))


def _play_the_clerk(drafts: list[Any]) -> None:
    """Say once what the headers mean that no alias knows, as a clerk does on the page; the desk remembers it."""
    from liantu.demo import Planted
    from liantu.kernel.desk import correct, read_draft

    unlisted = Planted.load(folder("district") / "planted.json").unlisted_headers
    for draft in drafts:
        for entry in unlisted:
            if entry["file"] == draft.file.name:  # read only these
                layouts = [la for la in read_draft(draft).layouts if any(entry["header"] in g.source for g in la.guesses)]
                for layout in layouts[:1]:
                    header = next(g.source for g in layout.guesses if entry["header"] in g.source)
                    correct(draft, layout.sheet, header, entry["means"].split(".", 1)[1])
                    console.print(f"  {draft.file.name}：列「{header}」由人指定为 {entry['means']}")


def _freeze(number: str, as_of: date, note: str) -> None:
    """Freeze a formal edition (a working one where the number exists already) and compute every output."""
    from liantu.kernel.edition import freeze, list_editions
    from liantu.kernel.output import outputs, run

    with _bar(f"定版 {number}、计算", 1 + len(outputs())) as step:
        known = {m.number for m in list_editions()}
        edition = freeze(number=None if number in known else number, as_of=as_of, approver="合成链长", note=note)
        step(now=edition.number)
        for name in outputs():
            run(name, edition)
            step(now=name)


def _watch() -> None:
    """The watch of the last months: three verified, the newest left to the reader."""
    from liantu.demo import Planted
    from liantu.demo.watch_play import play
    from liantu.kernel.edition import list_editions, open_edition
    from liantu.resilience.models import Signal

    if Signal.objects.exists():
        return  # played when the demo was made
    formal = [m for m in list_editions() if m.number == FIRST[0]]
    with _bar("监测", None) as step:
        for told in play(open_edition(formal[0].number), Planted.load(folder("district") / "planted.json")):
            step(now=told)


def _next_month() -> None:
    """A month later the sheets come again under other headers: nothing is asked. The second formal edition shows what changed."""
    from liantu.chains.follow import follow
    from liantu.demo import Planted, next_month
    from liantu.importing import in_order, take
    from liantu.kernel.desk import open_draft

    district = folder("district")
    planted = Planted.load(district / "planted.json")
    paths = next_month(district, planted, planted.settings["seed"])
    batches = []
    with _bar("下个月的表", len(paths) + 1) as step:
        for draft in in_order([open_draft(path.read_bytes(), path.name) for path in paths]):
            batches.append(take(draft))
            step(now=draft.file.name)
        follow(*batches)
        step(now="入链、工作版次")


def _events() -> None:
    """Two risk events, played through the actions of the workflow on the first edition's data."""
    from django.contrib.auth.models import User

    from liantu.accounts import make_user
    from liantu.demo.events import plant_events
    from liantu.kernel.edition import open_edition

    make_user("demo", ("编辑", "内部"), staff=True)
    with _bar("风险事件", None) as step:
        codes = plant_events(open_edition(), User.objects.get(username="demo"))
        step(len(codes), len(codes), "、".join(codes))


def _attraction() -> None:
    """A fortnight of the investment office on the first edition's short list; the project that comes of it joins the known answers."""
    from django.contrib.auth.models import User

    from liantu.attraction.pipeline_models import Lead
    from liantu.demo import Planted
    from liantu.demo.attraction_play import play
    from liantu.kernel.edition import open_edition
    path = folder("district") / "planted.json"
    with _bar("招商", None) as step:
        for told in play(open_edition(FIRST[0]), User.objects.get(username="demo")):
            step(now=told)
    planted = Planted.load(path)
    played = Lead.objects.exclude(decision=None).exclude(project=None).values_list("project__name", flat=True)
    planted.changes["projects_new"] += sorted(set(played) - set(planted.changes["projects_new"]))
    planted.save(path)


def _export() -> Path:
    from liantu.kernel.edition import open_edition
    from liantu.kernel.output import run
    from liantu.kernel.problems import UserError
    from liantu.papers.export import export

    target = folder("exports")
    edition = open_edition()
    chains = run("chain_summary", edition).frame["chain_code"].to_list()
    jobs = [("firm_list", "xlsx", {}), ("gap_list", "xlsx", {}), ("chain_masters", "xlsx", {}), ("single_supplier", "xlsx", {}), ("chain_summary", "xlsx", {})]
    jobs += [("chain_map", form, {"chain_code": chain}) for chain in chains for form in ("svg", "png", "pptx")]
    with _bar("导出", len(jobs)) as step:
        for output, form, where in jobs:
            try:
                made = export(output, edition, form, where=where)
                (target / made.name).write_bytes(made.data)
            except UserError as error:
                console.print(f"  {output}.{form} 没有导出：{error}")
            step(now=f"{output}.{form}")
    _pack(edition, target)
    return target


def _pack(edition: Any, target: Path) -> None:
    """The chain-chief pack of the largest chain; the page and ``liantu pack`` make the others."""
    from liantu.kernel.output import run
    from liantu.papers.pack import make_pack

    chain = run("chain_summary", edition).frame.sort("nodes", "chain_code", descending=[True, False])["chain_code"][0]
    with _bar("成套材料", None) as step:
        make_pack(edition, chain, target, tell=step)
