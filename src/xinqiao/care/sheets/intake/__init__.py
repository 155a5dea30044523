"""The intake: the one small server that every pupil talks to, and the only writer of answers.

It is the listed exception to the command and manager rules: raw SQL, batches, one commit for many sheets, and a receipt
only after that commit. docs/adr/0003-intake.md says why.
"""
