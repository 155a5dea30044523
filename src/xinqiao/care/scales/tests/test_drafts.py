"""A unit's own forms: brought in by a file, mended, published only when nothing is left, never another unit's."""

import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from xinqiao.care.scales import drafting
from xinqiao.care.scales.drafting import Unusable, brought_in, judged, own_id
from xinqiao.care.scales.fhir_files import questionnaire_text, scale_file_text
from xinqiao.care.scales.models import ScaleDraft, ScaleVersion
from xinqiao.care.scales.packs import scale_folder
from xinqiao.care.scales.selectors import best_version, launchable, scale_of
from xinqiao.care.scales.services import drafts
from xinqiao.care.scales.services.drafts import StaleDraft, discard_draft, publish_draft, revise_draft, start_draft
from xinqiao.care.scales.services.publishing import CannotPublish
from xinqiao.care.scales.tests.test_pages import text_of
from xinqiao.engines.scoring import Fault
from xinqiao.engines.scoring.writing import scale_to_mapping
from xinqiao.foundation.access.permissions import Permission
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Forbidden, Unchanged


def whole(shipped, **changes):
    """A form in which nothing is left to mend."""
    return {**scale_to_mapping(scale_of(shipped["phq-9"])), "id": "own-mood", **changes}


@pytest.fixture
def draft(house, shipped):
    return start_draft(house.school, actor=house.psych, mapping=whole(shipped))


# ---- publishing


def test_a_whole_draft_is_published_for_its_unit_alone(house, draft):
    version = publish_draft(draft, actor=house.psych, revision=1)
    assert (version.code, version.version, version.place) == ("own-mood", "1.0", house.school.path)
    assert launchable(version, house.school.path) == []
    assert launchable(version, house.other.path) == ["elsewhere"]
    assert best_version("own-mood", house.school.path) == version
    assert best_version("own-mood", house.other.path) is None
    assert draft.published_id == version.id
    assert AuditEvent.objects.filter(event="scales.version.published", subject_id=version.id).exists()


