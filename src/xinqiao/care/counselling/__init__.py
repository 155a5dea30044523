"""Counselling of a pupil by a counsellor: its agreement, its sessions, and notes that only the counselling group can open."""
