"""The pure part of keeping a pupil in view: what a watch may become, and what stands against a look or an end."""
