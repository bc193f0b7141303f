"""Files of the shapes that `fillrate sample` does not make, the same bytes for the same seed.

One block of records is made in Python and then repeated up to the wanted size, since making a gigabyte record by record
would take minutes. The block's length is no power of two, so that the repetition never falls in step with a scanner's
chunks, pages or SIMD blocks; the hostile shape is the exception, because falling in step is its purpose.
"""

from __future__ import annotations

import argparse
import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import hostile
from words import WORDS, prose

BLOCK_BYTES = 8_000_000
UNITS = {"": 1, "B": 1, "KB": 10**3, "MB": 10**6, "GB": 10**9, "KIB": 2**10, "MIB": 2**20, "GIB": 2**30}

Row = list[str]
Records = Iterator[bytes]


def parse_size(text: str) -> int:
    """Bytes of `1GB` (decimal) or `1GiB` (binary), as `fillrate sample --size` reads them."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?)([A-Za-z]*)", text)
    if not match or match[2].upper() not in UNITS:
        raise argparse.ArgumentTypeError(f"{text} is no size: write it as 50MB or 1GB")
    return int(float(match[1]) * UNITS[match[2].upper()])


def cell(text: str) -> str:
    """One cell, quoted only where RFC 4180 asks for it."""
    return quoted(text) if any(mark in text for mark in ',"\r\n') else text


def quoted(text: str) -> str:
    """One cell, quoted whether it must be or not."""
    return '"' + text.replace('"', '""') + '"'


def line(cells: Iterable[str], end: str = "\n") -> bytes:
    """One record of cells that are already quoted."""
    return (",".join(cells) + end).encode()


def wide(random: Random) -> Records:
    """B: many columns of which few are filled: almost only separators."""
    yield line(f"field{index:03}" for index in range(120))
    while True:
        yield line(random.choice(WORDS) if random.random() < 0.1 else "" for _ in range(120))


def narrow(random: Random) -> Records:
    """C: the most records and separators per byte; one cell in sixteen is empty, so that a count can be wrong."""
    yield line("abcd")
    values = [str(number) for number in range(80)] + [chr(letter) for letter in range(97, 117)]
    while True:
        yield line(random.choice(values) if random.random() < 15 / 16 else "" for _ in range(4))


def long_text(random: Random) -> Records:
    """D: the fewest separators per byte, and line ends, commas and quotes that are content."""
    yield line(["id", "title", "body", "tags"])
    number = 0
    while True:
        number += 1
        body = prose(random, random.randrange(1_000, 4_000)) if random.random() < 0.9 else ""
        title = " ".join(random.choices(WORDS, k=5))
        yield line([str(number), title, cell(body), random.choice(["", random.choice(WORDS)])])


def all_quoted(rows: Iterator[Row]) -> Records:
    """E: the audience with every cell in quotes, the empty ones too."""
    return (line(map(quoted, row)) for row in rows)


def quoted_when_empty(rows: Iterator[Row]) -> Records:
    """F: the audience with `""` for every empty cell: not filled, though it has two bytes."""
    return (line(cell(text) or '""' for text in row) for row in rows)


def irregular(rows: Iterator[Row]) -> Records:
    """G: the audience with a single quote inside an unquoted cell in every thousandth record.

    Such a quote is content for RFC 4180's common readers, and turns inside and outside around for everyone who only
    counts quotes.
    """
    for index, row in enumerate(rows):
        cells = [cell(text) for text in row]
        if index % 1_000 == 999:
            cells[1] = '19" rack'
        yield line(cells)


def crlf(rows: Iterator[Row]) -> Records:
    """I: the audience as Windows writes it."""
    return (line(map(cell, row), "\r\n") for row in rows)


@dataclass(frozen=True)
class Shape:
    """A shape by its letter in the protocol; made of nothing, of an audience, or by a writer of its own."""

    letter: str
    name: str
    about: str
    of_nothing: Callable[[Random], Records] | None = None
    of_audience: Callable[[Iterator[Row]], Records] | None = None


SHAPES = (
    Shape("A", "audience", "36 columns, about half filled"),
    Shape("B", "wide", "120 columns, 10 % filled", of_nothing=wide),
    Shape("C", "narrow", "4 columns of 1–2 bytes", of_nothing=narrow),
    Shape("D", "long-text", "4 columns, one of them 1–4 KB with line ends and quotes inside", of_nothing=long_text),
    Shape("E", "quoted", "an audience with every cell quoted", of_audience=all_quoted),
    Shape("F", "quoted-when-empty", 'an audience with `""` for every empty cell', of_audience=quoted_when_empty),
    Shape("G", "irregular", "an audience with an irregular quote every 1,000 records", of_audience=irregular),
    Shape("H", "hostile", "a quoted cell across every MiB, each quote regular from either side"),
    Shape("I", "crlf", "an audience with CRLF line ends", of_audience=crlf),
)


def parse_shape(text: str) -> Shape:
    """A shape by letter or name."""
    for shape in SHAPES:
        if text.lower() in (shape.letter.lower(), shape.name):
            return shape
    names = ", ".join(f"{shape.letter} {shape.name}" for shape in SHAPES)
    raise argparse.ArgumentTypeError(f"{text} is no shape: choose one of {names}")


def rows_of(path: Path) -> Iterator[Row]:
    """The rows of an existing file, header first."""
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.reader(file)


def block_of(records: Records) -> list[bytes]:
    """Records of about `BLOCK_BYTES` in all, or all there are."""
    block, length = [], 0
    for record in records:
        block.append(record)
        length += len(record)
        if length >= BLOCK_BYTES:
            break
    if length & (length - 1) == 0:
        block.pop()
    return block


def write_repeated(path: Path, header: bytes, block: list[bytes], size: int) -> None:
    """Whole blocks, then single records, until the file has the size."""
    joined = b"".join(block)
    with path.open("wb") as file:
        file.write(header)
        left = size - len(header)
        for _ in range(left // len(joined)):
            file.write(joined)
        left %= len(joined)
        for record in block:
            if left <= 0:
                break
            file.write(record)
            left -= len(record)


def write(shape: Shape, path: Path, size: int, seed: int, audience: Path | None) -> None:
    """Writes a file of that shape; `audience` is the export that the shapes E, F, G and I are made of."""
    if shape.letter == "H":
        hostile.write(path, size, Random(seed))
        return
    if shape.of_nothing:
        records = shape.of_nothing(Random(seed))
    elif shape.of_audience and audience:
        records = shape.of_audience(rows_of(audience))
    else:
        raise ValueError(f"the shape {shape.name} needs `fillrate sample`")
    header = next(records)
    write_repeated(path, header, block_of(records), size)


def main() -> None:
    """For a look at a shape, or for another benchmark that needs it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shape", type=parse_shape, help="letter or name, but A")
    parser.add_argument("file", type=Path)
    parser.add_argument("--size", type=parse_size, default="50MB")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--audience", type=Path, help="an audience.csv of `fillrate sample`, for E, F, G and I")
    arguments = parser.parse_args()
    if arguments.shape.letter == "A" or (arguments.shape.of_audience and not arguments.audience):
        parser.error("A is made by `fillrate sample`, and E, F, G and I of its file: give it with --audience")
    write(arguments.shape, arguments.file, arguments.size, arguments.seed, arguments.audience)


if __name__ == "__main__":
    main()
