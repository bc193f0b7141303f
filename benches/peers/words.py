"""Words for cells: made up from a short list, since only their lengths matter to a scanner."""

from __future__ import annotations

from random import Random

WORDS = (
    "lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor incididunt ut labore et dolore magna "
    "aliqua enim ad minim veniam quis nostrud exercitation ullamco laboris nisi aliquip ex ea commodo consequat größe"
).split()


def prose(random: Random, length: int) -> str:
    """About `length` bytes of text in lines of about 80, with a comma here and a quoted word there."""
    text, width, total = [], 0, 0
    while total < length:
        word = random.choice(WORDS)
        chance = random.random()
        if chance < 0.02:
            word = f'"{word}"'
        elif chance < 0.1:
            word += ","
        width += len(word) + 1
        total += len(word) + 1
        text.append(word + ("\n" if width > 80 else " "))
        if width > 80:
            width = 0
    return "".join(text)
