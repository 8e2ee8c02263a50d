"""`python -m benchmarks`: print a Markdown table; everything is made for this run and forgotten."""

from __future__ import annotations

import argparse
import platform
import tempfile
from pathlib import Path

from benchmarks.gost import gost_pairs
from benchmarks.measure import compare, table
from benchmarks.pairs import made_pdf, make_pairs
from benchmarks.warm import warm_pairs


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("--runs", type=int, default=3, help="how many runs of each")
    parser.add_argument("--documents", type=int, default=20, help="documents in each run")
    parser.add_argument("--batch", type=int, default=25, help="documents in one conversion call")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="marshrut-bench-") as folder:
        pairs = make_pairs(Path(folder), asked.documents, asked.batch)
        pairs += warm_pairs(Path(folder), made_pdf(), asked.documents)
        pairs += gost_pairs(Path(folder), asked.documents)
        comparisons = [compare(pair, asked.runs) for pair in pairs]
    print(f"Python {platform.python_version()}, {platform.machine()}, one process.")
    print("Documents a second: min / median / max; ratio of the medians, above 1 we are faster.\n")
    print(table(comparisons))


if __name__ == "__main__":
    main()
