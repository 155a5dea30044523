"""Reads of the register, as frozen rows with names opened."""

from xinqiao.register.people.selectors.consent import consent_rules, consent_state, current_form

__all__ = ["consent_rules", "consent_state", "current_form"]
