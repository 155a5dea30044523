"""Reads of the register, as frozen rows with names opened."""

from xinqiao.register.people.selectors.consent import able_to_decide, consent_state, current_form

__all__ = ["able_to_decide", "consent_state", "current_form"]
