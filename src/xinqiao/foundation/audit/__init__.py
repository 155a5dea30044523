"""The audit: append-only events written with the change they tell of, chained by a sealer, verified by a command.

It owns `@command`, `record()`, the sealer and its checkpoints, and the presenters that turn events into sentences.
"""
