#!/usr/bin/env python3
"""Draws a picture as pencil lines: sketch.py IN.png OUT.png

One process for each picture, nothing but Python's own library: a start for a filter of your own.
"""
import struct
import sys
import zlib


def read_png(data):
    """Width, height, channels and rows of a PNG image of 8 or 16 bits a sample, without interlace."""
    if data[:8] != b"\x89PNG\r\n\x1a\n":
        sys.exit("not a PNG image")
    place, packed = 8, b""
    while place < len(data):
        length, kind = struct.unpack(">I4s", data[place:place + 8])
        body = data[place + 8:place + 8 + length]
        if kind == b"IHDR":
            width, height, depth, colour, _, _, interlace = struct.unpack(">IIBBBBB", body)
        elif kind == b"IDAT":
            packed += body
        place += 12 + length
    channels = {0: 1, 2: 3, 4: 2, 6: 4}.get(colour)
    if channels is None or depth not in (8, 16) or interlace:
        sys.exit("a PNG image of a kind that this example does not read")
    step = channels * depth // 8
    size = width * step
    raw, rows, above = zlib.decompress(packed), [], bytes(size)
    for start in range(0, height * (size + 1), size + 1):
        row = unfilter(raw[start], bytearray(raw[start + 1:start + 1 + size]), above, step)
        rows.append(row[::2] if depth == 16 else row)
        above = row
    return width, height, channels, rows


def unfilter(kind, row, above, step):
    """Takes back what PNG's row filters (0 to 4) did."""
    if kind == 0:
        return row
    for i in range(len(row)):
        left = row[i - step] if i >= step else 0
        corner = above[i - step] if i >= step else 0
        up = above[i]
        if kind == 1:
            guess = left
        elif kind == 2:
            guess = up
        elif kind == 3:
            guess = (left + up) // 2
        else:
            ways = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
            guess = (left, up, corner)[ways.index(min(ways))]
        row[i] = (row[i] + guess) & 255
    return row


def write_png(width, height, rows):
    """A grey PNG image."""
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    packed = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows), 1)
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
            + chunk(b"IDAT", packed) + chunk(b"IEND", b""))


def sketch(width, channels, rows):
    """White paper, darker where brightness changes to the right or downwards."""
    if channels >= 3:
        grey = [[(2 * row[i] + 5 * row[i + 1] + row[i + 2]) >> 3 for i in range(0, len(row), channels)]
                for row in rows]
    else:
        grey = [list(row[::channels]) for row in rows]
    for y, row in enumerate(grey):
        below = grey[min(y + 1, len(grey) - 1)]
        right = row[1:] + row[-1:]
        yield bytes(max(0, 255 - 4 * (abs(a - b) + abs(a - c))) for a, b, c in zip(row, right, below))


def main():
    with open(sys.argv[1], "rb") as file:
        width, height, channels, rows = read_png(file.read())
    with open(sys.argv[2], "wb") as file:
        file.write(write_png(width, height, list(sketch(width, channels, rows))))


if __name__ == "__main__":
    main()
