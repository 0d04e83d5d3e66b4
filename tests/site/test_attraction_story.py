"""The story of a gap in headless Chromium: red node → verdict → short list → decision → lead → visit → assessed → talks → admission sheet → signed with
promises → proof of the next stage → the lamp turns → the weekly sheet as a file → the replay. Everything by clicks on real pages."""

import io
import json
import re
from datetime import date, timedelta

import openpyxl
import pytest
from docx import Document

from tests.site.conftest import SCREENS, browsing, liantu, serving, sign_in

pytestmark = SCREENS
TODAY = date.today()  # the site's own day: what is done on its pages is done today


@pytest.fixture(scope="module")
def office(demo_site):
    """The synthetic district being served: (address, password, folder)."""
    site, _, password = demo_site
    with serving(site) as address:
        yield address, password, site


@pytest.fixture(scope="module")
def page(office):
    with browsing(1440, 900) as page:
        sign_in(page, office[0], "demo", office[1])
        page.on("dialog", lambda dialog: dialog.accept())
        yield page


def rows(site, output):
    return json.loads(liantu("run", output, "--format", "json", site=site).stdout)["rows"]


def act(page, summary):
    """Open the fold of an action and give its form."""
    fold = page.locator("details.ev-act", has=page.locator("summary", has_text=summary)).first
    if fold.get_attribute("open") is None:
        fold.locator("summary").click()
    return fold.locator("form")


