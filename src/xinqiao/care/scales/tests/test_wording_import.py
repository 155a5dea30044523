"""Publishing licensed wording: who may, for whom it counts, and that what was published stays."""

import pytest

from xinqiao.care.scales.models import ScaleVersion
from xinqiao.care.scales.selectors import best_version, launchable, readable_version, scale_of, scales_for
from xinqiao.care.scales.services import wording as service
from xinqiao.care.scales.services.wording import CannotImportWording, import_wording
from xinqiao.care.scales.tests.conftest import someone
from xinqiao.care.scales.tests.workbooks import ITEMS, filled, workbook
from xinqiao.care.scales.wording_file import open_upload, wording_of
from xinqiao.engines.scoring import check_scale
from xinqiao.foundation.access.actors import Forbidden, system_actor
from xinqiao.foundation.access.permissions import Role
from xinqiao.foundation.audit.models import AuditEvent
from xinqiao.foundation.audit.recording import Unchanged

LICENCE = {"holder": " 某出版社 ", "statement": "本校电子施测，合同 2026-17"}


@pytest.fixture
def wording(shipped):
    def read(code="mht", spoil=None):
        scale = scale_of(shipped[code])
        sheets = filled(scale)
        if spoil:
            spoil(sheets)
        return wording_of(open_upload(workbook(sheets), "wording.xlsx"), scale)

    return read


def test_a_school_publishes_its_wording(house, shipped, wording):
    version = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    scale = scale_of(version)
    assert (version.version, version.place, version.published_by) == ("1.0+w1", house.school.path, house.psych.id)
    assert scale.wording_licence == "某出版社: 本校电子施测，合同 2026-17"
    assert (scale.rendering, scale.items[84].text.zh_hans) == ("licensed", "虚构问题85")
    assert check_scale(scale) == []
    assert scale.subscales == scale_of(shipped["mht"]).subscales
    event = AuditEvent.objects.get(event="scales.wording.imported")
    assert (event.place, event.county_id, event.subject_id) == (house.school.path, house.county.id, version.id)


def test_it_may_be_used_there_and_below_and_nowhere_else(house, shipped, wording):
    version = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    below = f"{house.school.path}abcdefgh/"
    assert launchable(version, house.school.path) == launchable(version, below) == []
    assert launchable(version, house.other.path) == ["elsewhere"]
    assert launchable(shipped["mht"], house.school.path) == ["no_wording"]
    assert best_version("mht", below) == version
    assert best_version("mht", house.other.path) == shipped["mht"]
    assert readable_version(house.teacher, version.id) == (version, house.school.path)
    assert readable_version(house.stranger, version.id) is None
    assert readable_version(house.officer, version.id) is None
    assert version in [found for found, _place in scales_for(house.psych)]
    assert shipped["mht"] not in [found for found, _place in scales_for(house.psych)]
    assert shipped["mht"] in [found for found, _place in scales_for(house.stranger)]


def test_someone_at_two_schools_sees_what_counts_at_each(house, shipped, wording):
    version = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    both = someone(Role.PSYCH_TEACHER, house.school, house.other)
    found = [(v, place) for v, place in scales_for(both) if v.code == "mht"]
    assert sorted(found, key=lambda each: each[0].place) == [
        (shipped["mht"], house.other.path), (version, house.school.path),
    ]  # fmt: skip


def test_the_nearest_wording_counts(house, wording):
    at_county = someone(Role.PSYCH_TEACHER, house.county)
    wide = import_wording(house.county, actor=at_county, code="mht", wording=wording(), **LICENCE)
    near = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    found = {place: v for v, place in scales_for(someone(Role.CLASS_TEACHER, house.school, house.other))
             if v.code == "mht"}  # fmt: skip
    assert found == {house.school.path: near, house.other.path: wide}


def test_the_same_wording_again_changes_nothing(house, wording):
    import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    again = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    assert again == Unchanged("same_wording")
    assert ScaleVersion.objects.filter(code="mht", place=house.school.path).count() == 1


def test_new_wording_retires_the_former_and_keeps_it(house, wording):
    def other(sheets):
        sheets[ITEMS][1][1] = "另一句虚构问题"

    former = import_wording(house.school, actor=house.psych, code="mht", wording=wording(), **LICENCE)
    stored = former.definition
    newer = import_wording(house.school, actor=house.psych, code="mht", wording=wording(spoil=other), **LICENCE)
    former.refresh_from_db()
    assert (newer.version, former.retired_at is None, former.definition) == ("1.0+w2", False, stored)
    assert launchable(former, house.school.path) == ["retired"]
    assert best_version("mht", house.school.path) == newer
    assert readable_version(house.psych, former.id) == (former, house.school.path)


@pytest.mark.parametrize("actor", ["teacher", "stranger", "officer"])
def test_who_may_not_import(house, wording, actor):
    with pytest.raises(Forbidden):
        import_wording(house.school, actor=getattr(house, actor), code="mht", wording=wording(), **LICENCE)
    assert not ScaleVersion.objects.filter(place=house.school.path).exists()


@pytest.mark.parametrize(("code", "why"), [("phq-9", "ships_in_full"), ("no-such", "not_published")])
def test_what_may_not_be_imported(house, wording, code, why):
    with pytest.raises(CannotImportWording) as refused:
        import_wording(house.school, actor=house.psych, code=code, wording=wording(), **LICENCE)
    assert refused.value.code == why


def test_wording_that_makes_the_scale_unsound_is_refused(house, wording, monkeypatch):
    whole = wording()
    holed = type(whole)({n: t for n, t in whole.texts.items() if n != 5}, whole.labels, whole.instruction)
    with pytest.raises(CannotImportWording) as refused:
        import_wording(house.school, actor=house.psych, code="mht", wording=holed, **LICENCE)
    assert [(f.place, f.code) for f in refused.value.faults] == [("items.texts.5", "missing_key")]
    assert not ScaleVersion.objects.filter(place=house.school.path).exists()
    # Control: without the check it would have been published.
    monkeypatch.setattr(service, "check_scale", lambda scale: [])
    assert import_wording(house.school, actor=house.psych, code="mht", wording=holed, **LICENCE)


def test_without_an_instruction_a_plain_one_stands_there(house, wording):
    def without(sheets):
        del sheets["指导语"]

    version = import_wording(house.school, actor=house.psych, code="mht", wording=wording(spoil=without), **LICENCE)
    assert scale_of(version).instruction == service.PLAIN_INSTRUCTION


def test_the_command_line_imports_under_the_systems_name(house, wording):
    actor = system_actor("scale import")
    version = import_wording(house.school, actor=actor, code="mht", wording=wording(), **LICENCE)
    assert version.published_by is None
