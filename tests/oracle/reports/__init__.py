"""Every number of every report once more: a seeded region, its raw rows, plain Python over them, the rendered pages."""
