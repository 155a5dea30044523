"""Pages of scales: who sees what, what they say, and that trying leaves no trace."""

import pytest
from django.db import connection
from django.http import Http404
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import override

from xinqiao.care.scales import views
from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import scale_of
from xinqiao.care.scales.services.wording import import_wording
from xinqiao.care.scales.tests.workbooks import ITEMS, filled, workbook
from xinqiao.care.scales.wording_file import open_upload, wording_of
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.core import clock
from xinqiao.register.accounts.models import User

HIDDEN = "虚构问题85"


def text_of(response) -> str:
    return response.content.decode()


def import_mht(house, shipped, unit=None):
    scale = scale_of(shipped["mht"])
    wording = wording_of(open_upload(workbook(filled(scale)), "w.xlsx"), scale)
    return import_wording(
        unit or house.school, actor=house.psych, code="mht", wording=wording, holder="某出版社", statement="本校"
    )  # fmt: skip


def asked(house, view, *, actor, path="/", **kwargs):
    """The answer of a view to an actor of the house, without a browser."""
    request = RequestFactory().get(path)
    request.actor = actor
    request.user = User()
    return view(request, **kwargs)


def test_the_list_says_who_whose_and_whether_ready(client_of):
    body = text_of(client_of("psych").get(reverse("scales:index")))
    for words in (
        "PHQ-9 情绪低落量表",
        "学生自评：12 岁起",
        "可免费使用",
        "仅在有人值班时",
        "仅附计分规则",
        "供教职工使用",
    ):
        assert words in body
    assert f"{reverse('scales:import')}?scale=mht" in body


def test_who_may_not_import_is_not_offered_it(client_of):
    body = text_of(client_of("class").get(reverse("scales:index")))
    assert reverse("scales:import") not in body
    assert client_of("class").get(reverse("scales:import")).status_code == 403
    assert client_of("admin").get(reverse("scales:index")).status_code == 403


def test_the_list_costs_the_same_for_one_scale_and_for_all(house, shipped):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as caught:
            asked(house, views.index, actor=house.psych)
        return len(caught)

    many = queries()
    import_mht(house, shipped)
    assert queries() == many + 1  # the name of the licensed unit, once for all
    ScaleVersion.objects.exclude(code="mht").update(retired_at=clock.now())
    assert queries() == many + 1


def test_a_scale_is_read_with_its_key_and_sources(client_of, shipped):
    body = text_of(client_of("psych").get(reverse("scales:read", args=[shipped["phq-9"].id])))
    for words in (
        "想过“不如死了好”",
        "选 1 及以上为关键作答",
        "≥ 20 重度",
        "kroenke-2001",
        "我们的假定",
        "2001;16:606-613",
    ):
        assert words in body
    body = text_of(client_of("psych").get(reverse("scales:read", args=[shipped["mht"].id])))
    for words in (
        "目前不能在此用于学生",
        "81、83、85",
        "（常用，未经证实）",
        "第 85 题：选 1 及以上即发出线索",
        "周步成",
        "有漏答就没有得分。（我们的假定）",
    ):
        assert words in body


def test_every_scale_can_be_read_and_tried_in_both_languages(house, shipped):
    for language in ("zh-hans", "en"):
        with override(language):
            for version in shipped.values():
                for view in (views.read, views.try_page):
                    assert asked(house, view, actor=house.psych, version_id=version.id).status_code == 200


def test_licensed_wording_is_seen_in_its_unit_only(house, shipped):
    version = import_mht(house, shipped)
    assert HIDDEN in text_of(asked(house, views.read, actor=house.teacher, version_id=version.id))
    for actor in (house.stranger, house.officer):
        for view in (views.read, views.try_page):
            with pytest.raises(Http404):
                asked(house, view, actor=actor, version_id=version.id)
        body = text_of(asked(house, views.index, actor=actor))
        assert str(version.id) not in body
        compared = f"/?left={version.id}&right={shipped['phq-9'].id}"
        answer = asked(house, views.compare, actor=actor, path=compared)
        assert (answer.status_code, HIDDEN in text_of(answer)) == (422, False)


def test_control_the_wording_would_be_seen_if_places_did_not_count(house, shipped, monkeypatch):
    version = import_mht(house, shipped)
    monkeypatch.setattr(views, "readable_version", lambda actor, version_id: (version, house.other.path))
    assert HIDDEN in text_of(asked(house, views.read, actor=house.stranger, version_id=version.id))


def test_an_unknown_scale_is_not_found(client_of, house):
    assert client_of("psych").get(reverse("scales:read", args=[house.school.id])).status_code == 404


def test_trying_shows_scores_bands_and_what_a_signal_would_do(client_of, shipped):
    url = reverse("scales:try", args=[shipped["phq-9"].id])
    body = text_of(client_of("psych").post(url, {f"q{n}": 2 for n in range(1, 10)} | {"age": 14}))
    for words in ("18", "中重度", "达到青少年阳性线", "第 9 题", "12356"):
        assert words in body
    grown_up = text_of(client_of("psych").post(url, {f"q{n}": 2 for n in range(1, 10)} | {"age": 30}))
    assert "达到青少年阳性线" not in grown_up


