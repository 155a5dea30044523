"""Scales, answer sheets and referrals as FHIR R4 says them, both ways. Decoding JSON is the caller's."""

from xinqiao.engines.fhir.faults import NotFhir
from xinqiao.engines.fhir.reading import ReadQuestionnaire, read_questionnaire
from xinqiao.engines.fhir.referrals import ReferralFacts, read_referral, referral_bundle
from xinqiao.engines.fhir.responses import Sheet, bundle_of, read_responses, response_of, sheet_faults
from xinqiao.engines.fhir.writing import may_pass_wording_on, passed_on, questionnaire_of

__all__ = [
    "NotFhir",
    "ReadQuestionnaire",
    "ReferralFacts",
    "Sheet",
    "bundle_of",
    "may_pass_wording_on",
    "passed_on",
    "questionnaire_of",
    "read_questionnaire",
    "read_referral",
    "read_responses",
    "referral_bundle",
    "response_of",
    "sheet_faults",
]
