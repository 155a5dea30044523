"""What a member of staff asks of themselves: a scale answered alone, and a notebook that nobody else can open.

No role reads it, it raises no signal, and nothing of it is counted anywhere (`docs/adr/0019-private-notebook.md`).
"""