def test_a_critical_answer_is_told_also_without_a_score(client_of, shipped):
    body = text_of(client_of("psych").post(reverse("scales:try", args=[shipped["mht"].id]), {"q85": 1}))
    assert "未作答：第 1–84、86–100 题" in body
    assert "若为学生作答，会立即启动求助" in body
    assert "第 85 题" in body


def test_a_void_trial_says_so_and_shows_its_scores(client_of, shipped):
    url = reverse("scales:try", args=[shipped["mht"].id])
    body = text_of(client_of("psych").post(url, {f"q{n}": 1 for n in range(1, 101)}))
    assert "得分无效" in body
    assert ">90<" in body


def test_an_answer_that_does_not_exist_is_refused(client_of, shipped):
    answer = client_of("psych").post(reverse("scales:try", args=[shipped["phq-9"].id]), {"q1": 7, "age": "abc"})
    assert answer.status_code == 422


def test_trying_leaves_no_trace(house, shipped):
    request = RequestFactory().post("/", {f"q{n}": 3 for n in range(1, 10)})
    request.actor, request.user = house.psych, User()
    before = AuditEvent.objects.count()
    with CaptureQueriesContext(connection) as caught:
        assert views.try_page(request, version_id=shipped["phq-9"].id).status_code == 200
    assert [q["sql"] for q in caught if not q["sql"].lstrip().upper().startswith("SELECT")] == []
    assert AuditEvent.objects.count() == before


def test_two_scales_stand_side_by_side(client_of, shipped):
    query = {"left": shipped["mht"].id, "right": shipped["phq-9"].id}
    body = text_of(client_of("psych").get(reverse("scales:compare"), query))
    for words in ("100 题", "9 题", "选项编码 0、1、2、3", "总分（0–27）", "效度量表 7 分及以上"):
        assert words in body
    assert client_of("psych").get(reverse("scales:compare")).status_code == 200


def upload(client, body, **changed):
    from django.core.files.uploadedfile import SimpleUploadedFile

    file = SimpleUploadedFile("填好的.xlsx", body)
    data = {"scale": "mht", "holder": "某出版社", "statement": "本校电子施测", "file": file} | changed
    return client.post(reverse("scales:import"), data)


def test_wording_is_imported_on_its_page(client_of, shipped):
    client, unit = client_of("psych"), client_of.units["songhu-junior"]
    body = workbook(filled(scale_of(shipped["mht"])))
    answer = upload(client, body, unit=unit.id)
    version = ScaleVersion.objects.get(code="mht", place=unit.path)
    assert (answer.status_code, answer.headers["Location"]) == (302, reverse("scales:read", args=[version.id]))
    page = text_of(client.get(answer.headers["Location"]))
    assert HIDDEN in page
    assert "某出版社: 本校电子施测" in page
    assert upload(client, body, unit=unit.id).headers["Location"] == reverse("scales:index")
    assert ScaleVersion.objects.filter(code="mht", place=unit.path).count() == 1


def test_a_faulty_workbook_is_told_and_nothing_is_published(client_of, shipped):
    client, unit = client_of("psych"), client_of.units["songhu-junior"]
    sheets = filled(scale_of(shipped["mht"]))
    sheets[ITEMS][3][1] = "=1+1"
    answer = upload(client, workbook(sheets), unit=unit.id)
    assert answer.status_code == 422
    assert "单元格是公式" in text_of(answer)
    assert "某出版社" in text_of(answer)
    assert not ScaleVersion.objects.exclude(place="").exists()


@pytest.mark.parametrize("field", ["holder", "statement"])
def test_no_wording_without_its_licence(client_of, shipped, field):
    client, unit = client_of("psych"), client_of.units["songhu-junior"]
    answer = upload(client, workbook(filled(scale_of(shipped["mht"]))), unit=unit.id, **{field: "  "})
    assert answer.status_code == 422
    assert not ScaleVersion.objects.exclude(place="").exists()


def test_nobody_imports_for_another_unit_or_a_scale_that_ships(client_of, shipped, house):
    client, unit = client_of("psych"), client_of.units["songhu-junior"]
    body = workbook(filled(scale_of(shipped["mht"])))
    assert upload(client, body, unit=house.school.id).status_code == 422
    assert upload(client, body, unit=unit.id, scale="phq-9").status_code == 422
    assert not ScaleVersion.objects.exclude(place="").exists()


def test_the_template_is_a_workbook_of_its_scale(client_of, shipped):
    answer = client_of("psych").get(reverse("scales:template", args=[shipped["mht"].id]))
    assert answer.headers["Content-Disposition"] == 'attachment; filename="mht-wording.xlsx"'
    assert answer.content.startswith(b"PK")
    assert client_of("class").get(reverse("scales:template", args=[shipped["mht"].id])).status_code == 403
