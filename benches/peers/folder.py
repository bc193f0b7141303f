#!/usr/bin/env python3
"""Compares `fillrate batch` with DuckDB on folders of exports: answers first, then time, in interleaved rounds.

Two folders are made: many small exports with their reports, and some large ones. DuckDB computes the same counts in one
query over all files, grouped by file name. `fillrate batch` is timed twice: checking every export against its reports,
SHA-1 included, which is more work; and counting the same CSVs where there are no reports, with the figures of each file
printed. Of the large exports, one is verified alone too: what a batch does per second beside what one file does.

Prints Markdown. Needs 11 GB for 50 large exports, in a folder that is made for it and removed.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path
from statistics import median

# Before our own modules are loaded: nothing is left behind in the checkout.
sys.dont_write_bytecode = True

import machine  # noqa: E402
import timing  # noqa: E402
from contestants import Contestant  # noqa: E402
from peer import SCORE, THREADS  # noqa: E402
from tools import HERE, output, say  # noqa: E402

SMALL_RECORDS, LARGE_RECORDS = 151, 300_000
# Small exports are copies of so many different ones.
DIFFERENT = 10
CHECKING, COUNTING, DUCKDB, ALONE = "batch, checking", "batch, counting", "DuckDB", "verify, one export"
CLOSE = 1e-6


def parse_arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("work", type=Path, metavar="DIR", help="where the folders are made: it must not exist")
    parser.add_argument("--fillrate", type=Path, required=True, metavar="PATH", help="the release binary")
    parser.add_argument("--python", type=Path, required=True, metavar="PATH", help="a Python that has duckdb")
    parser.add_argument("--small", type=int, default=20_000, help="how many small exports (default: 20,000)")
    parser.add_argument("--large", type=int, default=50, help="how many large exports (default: 50)")
    parser.add_argument("--rounds", type=int, default=5, help="how many rounds (default: 5)")
    return parser.parse_args()


def sample(fillrate: Path, folder: Path, records: int, seed: int) -> None:
    """One export with its reports."""
    command = [str(fillrate), "sample", str(folder), "--records", str(records), "--seed", str(seed)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def make(arguments: argparse.Namespace, name: str, count: int, records: int) -> None:
    """The exports of a folder, 100 in a folder of its own each, and beside it the same CSVs without reports."""
    with_reports, plain = arguments.work / name, arguments.work / f"{name}-plain"
    for number in range(count):
        folder = with_reports / str(number // 100) / str(number)
        if records == SMALL_RECORDS and number >= DIFFERENT:
            shutil.copytree(with_reports / "0" / str(number % DIFFERENT), folder)
        else:
            sample(arguments.fillrate, folder, records, number)
        other = plain / folder.relative_to(with_reports)
        other.mkdir(parents=True)
        os.link(folder / "audience.csv", other / "audience.csv")


def contestants(arguments: argparse.Namespace, name: str) -> list[Contestant]:
    """Everybody, for one of the folders."""
    ours, folder = [str(arguments.fillrate)], arguments.work / name
    plain = f"{folder}-plain"
    options = ["--quiet", "--format", "json", "--threads", str(THREADS)]
    commands = {
        CHECKING: [*ours, "batch", str(folder), *options],
        COUNTING: [*ours, "batch", plain, *options, "--group-by", "folder"],
        DUCKDB: [str(arguments.python), "-B", str(HERE / "duckdb_folder.py"), plain],
    }
    if name == "large":
        one = folder / "0" / "0" / "audience.csv"
        commands[ALONE] = [*ours, "verify", str(one), "--threads", str(THREADS)]
    return [Contestant(key, command, out=arguments.work / f"{key}.out") for key, command in commands.items()]


def of_fillrate(text: str) -> dict[str, list[float]]:
    """The figures of every file, by its folder: the score's average last."""
    figures = {}
    for group in json.loads(text)["groups"]["groups"]:
        stats = group["stats"]
        counts = [stats["total"], *(rate["count"] for rate in stats["fillRates"].values())]
        counts += [bucket["count"] for bucket in stats["scoreHistogram"]]
        figures[group["name"]] = [*counts, stats["averages"][SCORE]]
    return figures


def of_duckdb(text: str) -> dict[str, list[float]]:
    """The same of DuckDB."""
    rows = [json.loads(line) for line in text.splitlines()]
    return {str(Path(row[0]).parent): row[1:] for row in rows if isinstance(row, list)}


def is_same(ours: list[float], theirs: list[float]) -> bool:
    """Counts are equal; the average, which is printed with six decimals, is near."""
    return ours[:-1] == theirs[:-1] and abs(ours[-1] - theirs[-1]) <= CLOSE


