"""Counselling of a pupil: the agreement, the sessions, and notes that only the counselling group can open."""
