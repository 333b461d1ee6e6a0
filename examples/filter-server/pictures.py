"""PNG files in and out, and the filters between."""

import struct
import zlib

LARGEST_SIDE = 8192
PNG = b"\x89PNG\r\n\x1a\n"


class Problem(Exception):
    """What the caller did wrong: a status and a text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


def chunks(data):
    """The chunks of a PNG file, as (type, content)."""
    if not data.startswith(PNG):
        raise Problem(400, "not a PNG file")
    place = len(PNG)
    while place + 12 <= len(data):
        length, kind = struct.unpack_from(">I4s", data, place)
        content = data[place + 8 : place + 8 + length]
        if len(content) != length or place + 12 + length > len(data):
            break
        (check,) = struct.unpack_from(">I", data, place + 8 + length)
        if check != zlib.crc32(kind + content):
            raise Problem(400, "a damaged PNG file")
        yield kind, content
        if kind == b"IEND":
            return
        place += 12 + length
    raise Problem(400, "a PNG file that is cut short")


def decode(data):
    """A PNG file as (width, height, depth, colour type, rows of bytes)."""
    header, packed = None, []
    for kind, content in chunks(data):
        if kind == b"IHDR" and len(content) == 13:
            header = struct.unpack(">IIBBBBB", content)
        elif kind == b"IDAT":
            packed.append(content)
    if header is None:
        raise Problem(400, "a PNG file without a header")
    width, height, depth, colour, _, _, interlaced = header
    lanes = {0: 1, 2: 3, 4: 2, 6: 4}.get(colour)
    if lanes is None or depth not in (8, 16) or interlaced:
        raise Problem(400, "only grey and RGB in 8 or 16 bits, not interlaced, is supported")
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise Problem(400, f"{width}x{height} is too large")
    step = lanes * depth // 8
    size = width * step
    expected = (size + 1) * height
    try:
        raw = zlib.decompressobj().decompress(b"".join(packed), expected + 1)
    except zlib.error as error:
        raise Problem(400, f"a damaged PNG file: {error}") from error
    if len(raw) != expected:
        raise Problem(400, "a PNG file whose rows are not complete")
    rows, above = [], bytes(size)
    for start in range(0, expected, size + 1):
        above = unfilter(raw[start], raw[start + 1 : start + 1 + size], above, step)
        rows.append(above)
    return width, height, depth, colour, rows


def unfilter(kind, row, above, step):
    """One row without its filter (PNG, section 9.2)."""
    if kind == 0:
        return row
    row = bytearray(row)
    if kind == 1:
        for x in range(step, len(row)):
            row[x] = (row[x] + row[x - step]) & 255
    elif kind == 2:
        for x, up in enumerate(above):
            row[x] = (row[x] + up) & 255
    elif kind == 3:
        for x, up in enumerate(above):
            left = row[x - step] if x >= step else 0
            row[x] = (row[x] + (left + up) // 2) & 255
    elif kind == 4:
        for x, up in enumerate(above):
            left, corner = (row[x - step], above[x - step]) if x >= step else (0, 0)
            a, b, c = abs(up - corner), abs(left - corner), abs(left + up - 2 * corner)
            row[x] = (row[x] + (left if a <= b and a <= c else up if b <= c else corner)) & 255
    else:
        raise Problem(400, "a PNG file with an unknown filter")
    return bytes(row)


def encode(width, height, depth, colour, rows):
    def chunk(kind, content):
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    packed = zlib.compress(b"".join(b"\0" + row for row in rows), 1)
    return PNG + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


IDENTITY = bytes(range(256))
INVERT = bytes(255 - value for value in range(256))
POSTERISE = bytes(value // 64 * 85 for value in range(256))
FILTERS = {"identity": IDENTITY, "invert": INVERT, "posterise": POSTERISE}


def apply(name, data):
    """A PNG file filtered: every colour goes through a table, the alpha stays."""
    table = FILTERS.get(name)
    if table is None:
        raise Problem(404, f"there is no filter '{name}', only {', '.join(FILTERS)}")
    width, height, depth, colour, rows = decode(data)
    lanes = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    wide = depth // 8
    pixels = bytearray(b"".join(rows))
    for lane in range(lanes - (colour in (4, 6))):
        high = pixels[lane * wide :: lanes * wide].translate(table)
        pixels[lane * wide :: lanes * wide] = high
        if wide == 2:
            low = high if name == "posterise" else pixels[lane * 2 + 1 :: lanes * 2].translate(table)
            pixels[lane * 2 + 1 :: lanes * 2] = low
    size = width * lanes * wide
    return encode(width, height, depth, colour, [bytes(pixels[y * size : (y + 1) * size]) for y in range(height)])
