#!/usr/bin/env python3
"""Reduces a picture to a few colours: PNG images on standard input, PNG images on standard output.

One process for many pictures, nothing but Python's own library. A model would be loaded once, before
the loop; what it prints must go to standard error.
"""
import struct
import sys
import zlib

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LEVELS = 4
TABLE = bytes(255 * ((value * LEVELS) >> 8) // (LEVELS - 1) for value in range(256))


def read(count):
    data = sys.stdin.buffer.read(count)
    if len(data) < count:
        sys.exit("the input ended in the middle of an image")
    return data


def read_image():
    """The header's body and the samples of the next image, or None at the end of the input."""
    first = sys.stdin.buffer.read(1)
    if not first:
        return None
    if first + read(7) != SIGNATURE:
        sys.exit("not a PNG image")
    packed = b""
    while True:
        length, kind = struct.unpack(">I4s", read(8))
        body = read(length + 4)[:-4]
        if kind == b"IHDR":
            header = body
        elif kind == b"IDAT":
            packed += body
        elif kind == b"IEND":
            return header, zlib.decompress(packed)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def rows(header, samples):
    """Rows without PNG's filters. vidgit writes none for 8 bits; others are for a larger program."""
    width, height, depth, colour, _, _, _ = struct.unpack(">IIBBBBB", header)
    size = width * {0: 1, 2: 3, 4: 2, 6: 4}[colour] * depth // 8
    for start in range(0, height * (size + 1), size + 1):
        if samples[start] != 0 or depth != 8:
            sys.exit("a PNG image of a kind that this example does not read")
        yield samples[start + 1:start + 1 + size]


def main():
    while (image := read_image()) is not None:
        header, samples = image
        made = b"".join(b"\0" + row.translate(TABLE) for row in rows(header, samples))
        sys.stdout.buffer.write(
            SIGNATURE + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(made, 1))
            + chunk(b"IEND", b""))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
