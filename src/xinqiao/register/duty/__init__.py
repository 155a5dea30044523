"""Who is on duty where and when: shifts of the psychology teacher and the school's lead, with substitutes."""
