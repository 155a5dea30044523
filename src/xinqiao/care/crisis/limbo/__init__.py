"""Proof that nothing waits unseen: every signal, clock, notice and case looked at from its raw rows.

It shares no code with what it proves. When a clock is due is counted here again, by hand; who should have been told is
read from the rows and the audit. It changes nothing and names nobody.
"""
