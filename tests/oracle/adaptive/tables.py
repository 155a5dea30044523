"""Write the two tables of invented answers of this folder: `python tables.py`, here. Nobody real stands in them."""

import csv
from pathlib import Path

import numpy as np

TABLES = {
    # Name: sheets, categories of each item, share of answers missing.
    "complete": (800, (4, 4, 4, 4, 4, 4), 0.0),
    "mixed": (1_000, (2, 2, 3, 3, 4, 5, 2), 0.05),
}


def main() -> None:
    """Draw both tables anew; the seed is fixed."""
    rng = np.random.default_rng(20_261_126)
    for name, (sheets, categories, missing) in TABLES.items():
        trait = rng.standard_normal(sheets)
        columns = []
        for count in categories:
            slope, first = rng.uniform(0.8, 2.4), rng.uniform(-0.8, 0.4)
            steps = first + np.cumsum(np.concatenate([[0.0], rng.uniform(0.5, 0.9, count - 2)]))
            above = 1 / (1 + np.exp(-slope * (trait[:, None] - steps[None, :])))
            answers = (rng.random((sheets, 1)) < above).sum(axis=1)
            columns.append(np.where(rng.random(sheets) < missing, -1, answers))
        with Path(f"{name}.csv").open("w", newline="", encoding="utf-8") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(["id", *range(1, len(categories) + 1)])
            for at, row in enumerate(zip(*columns, strict=True), start=1):
                writer.writerow([f"s{at}", *("" if code < 0 else code for code in row)])


if __name__ == "__main__":
    main()
