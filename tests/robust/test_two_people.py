"""Two people at once: nothing is lost, nothing doubled, and the history tells one order of events. On SQLite and PostgreSQL."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connections

from liantu.chains.records import load_template_records
from liantu.enterprises.models import AnnualFigure, Enterprise
from liantu.kernel.batch import Planned, undo
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.edition import freeze, list_editions
from liantu.kernel.models import Batch, Change, StoredFile
from liantu.kernel.problems import Refused, UserError
from tests.robust.kit import csv_bytes, firm_row, firm_sheet, form_batch, register, replay

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at once, each in a thread with a connection of its own; the answers, or the exceptions, in order."""
    answers: list[Any] = [None] * len(works)
    start = threading.Barrier(len(works))

    def run(at: int) -> None:
        try:
            start.wait()
            answers[at] = works[at]()
        except Exception as error:  # an answer too
            answers[at] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(at,)) for at in range(len(works))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
        assert not thread.is_alive(), "two writers wait for each other"
    return answers


def import_file(data: bytes, name: str = "名录.csv") -> Batch | None:
    return accept(open_draft(data, name))


def test_different_sheets(site):
    for at in range(3):
        first, second = together(lambda at=at: import_file(firm_sheet(range(at * 400, at * 400 + 200))), lambda at=at: import_file(firm_sheet(range(at * 400 + 200, at * 400 + 400))))
        assert first.created == second.created == 200
    assert Enterprise.objects.count() == Enterprise.objects.values("uscc").distinct().count() == 1200
    assert register() == replay()


def test_the_same_sheet(site):
    data = csv_bytes([{**firm_row(n), "2025年营业收入（万元）": "12.5"} for n in range(200)])
    answers = together(*[lambda: import_file(data)] * 3)
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sorted(a is None for a in answers) == [False, True, True]
    assert (Enterprise.objects.count(), AnnualFigure.objects.count(), Batch.objects.count(), StoredFile.objects.count()) == (200, 200, 1, 1)
    assert register() == replay()


def test_the_same_draft(site):
    draft = open_draft(firm_sheet(range(100)), "名录.csv")
    answers = together(*[lambda: accept(draft)] * 3)
    assert sum(isinstance(a, Batch) for a in answers) == 1
    assert [a.code for a in answers if isinstance(a, Refused)] == ["draft-closed"] * 2
    assert Enterprise.objects.count() == 100


def test_sheets_that_say_different_things_about_the_same_firms(site):
    import_file(firm_sheet(range(150)))
    answers = together(*[lambda n=n: import_file(firm_sheet(range(150), 地址=f"云澜区{n}号院"), f"名录{n}.csv") for n in range(3)])
    assert all(isinstance(a, Batch) and a.updated == 150 for a in answers), answers
    assert len(set(Enterprise.objects.values_list("address", flat=True))) == 1
    assert set(Enterprise.objects.values_list("revision", flat=True)) == {4}
    seen: dict[int, str] = {}
    for change in Change.objects.filter(table="enterprise").order_by("id"):
        if change.record in seen:
            assert change.before["address"] == seen[change.record]
        seen[change.record] = change.after["address"]
    assert register() == replay()


def test_editing_the_same_row(site):
    row = Planned("enterprise", {"name": "甲公司", "address": "原址"})
    form_batch([row])

    def edit(words: str) -> Batch:
        return form_batch([Planned("enterprise", {"address": words}, record=row.record, before={"address": "原址"}, revision=1)])

    answers = together(*[lambda n=n: edit(f"{n}号") for n in range(4)])
    won = [a for a in answers if isinstance(a, Batch)]
    assert len(won) == 1
    assert {a.code for a in answers if a not in won} == {"changed-meanwhile"}
    assert Enterprise.objects.get().revision == 2 and Change.objects.count() == 2
    assert register() == replay()


