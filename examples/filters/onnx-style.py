#!/usr/bin/env python3
"""Runs an image-to-image network: PNG images on standard input, PNG images on standard output.

    onnx-style.py MODEL.onnx [--range 1|255] [--output-range 1|255] [--multiple N] [--threads N]

MODEL takes and gives one picture as floats in the order batch, channel (red, green, blue), row, column. A picture
that is smaller than a model of one fixed size is padded with its own edge, and the result is cropped; a
larger one is scaled down to fit, and back up. A model of any size gets pictures whose sides are multiples of
--multiple, padded in the same way. A model that enlarges (2x, 4x) may do so.

Needs onnxruntime, numpy and Pillow from PyPI.
"""
import argparse
import io
import os
import struct
import sys

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def options():
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("--range", type=float, default=1, help="the value of white: 1 or 255")
    parser.add_argument("--output-range", type=float, help="the same of what comes out")
    parser.add_argument("--multiple", type=int, default=8)
    parser.add_argument("--threads", type=int, default=0, help="0 takes all cores")
    return parser.parse_args()


def read_image(stream):
    """The bytes of the next PNG image, or None at the end of the input."""
    data = stream.read(8)
    if not data:
        return None
    if data != SIGNATURE:
        sys.exit("not a PNG image")
    while not data.endswith(b"IEND\xae\x42\x60\x82"):
        head = stream.read(8)
        body = stream.read(struct.unpack(">I", head[:4])[0] + 4) if len(head) == 8 else b""
        if len(body) < 4:
            sys.exit("the input ended in the middle of an image")
        data += head + body
    return data


class Model:
    def __init__(self, given):
        self.white = given.range
        self.output_white = given.output_range or given.range
        self.multiple = max(1, given.multiple)
        settings = onnxruntime.SessionOptions()
        settings.intra_op_num_threads = given.threads
        settings.log_severity_level = 3
        self.session = onnxruntime.InferenceSession(
            given.model, settings, providers=onnxruntime.get_available_providers())
        first = self.session.get_inputs()[0]
        shape = first.shape
        if first.type != "tensor(float)" or len(shape) != 4 or shape[1] != 3:
            sys.exit(f"the model takes {first.type} {shape}, not float pictures of 3 channels")
        self.name = first.name
        # A side that is not fixed has a name, or none.
        self.height, self.width = (side if isinstance(side, int) and side > 0 else None for side in shape[2:])

    def size(self, width, height):
        """What the network gets for a picture, before padding and with it."""
        scale = min((self.width or width) / width, (self.height or height) / height, 1)
        inner = max(1, round(width * scale)), max(1, round(height * scale))
        up = [-(-side // self.multiple) * self.multiple for side in inner]
        return inner, (self.width or up[0], self.height or up[1])

    def apply(self, picture):
        inner, outer = self.size(*picture.size)
        scaled = picture if inner == picture.size else picture.resize(inner, Image.Resampling.LANCZOS)
        pixels = numpy.asarray(scaled, dtype=numpy.float32) * (self.white / 255)
        pad = ((0, outer[1] - inner[1]), (0, outer[0] - inner[0]), (0, 0))
        padded = numpy.pad(pixels, pad, mode="edge").transpose(2, 0, 1)[None]
        made = self.session.run(None, {self.name: numpy.ascontiguousarray(padded)})[0]
        if made.ndim != 4 or made.shape[1] != 3 or made.shape[2] % outer[1] or made.shape[3] % outer[0]:
            sys.exit(f"the model gives {list(made.shape)} for a picture of {outer[0]}x{outer[1]}")
        times = made.shape[2] // outer[1], made.shape[3] // outer[0]
        values = made[0].transpose(1, 2, 0)[:inner[1] * times[0], :inner[0] * times[1]]
        values = numpy.floor(values * (255 / self.output_white) + 0.5)
        result = Image.fromarray(numpy.clip(values, 0, 255).astype(numpy.uint8), "RGB")
        if inner != picture.size:
            result = result.resize(
                (picture.width * times[1], picture.height * times[0]), Image.Resampling.LANCZOS)
        return result


def main(out):
    model = Model(options())
    while (data := read_image(sys.stdin.buffer)) is not None:
        picture = Image.open(io.BytesIO(data)).convert("RGB")
        file = io.BytesIO()
        model.apply(picture).save(file, "PNG", compress_level=1)
        out.write(file.getvalue())
        out.flush()


if __name__ == "__main__":
    # What libraries print must not come between the pictures.
    pictures = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    try:
        import numpy
        import onnxruntime
        from PIL import Image
    except ImportError as missing:
        sys.exit(f"{missing}: `pip install onnxruntime numpy pillow`")
    main(pictures)