def fill(form, **values):
    """Fill the fields of a form by name, menus as well."""
    for name, value in values.items():
        field = form.locator(f"[name={name}]").first
        if field.evaluate("e => e.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(str(value))


def send(page, form):
    """Click the form's button; gives the text of the page that comes."""
    with page.expect_navigation():
        form.locator("button").last.click()
    page.wait_for_load_state()
    assert page.locator(".alert-error").count() == 0, page.locator(".alert-error").all_inner_texts()
    return page.inner_text("main")


def follow(page, pattern):
    """Click the first link whose address has the pattern."""
    link = page.locator(f"a[href*='{pattern}']:not(nav a):visible").first
    with page.expect_navigation():
        link.click()
    page.wait_for_load_state()
    return page.inner_text("main")


def test_from_a_red_node_to_a_kept_promise(office, page, tmp_path):
    address, _, site = office
    status = {r["code"]: r["status"] for r in rows(site, "chain_map")}
    known = {r["investor"] for r in rows(site, "lead_list")}
    target = next(r for r in sorted(rows(site, "target_scores"), key=lambda r: r["rank"]) if r["short_listed"] and status.get(r["node_code"]) in ("missing", "weak", "at_risk") and r["name"] not in known)
    node, firm = target["node_code"], target["name"]

    # the red node on the map, its panel, and the way to its verdict
    page.goto(f"{address}/maps/chain/{target['chain_code']}/")
    page.locator(f"svg [data-code='{node}']").first.click()
    page.locator(".drawer h2").wait_for()
    told = follow(page, "/attract/gaps/node/")
    assert re.search("招引|培育|协作|放弃|待核", told)

    # from the verdict to the short list of this node, and to the firm
    told = follow(page, "/attract/targets/?")
    assert firm in told
    follow(page, f"/attract/targets/{target['candidate']}/")
    decision = page.locator("form", has=page.locator("[name=reason]")).first
    if decision.locator("select[name=decision]").count():
        decision.locator("select[name=decision]").select_option("chosen")
    decision.locator("[name=reason]").fill("缺口环节，有扩产迹象，先行接触")
    button = decision.locator("button[name=decision][value=chosen]")
    with page.expect_navigation():
        (button if button.count() else decision.locator("button").last).click()
    assert "列为目标" in page.inner_text("main")

    # a lead of it
    follow(page, "/attract/leads/new/")
    form = page.locator("form[action*='/leads/new']")
    fill(form, title=f"{firm}生产基地", office="区投促中心", owner="招商员甲", content="建设一条产线", process="外购原料、成型、检测", invest_total="52000", fixed_assets="41000", land_mu="110", energy_tce="3200",
         pollutants="废气经处理达标排放", output_expected="68000", tax_expected="2600")
    send(page, form)
    lead = page.url
    assert re.search(r"/attract/leads/\d+/$", lead)

    # answered, visited, assessed, in talks
    send(page, act(page, "响应"))
    visit = act(page, "登记走访")
    fill(visit, visited_on=TODAY.isoformat(), kind="out", office="区投促中心", people="招商员甲", met="总经理", notes="看了总部和一期厂房，对方确认扩产", next_step="报送选址方案", next_on=(TODAY + timedelta(7)).isoformat())
    send(page, visit)
    if page.url != lead:
        page.goto(lead)
    assert "对方确认扩产" in page.inner_text("main")
    assess = act(page, "研判")
    fill(assess, verdict="follow", lead_class="a", reason="缺口环节，投资强度够，用能可承载")
    send(page, assess)
    send(page, act(page, "转为在谈项目"))
    if "/projects/" not in page.url:
        follow(page, "/attract/projects/")
    project = page.url
    assert "在谈" in page.inner_text("main")

    # the admission sheet: every item scored, admitted
    follow(page, "/admission/")
    sheet = page.locator("form", has=page.locator("[name=result]")).first
    for field in sheet.locator("input.pl-points").all():
        field.fill(str(round(float(field.get_attribute("max") or 4) * 0.8, 1)))
    for menu in sheet.locator("select:not([name=result])").all():
        menu.select_option(index=1)
    fill(sheet, result="passed", evidence="准入评审会议纪要 2026 年第 12 期")
    send(page, sheet)
    page.goto(project)
    assert "同意准入" in page.inner_text("main")

    # signed, with promises
    stage = act(page, "登记阶段")
    fill(stage, stage="signed", happened_on=TODAY.isoformat(), evidence="正式投资协议", number="投协〔2026〕40号")
    send(page, stage)
    assert "签约" in page.inner_text("main")
    follow(page, "/attract/promises/")
    promise = page.locator("form[action$='/add/']")
    if not promise.is_visible():
        page.locator("summary", has_text="登记一项承诺").first.click()
    fill(promise, kind="jobs", amount="360", due_on=(TODAY + timedelta(20)).isoformat(), clause="第六条")
    told = send(page, promise)
    assert "就业" in told and "360" in told
    before = lamp_of_promise(site, firm)

    # what came of it, by its source and with proof: the promise's lamp turns
    page.locator("summary", has_text="登记一个兑现数").first.click()
    actual = page.locator("form[action$='/actual/']")
    fill(actual, kind="jobs", amount="380", as_of=TODAY.isoformat(), source="insurance", evidence="社保参保证明")
    actual.locator("[name=verified]").check()
    send(page, actual)
    assert (before, lamp_of_promise(site, firm)) == ("yellow", "green")

    # proof of the next stage is accepted, hearsay is not; the project's lamp on the list turns green
    page.goto(project)
    stage = act(page, "登记阶段")
    fill(stage, stage="registered", happened_on=TODAY.isoformat(), evidence="对方电话告知")
    with page.expect_navigation():
        stage.locator("button").last.click()
    assert "佐证" in page.inner_text("main")
    assert len(page.broken) == 1 and "409" in page.broken.pop()  # the refusal itself
    page.goto(project)
    stage = act(page, "登记阶段")
    fill(stage, stage="registered", happened_on=TODAY.isoformat(), evidence="营业执照")
    send(page, stage)
    listed = next(r for r in rows(site, "pipeline_list") if r["investor"] == firm)
    assert (listed["stage"], listed["lamp"], listed["admission_result"]) == ("registered", "green", "passed")

    # the overview counts it, and the weekly sheet tells it
    page.goto(f"{address}/attract/")
    assert "招商项目" in page.inner_text("main")
    follow(page, "/attract/weekly/")
    for ending in ("docx", "xlsx"):
        with page.expect_download() as waiting:
            page.locator(f"a[href*='weekly.{ending}']").first.click()
        saved = tmp_path / f"weekly.{ending}"
        waiting.value.save_as(saved)
        assert firm in text_of(saved.read_bytes(), ending), ending

    # how good such lists were
    page.goto(f"{address}/attract/targets/")
    told = follow(page, "/attract/replay/")
    assert re.search("命中|没有记录|名单", told)
    assert page.broken == []


def lamp_of_promise(site, firm):
    """The lamp of the promise on jobs of a firm's project."""
    return next(r["lamp"] for r in rows(site, "promise_list") if firm in r["project_name"] and r["kind"] == "jobs")


def text_of(data, ending):
    """All text of a Word or Excel file."""
    if ending == "xlsx":
        return "\n".join(str(cell) for sheet in openpyxl.load_workbook(io.BytesIO(data)).worksheets for row in sheet.iter_rows(values_only=True) for cell in row if cell is not None)
    paper = Document(io.BytesIO(data))
    return "\n".join([p.text for p in paper.paragraphs] + [c.text for t in paper.tables for r in t.rows for c in r.cells])
