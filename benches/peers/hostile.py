"""The hostile shape: a quoted cell lies across every MiB, and no chunk shows that it was entered inside quotes.

A parallel scanner that cuts a file there and guesses that a chunk starts outside quotes guesses wrong every time. Every
quoted cell here begins with a line end, ends with a comma and has one more in its middle. So when inside and outside
are taken for each other, every quote looks just as regular and every record has just as many cells: the guess can only
be found wrong by joining the chunks.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from random import Random

from words import WORDS

MIB = 1 << 20
# One cell: the first half is the last thing before a boundary, the second half the first thing behind it.
OPENING = b',"\nlorem ipsum,dolor sit amet,'
CLOSING = b'\nconsectetur,adipiscing,",end\n'
HEADER = b"id,text,last\n"
# Different units in turn, so that the period is 7 MiB and not a power of two.
UNITS = 7


def records(random: Random) -> Iterator[bytes]:
    """Records of some 150 bytes with one such cell each."""
    while True:
        words = random.choices(WORDS, k=18)
        halves = " ".join(words[:9]), " ".join(words[9:])
        last = random.choice(["", random.choice(WORDS)])
        yield f'{random.randrange(10**6)},"\n{",".join(halves)},",{last}\n'.encode()


def unit(random: Random, start: bytes) -> bytes:
    """One MiB: the start, records, and the beginning of a record whose cell goes on in the next one."""
    pieces, length = [start], len(start)
    for record in records(random):
        # Room for this record and for an identifier that pads the last one.
        if length + len(record) + len(OPENING) + 1 > MIB:
            break
        pieces.append(record)
        length += len(record)
    pieces.append(b"7" * (MIB - length - len(OPENING)) + OPENING)
    return b"".join(pieces)


def write(path: Path, size: int, random: Random) -> None:
    """As many whole MiB as fit into the size, at least one, and the end of the last cell."""
    first = unit(random, HEADER)
    others = [unit(random, CLOSING) for _ in range(UNITS)]
    with path.open("wb") as file:
        file.write(first)
        for index in range(max(size // MIB, 1) - 1):
            file.write(others[index % UNITS])
        file.write(CLOSING)
