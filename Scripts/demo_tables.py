"""Tables for a terminal."""

import unicodedata


def width(text):
    """How many cells a text takes: East Asian wide characters take two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else not unicodedata.combining(character) for character in text)


def heading(text):
    print(f"\n{text}\n", flush=True)


def table(columns, rows):
    """Prints rows under headings; a heading that begins with > is that of a column of numbers."""
    right = [column.startswith(">") for column in columns]
    lines = [[column.lstrip(">") for column in columns]] + [["-" if cell in (None, "") else str(cell) for cell in row] for row in rows]
    widths = [max(width(line[place]) for line in lines) for place in range(len(columns))]
    for line in lines:
        cells = []
        for cell, space, is_right in zip(line, widths, right):
            padding = " " * (space - width(cell))
            cells.append(padding + cell if is_right else cell + padding)
        print("  ".join(cells).rstrip(), flush=True)
