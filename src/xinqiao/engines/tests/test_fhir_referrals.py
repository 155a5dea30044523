"""A referral goes out as FHIR and comes back the same; what was not chosen is not there."""

import json
from dataclasses import replace

import pytest

from xinqiao.engines.fhir import NotFhir, ReferralFacts, read_referral, referral_bundle
from xinqiao.engines.fhir.referrals import STATUS

FULL = ReferralFacts(
    id="0199-x", state="visit_dated", school="某校", contact="办公室 0571", partner="某医院", reason="睡不好",
    observed="独处多", name="某某", sex="female", age=13, family_name="家长", family_phone="0571-2",
    authored="2026-11-23T10:00:00+08:00", visit="2026-11-26",
)  # fmt: skip
SPARE = ("observed", "name", "sex", "age", "family_name", "family_phone", "authored", "visit")


@pytest.mark.parametrize("state", sorted(STATUS))
def test_every_state_goes_out_and_comes_back(state):
    facts = replace(FULL, state=state)
    assert read_referral(json.loads(json.dumps(referral_bundle(facts)))) == facts


@pytest.mark.parametrize("name", SPARE)
def test_what_was_not_chosen_is_absent(name):
    value = getattr(FULL, name)
    facts = replace(FULL, **{name: None if name == "age" else ""})
    assert read_referral(referral_bundle(facts)) == facts
    assert json.dumps(value) in json.dumps(referral_bundle(FULL)), "the control: where it was chosen, it is"
    assert json.dumps(value) not in json.dumps(referral_bundle(facts))


@pytest.mark.parametrize("broken", ["status", "subject", "intent"])
def test_a_broken_one_is_refused(broken):
    bundle = referral_bundle(FULL)
    del bundle["entry"][0]["resource"][broken]
    with pytest.raises(NotFhir):
        read_referral(bundle)
