"""The demo city's own packs: sound together with the shipped ones, read in the demo city and nowhere else."""

from pathlib import Path

from django.conf import settings as django_settings

from xinqiao.doors.demo.cast import read_city
from xinqiao.register.policy.loading import load_packs, pack_folder, packs

FOLDER = Path(django_settings.XINQIAO_DEMO_PACKS)


def ids():
    return {each.pack.id for each in packs()}


def test_they_are_sound_and_bind_units_of_the_city():
    loaded = load_packs([*sorted(pack_folder().glob("*.yaml")), *sorted(FOLDER.glob("*.yaml"))])
    units = {unit.code for unit in read_city().units}
    demo = [each.pack for each in loaded if each.pack.id.startswith("demo-")]
    assert {code for pack in demo for code in pack.binds.units} <= units
    assert {pack.extends for pack in demo} == {"s1-province", "s2a-county", "s3-city-schools", "s3-city-universities"}


def test_they_hold_in_the_demo_city_alone(settings):
    assert not any(each.startswith("demo-") for each in ids())
    settings.XINQIAO_DEMO = True
    assert any(each.startswith("demo-") for each in ids())


def test_a_pack_for_nobody_binds_no_place():
    assert all(not each.pack.binds.everywhere for each in packs() if each.pack.binds.nobody)
