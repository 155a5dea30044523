"""What a reader can find out about the hidden cells of a table whose sums are published.

The table is a transportation problem: hidden cells are whole numbers from 0, and those of a row or a column add up to
what is left of its published sum. The largest value a cell may have is the true one plus the largest flow round the
other hidden cells that leaves every sum as it is (a max flow; Cox 1995, "Network models for complementary cell
suppression", J Am Stat Assoc 90:1453-1462); the smallest likewise.
"""

from collections import deque
from collections.abc import Collection, Iterator, Sequence
from typing import TypeAlias

Cell: TypeAlias = tuple[int, int]
Node: TypeAlias = tuple[str, int]
Range: TypeAlias = tuple[int, int]
Capacities: TypeAlias = dict[Node, dict[Node, int]]


def ranges_of(counts: Sequence[Sequence[int]], hidden: Collection[Cell]) -> dict[Cell, Range]:
    """Return for each hidden cell the smallest and the largest value that the published table leaves possible."""
    return {cell: _range_of(counts, hidden, cell) for cell in hidden}


def _range_of(counts: Sequence[Sequence[int]], hidden: Collection[Cell], cell: Cell) -> Range:
    row, column = cell
    value = counts[row][column]
    total = sum(sum(each) for each in counts)  # no flow is larger
    others = [other for other in hidden if other != cell]
    up = _largest_flow(_capacities(counts, others, total), ("column", column), ("row", row), total)
    down = _largest_flow(_capacities(counts, others, total), ("row", row), ("column", column), value)
    return value - down, value + up


def _capacities(counts: Sequence[Sequence[int]], cells: Collection[Cell], total: int) -> Capacities:
    """From a row to a column a cell may grow without bound, from a column to a row it may shrink to nothing."""
    found: Capacities = {}
    for row, column in cells:
        found.setdefault(("row", row), {})[("column", column)] = total
        found.setdefault(("column", column), {})[("row", row)] = counts[row][column]
    return found


def _largest_flow(capacities: Capacities, source: Node, sink: Node, enough: int) -> int:
    """Return the largest flow, at most `enough`: shortest augmenting paths (Edmonds & Karp 1972, J ACM 19:248-264)."""
    flow = 0
    while flow < enough and (path := _path(capacities, source, sink)):
        step = min(enough - flow, *(capacities[a][b] for a, b in path))
        for a, b in path:
            capacities[a][b] -= step
            capacities[b][a] = capacities.setdefault(b, {}).get(a, 0) + step
        flow += step
    return flow


def _path(capacities: Capacities, source: Node, sink: Node) -> list[tuple[Node, Node]]:
    came_from: dict[Node, Node] = {source: source}
    waiting = deque([source])
    while waiting and sink not in came_from:
        node = waiting.popleft()
        for neighbour in _open_from(capacities, node):
            if neighbour not in came_from:
                came_from[neighbour] = node
                waiting.append(neighbour)
    path = []
    node = sink
    while node in came_from and node != source:
        path.append((came_from[node], node))
        node = came_from[node]
    return path


def _open_from(capacities: Capacities, node: Node) -> Iterator[Node]:
    return (neighbour for neighbour, room in capacities.get(node, {}).items() if room > 0)
