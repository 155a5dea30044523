"""How small a count of people speaks of a handful of them."""

SMALLEST_CELL = 5  # SOURCE: security paper, "statistics": fewer than five are not shown inside.