def test_undo_while_somebody_builds_on_it(site):
    for at in range(3):
        numbers = range(at * 100, at * 100 + 50)
        batch = import_file(firm_sheet(numbers))
        figures = csv_bytes([{"统一社会信用代码": firm_row(n)["统一社会信用代码"], "企业名称": firm_row(n)["企业名称"], "年份": "2025", "营业收入（万元）": "7"} for n in numbers])
        undone, built = together(lambda batch=batch: undo(batch), lambda figures=figures: accept(open_draft(figures, "年报.csv", as_table="annual_figure"), good_only=True))
        if isinstance(undone, Batch):
            assert built is None and not Enterprise.objects.filter(uscc=firm_row(at * 100)["统一社会信用代码"]).exists()
        else:
            assert undone.code == "batch-in-use" and built.created == 50
    assert register() == replay()


def test_undo_twice_at_once(site):
    batch = import_file(firm_sheet(range(50)))
    answers = together(*[lambda: undo(batch)] * 3)
    assert sum(isinstance(a, Batch) for a in answers) == 1
    assert [a.code for a in answers if isinstance(a, Refused)] == ["already-undone"] * 2
    assert register() == replay() and not Enterprise.objects.exists()


def test_the_same_chain(site):
    answers = together(*[lambda: load_template_records("nev_battery")] * 2)
    assert [a for a in answers if isinstance(a, Exception)] == []
    assert sum(a is None for a in answers) == 1
    assert register() == replay()


def test_editions_while_somebody_imports(site):
    """Each firm comes with a figure in the same batch: an edition that holds one without the other was taken in the middle."""
    def importing() -> None:
        for at in range(4):
            import_file(csv_bytes([{**firm_row(n), "2025年营业收入（万元）": "1"} for n in range(at * 100, at * 100 + 100)]))

    def freezing() -> list[Any]:
        return [freeze() for _ in range(6)]

    answers = together(importing, freezing, freezing)
    assert [a for a in answers if isinstance(a, Exception)] == []
    for edition in [*answers[1], *answers[2]]:
        firms, figures = edition.table("enterprise"), edition.table("annual_figure")
        assert firms.height == figures.height and firms.height % 100 == 0
        assert set(figures["enterprise"]) == set(firms["id"])
        assert Change.objects.filter(id__lte=edition.manifest.last_change).count() == 2 * firms.height
    numbers = [m.number for m in list_editions()]
    assert len(numbers) == len(set(numbers))
    for edition in [*answers[1], *answers[2]]:
        assert edition.number in numbers
        assert next(m for m in list_editions() if m.number == edition.number).content == edition.manifest.content


def test_one_number_for_two_formal_editions(site):
    import_file(firm_sheet(range(5)))
    answers = together(*[lambda n=n: freeze(number="2026-1.0", note=str(n)) for n in range(4)])
    assert {a.code for a in answers if isinstance(a, UserError)} == {"edition-exists"}
    won = [a for a in answers if not isinstance(a, Exception)]
    assert len(won) == 1 and [m.note for m in list_editions()] == [won[0].manifest.note]


def test_two_processes(site, tmp_path):
    """As two web workers do: processes of their own on one database."""
    import_file(firm_sheet(range(50)))
    settings = connections["default"].settings_dict
    connections.close_all()
    (tmp_path / "sheet.csv").write_bytes(firm_sheet(range(300), 地址="云澜区新址"))
    code = ("import sys; import tests.settings as s; s.DATABASES['default']['NAME'] = sys.argv[2]\n"
            "import django; django.setup()\nfrom liantu.kernel.desk import accept, open_draft\n"
            "batch = accept(open_draft(open(sys.argv[1], 'rb').read(), 'sheet.csv'))\nprint(batch.created + batch.updated if batch else 0)")
    command = [sys.executable, "-c", code, str(tmp_path / "sheet.csv"), str(settings["NAME"])]
    runs = [subprocess.Popen(command, cwd=Path(__file__).resolve().parents[2], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                             env={**os.environ, "DJANGO_SETTINGS_MODULE": "tests.settings"}) for _ in range(2)]
    told = [run.communicate(timeout=120) for run in runs]
    assert all(run.returncode == 0 for run in runs), told
    assert sorted(int(out) for out, _ in told) == [0, 300]
    assert Enterprise.objects.count() == 300 and register() == replay()