LEFT = {
    "no examples": ({"examples": []}, "examples", "too_few_examples"),
    "a part short of an item": (
        {"subscales": {"total": {"title": {"en": "t", "zh-Hans": "总"}, "items": ["1-8"], "source": "kroenke-2001"}}},
        "subscales", "item_in_no_part",
    ),
    "another's id": ({"id": "phq-9"}, "id", "not_own_id"),
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_nothing_is_published_while_something_is_left(house, shipped, name):
    changes, place, code = LEFT[name]
    draft = start_draft(house.school, actor=house.psych, mapping=whole(shipped, **changes))
    with pytest.raises(CannotPublish) as refused:
        publish_draft(draft, actor=house.psych, revision=1)
    assert (place, code) in [(fault.place, fault.code) for fault in refused.value.faults]
    assert not ScaleVersion.objects.filter(place=house.school.path).exists()


def test_control_without_the_judge_a_faulty_draft_would_be_published(house, shipped, monkeypatch):
    real = drafting.judged
    monkeypatch.setattr(drafts, "judged", lambda draft: drafting.Judged(*vars_of(real(draft))))

    def vars_of(state):
        return state.mapping, state.scale, ()

    with pytest.raises(pytest.fail.Exception):
        test_nothing_is_published_while_something_is_left(house, shipped, "another's id")


def test_what_a_file_could_not_say_keeps_it_back(house, shipped):
    remark = Fault("item[3]", "no_coded_answers", "text")
    draft = start_draft(house.school, actor=house.psych, mapping=whole(shipped), remarks=[remark])
    assert judged(draft).faults == (remark,)
    revise_draft(draft, actor=house.psych, mapping=whole(shipped), revision=1)
    assert judged(draft).faults == ()


def test_a_version_number_is_used_once_and_the_former_version_is_retired(house, shipped, draft):
    first = publish_draft(draft, actor=house.psych, revision=1)
    again = start_draft(house.school, actor=house.psych, mapping=whole(shipped))
    assert [fault.code for fault in judged(again).faults] == ["version_used"]
    revise_draft(again, actor=house.psych, mapping=whole(shipped, version="1.1"), revision=1)
    second = publish_draft(again, actor=house.psych, revision=2)
    first.refresh_from_db()
    assert first.retired_at is not None
    assert best_version("own-mood", house.school.path) == second


@pytest.mark.parametrize(
    ("given", "made"),
    [("phq-9", "own-phq-9"), ("own-x", "own-x"), (None, "own-form"), ("a" * 30, "own-" + "a" * 20)],
)
def test_an_own_form_is_never_taken_for_one_that_ships(given, made):
    assert own_id(given) == made


# ---- together


def test_nobody_overwrites_another_unseen(house, shipped, draft):
    revise_draft(draft, actor=house.psych, mapping=whole(shipped, version="1.1"), revision=1)
    stale = ScaleDraft.objects.for_system(reason="a test").get(pk=draft.pk)
    for act in (
        lambda: revise_draft(stale, actor=house.psych, mapping=whole(shipped), revision=1),
        lambda: publish_draft(stale, actor=house.psych, revision=1),
        lambda: discard_draft(stale, actor=house.psych, revision=1),
    ):
        with pytest.raises(StaleDraft):
            act()
    assert not ScaleVersion.objects.filter(place=house.school.path).exists()
    assert discard_draft(stale, actor=house.psych, revision=2).ended_at is not None


def test_the_same_content_is_no_change(house, shipped, draft):
    assert isinstance(revise_draft(draft, actor=house.psych, mapping=whole(shipped), revision=1), Unchanged)


def test_what_has_ended_never_changes(house, shipped, draft):
    publish_draft(draft, actor=house.psych, revision=1)
    with pytest.raises(StaleDraft):
        discard_draft(draft, actor=house.psych, revision=2)


def test_only_whoever_may_import_makes_forms_and_sees_them(house, shipped, draft):
    for actor in (house.teacher, house.stranger, house.officer):
        with pytest.raises(Forbidden):
            start_draft(house.school, actor=actor, mapping=whole(shipped))
        with pytest.raises(Forbidden):
            publish_draft(draft, actor=actor, revision=1)
        assert not ScaleDraft.objects.visible_to(actor, Permission.SCALE_IMPORT).exists()
    assert ScaleDraft.objects.visible_to(house.psych, Permission.SCALE_IMPORT).exists()  # the control


# ---- files


def test_a_scale_comes_in_by_fhir_and_by_yaml_alike(shipped):
    scale = scale_of(shipped["phq-9"])
    by_fhir = brought_in(questionnaire_text(scale).encode(), "x.json")
    by_yaml = brought_in(scale_file_text(scale_to_mapping(scale)).encode(), "x.yaml")
    assert by_fhir.mapping["id"] == by_yaml.mapping["id"] == "own-phq-9"
    assert by_fhir.remarks == ()
    assert brought_in((scale_folder() / "phq-9.yaml").read_bytes(), "phq-9.yml").mapping["version"] == "1.0"


def test_what_a_foreign_file_leaves_out_is_remarked():
    item = {"linkId": "x", "type": "string", "text": "Why?"}
    body = json.dumps({"resourceType": "Questionnaire", "status": "draft", "title": "T", "item": [item]}).encode()
    got = brought_in(body, "x.json")
    assert [(fault.place, fault.code) for fault in got.remarks] == [("item[0]", "no_coded_answers")]


@pytest.mark.parametrize(
    ("body", "name", "place"),
    [
        (b"{", "x.json", "line 1, column 2"),
        (b'{"resourceType": "Patient"}', "x.json", "resourceType"),
        (b"id: x\nid: y\n", "x.yaml", "id"),
        (b"- a\n", "x.yaml", "file"),
        (b"x" * 1_000_001, "x.yaml", "file"),
        (b"\xff", "x.txt", "line 1"),
    ],
)
def test_what_is_no_form_makes_no_draft(body, name, place):
    with pytest.raises(Unusable) as refused:
        brought_in(body, name)
    assert refused.value.faults[0].place == place


# ---- pages


@pytest.fixture
def psych(client_of):
    return client_of("psych.")


def sent(client, body, name="form.yaml", **fields):
    unit = client.get(reverse("scales:drafts")).context["form"].fields["unit"].choices[0][0]
    fields.setdefault("unit", unit)
    return client.post(reverse("scales:drafts"), {"file": SimpleUploadedFile(name, body), **fields})


def test_a_form_goes_from_a_file_to_publication(psych, shipped):
    body = scale_file_text({**whole(shipped), "examples": []}).encode()
    made = sent(psych, body)
    assert made.status_code == 302
    page = text_of(psych.get(made.url))
    assert "发布前须改正的问题" in page
    assert "发布这份问卷" not in page
    mended = {"file": SimpleUploadedFile("f.yaml", scale_file_text(whole(shipped)).encode()), "revision": "1"}
    assert psych.post(made.url, mended).status_code == 302
    page = text_of(psych.get(made.url))
    assert "没有待改正的问题" in page
    assert "8 个手工算例" in page
    done = psych.post(f"{made.url}publish/", {"revision": "2"}, follow=True)
    assert done.status_code == 200
    version = ScaleVersion.objects.get(code="own-mood")
    assert version.published_by is not None
    assert psych.get(made.url).status_code == 404


def test_publishing_a_faulty_draft_by_hand_only_says_so(psych, shipped):
    made = sent(psych, scale_file_text({**whole(shipped), "examples": []}).encode())
    done = psych.post(f"{made.url}publish/", {"revision": "1"}, follow=True)
    assert "尚未发布" in text_of(done)
    assert not ScaleVersion.objects.filter(code="own-mood").exists()


def test_a_broken_file_is_answered_with_its_places(psych):
    answer = sent(psych, b'{"resourceType": "Questionnaire", "status": "x"}', "q.json")
    assert answer.status_code == 422
    assert "<code>status</code>" in text_of(answer)
    assert not ScaleDraft.objects.for_system(reason="a test").exists()


def test_the_draft_is_taken_as_a_file_and_thrown_away(psych, shipped):
    made = sent(psych, scale_file_text(whole(shipped)).encode())
    got = psych.get(f"{made.url}file.yaml")
    assert brought_in(got.content, "x.yaml").mapping == whole(shipped)
    psych.post(f"{made.url}discard/", {"revision": "1"})
    assert psych.get(made.url).status_code == 404
    assert "目前没有草稿" in text_of(psych.get(reverse("scales:drafts")))


def test_an_old_page_does_not_throw_away_what_was_changed(psych, shipped):
    made = sent(psych, scale_file_text(whole(shipped)).encode())
    body = scale_file_text(whole(shipped, version="1.1")).encode()
    psych.post(made.url, {"file": SimpleUploadedFile("f.yaml", body), "revision": "1"})
    assert "草稿已被他人修改" in text_of(psych.post(f"{made.url}discard/", {"revision": "1"}, follow=True))
    assert psych.get(made.url).status_code == 200
