#!/usr/bin/env python3
"""A filter service on loopback that speaks three shapes of API, counts what it did, and fails on request.

See README.md. Python 3.9 or newer; nothing to install.
"""

import argparse
import base64
import binascii
import collections
import hashlib
import http.server
import json
import socket
import ssl
import struct
import sys
import threading
import time
import urllib.parse
import uuid
import zlib
from email.utils import formatdate

LARGEST_BODY = 64 << 20
LARGEST_SIDE = 8192
KEPT_BYTES = 256 << 20
PNG = b"\x89PNG\r\n\x1a\n"


class Problem(Exception):
    """What the caller did wrong: a status and a text."""

    def __init__(self, status, text):
        super().__init__(text)
        self.status = status


# Pictures


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


INVERT = bytes(255 - value for value in range(256))
POSTERISE = bytes(value // 64 * 85 for value in range(256))
FILTERS = {"invert": INVERT, "posterise": POSTERISE}


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
            low = pixels[lane * 2 + 1 :: lanes * 2].translate(INVERT) if name == "invert" else high
            pixels[lane * 2 + 1 :: lanes * 2] = low
    size = width * lanes * wide
    return encode(width, height, depth, colour, [bytes(pixels[y * size : (y + 1) * size]) for y in range(height)])


# What the service knows


class State:
    """Counts, files and jobs; every access holds the lock."""

    def __init__(self, work):
        self.lock = threading.RLock()
        self.work = work
        self.reset()

    def reset(self):
        with self.lock:
            self.requests = 0
            self.connections = 0
            self.paid = collections.Counter()
            self.failures = collections.Counter()
            self.files = collections.OrderedDict()
            self.keys = collections.OrderedDict()
            self.jobs = collections.OrderedDict()
            self.rules = []

    def counts(self):
        with self.lock:
            return {
                "requests": self.requests,
                "connections": self.connections,
                "frames": len(self.paid),
                "paid": sum(self.paid.values()),
                "paidTwice": sum(1 for times in self.paid.values() if times > 1),
                "failures": dict(self.failures),
            }

    def keep(self, name, data):
        with self.lock:
            self.files[name] = data
            while sum(map(len, self.files.values())) > KEPT_BYTES:
                self.files.popitem(last=False)

    def failure(self, query):
        """How this call shall fail: what its query says, or the next rule that was set."""
        with self.lock:
            rule = query if "fail" in query else None
            if rule is None and self.rules:
                first = self.rules[0]
                if first["after"] > 0:
                    first["after"] -= 1
                else:
                    rule = first["query"]
                    first["count"] -= 1
                    if first["count"] <= 0:
                        self.rules.pop(0)
            if rule is None:
                return None, {}
            self.failures[rule["fail"]] += 1
            return rule["fail"], rule


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "filter-server/1"
    disable_nagle_algorithm = True
    timeout = 600
    state: State
    key = None

    def setup(self):
        super().setup()
        with self.state.lock:
            self.state.connections += 1

    def log_message(self, *_):
        pass

    # Answers

    def answer(self, status, body=b"", kind="application/json", headers=()):
        """Head and body in one write."""
        if not isinstance(body, bytes):
            body = json.dumps(body).encode()
        self.send_response(status)
        for name, value in [("Content-Type", kind), ("Content-Length", str(len(body))), *headers]:
            self.send_header(name, value)
        self._headers_buffer.append(b"\r\n")
        if self.command != "HEAD":
            self._headers_buffer.append(body)
        self.flush_headers()

    def cut(self):
        """Ends the connection without a word."""
        self.close_connection = True
        if isinstance(self.connection, ssl.SSLSocket):
            self.connection.close()
            return
        # A reset, and not an orderly end.
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def finish(self):
        try:
            super().finish()
        except (OSError, ValueError):
            pass

    def picture(self, data, fail, rule):
        """A result, or what a faulty service makes of it. It has been paid for by now."""
        if fail == "cut":
            return self.cut()
        if fail == "wrong-size":
            width, height, depth, colour, rows = decode(data)
            data = encode(width, max(1, height // 2), depth, colour, rows[: max(1, height // 2)])
        elif fail == "not-image":
            return self.answer(200, b"<html><body>We will be back soon.</body></html>", "image/png")
        elif fail in ("truncated", "slow", "endless"):
            self.send_response(200)
            self.send_header("Content-Type", "image/png")
            if fail == "endless":
                self.send_header("Connection", "close")
                self.close_connection = True
            else:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if fail == "truncated":
                self.wfile.write(data[: len(data) // 2])
                self.wfile.flush()
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
            elif fail == "endless":
                for _ in range(int(rule.get("pieces", 100_000))):
                    self.wfile.write(data)
            else:
                pause = float(rule.get("seconds", 2)) / 10
                part = -(-len(data) // 10)
                for start in range(0, len(data), part):
                    time.sleep(pause)
                    self.wfile.write(data[start : start + part])
            return None
        return self.answer(200, data, "image/png")

    def fails_before_work(self, fail, rule):
        """Whether the call has failed before anything was done or paid."""
        if fail == "hang":
            time.sleep(float(rule.get("seconds", 600)))
            self.cut()
        elif fail == "cut-early":
            self.cut()
        elif fail is not None and fail.isdigit():
            wait, place = rule.get("retry_after"), rule.get("in", "header")
            body, headers = {"error": {"message": f"told to fail with {fail}"}}, []
            if wait is not None and place == "body":
                body["retry_after"] = float(wait)
            elif wait is not None and place == "date":
                headers.append(("Retry-After", formatdate(time.time() + float(wait), usegmt=True)))
            elif wait is not None:
                headers.append(("Retry-After", wait))
            self.answer(int(fail), body, headers=headers)
        else:
            return False
        return True

    # Requests

    def handle_any(self):
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        body = b""
        try:
            length = int(self.headers.get("Content-Length") or 0)
            if self.headers.get("Transfer-Encoding") or not 0 <= length <= LARGEST_BODY:
                self.close_connection = True
                raise Problem(413, f"a body has a length of at most {LARGEST_BODY} bytes")
            body = self.rfile.read(length)
            if len(body) != length:
                return self.cut()
            if url.path.startswith("/control/"):
                return self.control(url.path[len("/control/") :], query, body)
            with self.state.lock:
                self.state.requests += 1
            if self.key and self.key not in self.headers.get("Authorization", ""):
                raise Problem(401, "a key is missing: send it in Authorization")
            return self.serve(url.path, query, body)
        except Problem as problem:
            return self.answer(problem.status, {"error": {"message": str(problem)}})
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True
            return None

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any

    def control(self, name, query, body):
        state = self.state
        if name == "counts":
            return self.answer(200, state.counts())
        if name == "reset":
            state.reset()
            return self.answer(200, {})
        if name == "fail" and "fail" in query:
            rule = {"query": query, "count": int(query.get("count", 1)), "after": int(query.get("after", 0))}
            with state.lock:
                state.rules.append(rule)
            return self.answer(200, {})
        if name == "redirect" and "to" in query:
            return self.answer(int(query.get("status", 302)), headers=[("Location", query["to"])])
        if name == "echo":
            digest = hashlib.sha256(body).hexdigest()
            seen = {
                "method": self.command,
                "path": self.path,
                "headers": [list(item) for item in self.headers.items()],
                "length": len(body),
                "sha256": digest,
            }
            return self.answer(200, seen)
        raise Problem(404, f"there is no control '{name}'")

    def serve(self, path, query, body):
        parts = path.strip("/").split("/")
        if parts[0] == "files" and len(parts) > 1:
            return self.file("/".join(parts[1:]), query, body)
        if parts[0] == "raw" and self.command == "POST":
            return self.raw(parts[1] if len(parts) > 1 else "invert", query, body)
        if path.startswith("/v1/algo/") and self.command == "POST":
            return self.deepfilter(query, body)
        if parts[:2] == ["v1", "predictions"]:
            return self.predictions(parts[2:], query, body)
        raise Problem(404, f"there is no '{path}'")

    def file(self, name, query, body):
        if self.command == "PUT":
            self.state.keep(name, body)
            return self.answer(201, {})
        with self.state.lock:
            data = self.state.files.get(name)
        if data is None:
            raise Problem(404, f"there is no file '{name}'")
        fail, rule = self.state.failure(query)
        return self.fails_before_work(fail, rule) or self.picture(data, fail, rule)

    def work(self, name, data):
        """The work itself, which is what costs."""
        result = apply(name, data)
        with self.state.lock:
            self.state.paid[hashlib.sha256(data).hexdigest()] += 1
        if self.state.work:
            time.sleep(self.state.work)
        return result

    def raw(self, name, query, body):
        """A picture in, a picture out. The same Idempotency-Key is answered without work."""
        fail, rule = self.state.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        key = self.headers.get("Idempotency-Key")
        with self.state.lock:
            result = self.state.keys.get(key) if key else None
        if result is None:
            result = self.work(name, body)
            if key:
                with self.state.lock:
                    self.state.keys[key] = result
                    while len(self.state.keys) > 10_000:
                        self.state.keys.popitem(last=False)
        return self.picture(result, fail, rule)

    # Pictures by address

    def json_object(self, body):
        try:
            value = json.loads(body)
        except ValueError as error:
            raise Problem(400, f"the body is no JSON: {error}") from error
        if not isinstance(value, dict):
            raise Problem(400, "the body is no JSON object")
        return value

    def fetch(self, address):
        """A picture by its address: a data URL, or a file of this server. Nothing else is called."""
        if not isinstance(address, str):
            raise Problem(400, "an address is a text")
        if address.startswith("data:image/") and ";base64," in address[:100]:
            try:
                return base64.b64decode(address.split(",", 1)[1], validate=True)
            except binascii.Error as error:
                raise Problem(400, f"the data URL is no base64: {error}") from error
        with self.state.lock:
            data = self.state.files.get(self.name_of(address))
        if data is None:
            raise Problem(400, f"'{address[:200]}' is neither a data URL nor a file of this server")
        return data

    def name_of(self, address):
        """The name under /files/ of an address of this server, or of Algorithmia's data:// form."""
        if address.startswith("data://"):
            return address[len("data://") :]
        url = urllib.parse.urlsplit(address)
        if url.netloc not in ("", self.headers.get("Host")) or not url.path.startswith("/files/"):
            raise Problem(400, f"'{address[:200]}' is not on this server")
        return url.path[len("/files/") :]

    def base(self):
        scheme = "https" if isinstance(self.connection, ssl.SSLSocket) else "http"
        return f"{scheme}://{self.headers.get('Host')}"

    def deepfilter(self, query, body):
        """{"images": [..], "savePaths": [..], "filterName": ".."} -> {"result": {"savePaths": [..]}}"""
        fail, rule = self.state.failure(query)
        if self.fails_before_work(fail, rule):
            return None
        value = self.json_object(body)
        images, places = value.get("images"), value.get("savePaths")
        if not isinstance(images, list) or not isinstance(places, list) or len(images) != len(places):
            raise Problem(400, "images and savePaths are lists of one length")
        pictures = [self.fetch(image) for image in images]
        names = [self.name_of(place) for place in places]
        for picture, name in zip(pictures, names):
            self.state.keep(name, self.work(value.get("filterName"), picture))
        if fail == "error":
            # Such services say so with a status of 200.
            return self.answer(200, {"error": {"message": "told to fail"}})
        return self.cut() if fail == "cut" else self.answer(200, {"result": {"savePaths": places}})

    def predictions(self, parts, query, body):
        """POST creates a job, GET polls it, POST .../cancel ends it."""
        if not parts and self.command == "POST":
            fail, rule = self.state.failure(query)
            if self.fails_before_work(fail, rule):
                return None
            value = self.json_object(body)
            given = value.get("input")
            if not isinstance(given, dict):
                raise Problem(400, "input is an object")
            name = given.get("filter") or value.get("version")
            job = {"id": uuid.uuid4().hex, "begun": time.monotonic(), "polls": 0, "fail": fail}
            job["result"] = apply(name, self.fetch(given.get("image")))
            with self.state.lock:
                self.state.paid[hashlib.sha256(self.fetch(given.get("image"))).hexdigest()] += 1
                self.state.jobs[job["id"]] = job
                while len(self.state.jobs) > 10_000:
                    self.state.jobs.popitem(last=False)
            return self.cut() if fail == "cut" else self.answer(201, self.prediction(job))
        with self.state.lock:
            job = self.state.jobs.get(parts[0]) if parts else None
            if job is None:
                raise Problem(404, "there is no such prediction")
            if parts[1:] == ["cancel"] and self.command == "POST":
                if self.prediction(job)["status"] in ("starting", "processing"):
                    job["cancelled"] = True
                return self.answer(200, self.prediction(job))
            job["polls"] += 1
        fail, rule = self.state.failure(query)
        return self.fails_before_work(fail, rule) or self.answer(200, self.prediction(job))

    def prediction(self, job):
        """The job as Replicate shows it. It takes the time of --work, and one poll at least."""
        elapsed = time.monotonic() - job["begun"]
        address = f"{self.base()}/v1/predictions/{job['id']}"
        shown = {"id": job["id"], "output": None, "error": None, "urls": {"get": address, "cancel": f"{address}/cancel"}}
        if job.get("cancelled"):
            return {**shown, "status": "canceled"}
        if job["polls"] == 0 or elapsed < self.state.work:
            return {**shown, "status": "starting" if job["polls"] == 0 else "processing"}
        if job["fail"] == "error":
            return {**shown, "status": "failed", "error": "told to fail"}
        self.state.keep(f"predictions/{job['id']}.png", job["result"])
        output = f"{self.base()}/files/predictions/{job['id']}.png"
        return {**shown, "status": "succeeded", "output": output, "metrics": {"predict_time": max(elapsed, 0.001)}}


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        """A client that went away is nothing to tell of."""
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            super().handle_error(request, client_address)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, default=8700, help="0 takes a free one (default: 8700)")
    parser.add_argument("--work", type=float, default=0, metavar="SECONDS", help="how long a picture takes")
    parser.add_argument("--key", help="refuse requests without this text in Authorization")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="speak HTTPS with these PEM files")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    options = parser.parse_args()

    Handler.state = State(options.work)
    Handler.key = options.key
    server = Server(("127.0.0.1", options.port), Handler)
    if options.tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*options.tls)
        # The handshake belongs to the connection's own thread.
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    scheme = "https" if options.tls else "http"
    print(f"{scheme}://127.0.0.1:{server.server_address[1]}", flush=True)
    if options.until_eof:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), server.shutdown()), daemon=True).start()
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
