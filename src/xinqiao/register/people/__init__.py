"""Students, guardians, staff, the ties between them, enrolment over time, consent, PINs and the roster import.

Names, numbers and birth dates are sealed under each person's own key; numbers are found again by blind index.
"""