def compare_answers(name: str, everybody: list[Contestant], count: int, records: int) -> None:
    """Fails unless all exports match their reports, and DuckDB's counts are ours, file by file."""
    answers = {contestant.name: contestant.out.read_text() for contestant in everybody}
    summary = json.loads(answers[CHECKING])["summary"]
    assert (summary["inputs"], summary["verified"]) == (count, count), f"{name}: {summary}"
    ours, theirs = of_fillrate(answers[COUNTING]), of_duckdb(answers[DUCKDB])
    assert ours.keys() == theirs.keys() and len(ours) == count, f"{name}: other files"
    differing = [file for file, figures in ours.items() if not is_same(figures, theirs[file])]
    assert not differing, f"{name}: {len(differing)} files differ, {differing[0]} is the first"
    total = sum(figures[0] for figures in ours.values())
    assert total == count * records, f"{name}: {total} records"


def one_round(arguments: argparse.Namespace, name: str, everybody: list[Contestant], *sizes: int) -> timing.Round:
    """Runs everybody, and compares the answers in a process of its own: its memory would be seen in all peaks after it."""
    done = timing.one_round(everybody, arguments.work)
    failed = {key: run.errors for key, run in done.runs.items() if run.status}
    assert not failed, f"{name}: {failed}"
    comparing = multiprocessing.Process(target=compare_answers, args=(name, everybody, *sizes))
    comparing.start()
    comparing.join()
    assert comparing.exitcode == 0, f"{name}: the answers differ"
    return done


def compare(arguments: argparse.Namespace, name: str, count: int, records: int) -> None:
    """Makes a folder, compares the answers, and prints a table of times."""
    say(f"making {count:,} exports of {records:,} records")
    make(arguments, name, count, records)
    size = sum(file.stat().st_size for file in (arguments.work / f"{name}-plain").rglob("*.csv"))
    everybody = contestants(arguments, name)
    say("comparing answers")
    one_round(arguments, name, everybody, count, records)
    rounds = []
    for number in range(arguments.rounds):
        rounds.append(one_round(arguments, name, everybody, count, records))
        say(f"round {number + 1}: {', '.join(f'{key} {run.seconds:.2f} s' for key, run in rounds[-1].runs.items())}")
    steal, others = (100 * median(figures) for figures in zip(*((each.steal, each.others) for each in rounds)))
    print(f"\n### {count:,} exports of {records:,} records, {size / 1e9:.2f} GB\n")
    smallest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    print(f"{arguments.rounds} rounds; steal {steal:.1f} %, other programs {others:.1f} % of the cores.")
    print(f"Peaks count mapped files, and cannot be below {smallest:.0f} MB, those of the process that starts the others.\n")
    print("| whole process | median s | min | max | user s | sys s | peak MB | × counting |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    for contestant in everybody:
        spread = timing.spread(contestant.name, rounds, lambda run: run.seconds)
        ratio = median(each.runs[contestant.name].seconds / each.runs[COUNTING].seconds for each in rounds)
        user, system, peak = (
            timing.spread(contestant.name, rounds, figure).middle
            for figure in (lambda run: run.user, lambda run: run.system, lambda run: run.peak_bytes / 1e6)
        )
        print(
            f"| {contestant.name} | {spread.middle:.2f} | {spread.least:.2f} | {spread.most:.2f} "
            f"| {user:.2f} | {system:.2f} | {peak:,.0f} | {ratio:.2f} |"
        )
    if name == "large":
        one = (arguments.work / name / "0" / "0" / "audience.csv").stat().st_size
        shares = [(size / each.runs[CHECKING].seconds) / (one / each.runs[ALONE].seconds) for each in rounds]
        print(f"\nBytes per second of the batch, over those of one export: {100 * median(shares):.0f} %.")


def main() -> None:
    """Both folders, one after the other."""
    arguments = parse_arguments()
    arguments.work.mkdir(parents=True)
    try:
        version = output(arguments.python, "-c", "import duckdb; print(duckdb.__version__)")
        print(f"{machine.describe()}; load before: {machine.load():.2f}")
        print(f"{output(arguments.fillrate, '--version')}, duckdb {version}, {THREADS} threads each, warm")
        if arguments.small:
            compare(arguments, "small", arguments.small, SMALL_RECORDS)
        if arguments.large:
            compare(arguments, "large", arguments.large, LARGE_RECORDS)
    finally:
        shutil.rmtree(arguments.work)


if __name__ == "__main__":
    main()
