"""The same two tables by girth, a third program: `python girth_figures.py > girth.json` (girth 0.8.0; not of ours)."""

import csv
import json
from pathlib import Path

import numpy as np
from girth import grm_mml
from girth.utilities import INVALID_RESPONSE


def main() -> None:
    """Print slopes and thresholds of each table."""
    found = {}
    for name in ("complete", "mixed"):
        with Path(f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.reader(file))[1:]
        table = np.array([[INVALID_RESPONSE if cell == "" else int(cell) for cell in row[1:]] for row in rows])
        fit = grm_mml(table.T, {"quadrature_n": 61, "quadrature_bounds": (-6, 6), "max_iteration": 500})
        found[name] = {
            "slopes": fit["Discrimination"].tolist(),
            "thresholds": [[each for each in row if each == each] for row in fit["Difficulty"].tolist()],
        }
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
