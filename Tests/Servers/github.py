#!/usr/bin/env python3
"""The part of GitHub's REST interface that releases and their assets are, for the tests.

Prints one line of JSON when it is there, and ends with its standard input.
POST /control/fail-uploads?n=2 makes the next uploads answer 502 and leave an asset in state "starter".
POST /control/limit?n=2&kind=K makes the next requests meet a limit, as GitHub documents them: K is "primary",
"secondary" or "secondary-429", and &seconds=S says how long; what comes before that time is refused too, and
GET /control/early tells how many that were. POST /control/fill makes releases take no more.
GET /control/count tells how many requests there were.
"""

import http.server
import itertools
import json
import sys
import threading
import time
import urllib.parse

lock = threading.Lock()
numbers = itertools.count(1)
releases = {}
assets = {}
failing = [0]
# "until" is a time of the clock that sleeps go by.
limit = {"n": 0, "until": 0, "kind": "", "seconds": 0}
early = [0]
full = [False]
count = [0]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, value=None, headers=()):
        body = b"" if value is None else json.dumps(value).encode()
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def route(self):
        split = urllib.parse.urlsplit(self.path)
        return split.path.strip("/").split("/"), dict(urllib.parse.parse_qsl(split.query))

    def allowed(self):
        if self.headers.get("Authorization") == "Bearer good-token-0123456789":
            return True
        self.body()
        self.answer(401, {"message": "Bad credentials"})
        return False

    def limited(self):
        """Answers with a limit where one is to be met."""
        with lock:
            count[0] += 1
            kind, seconds, now = limit["kind"], limit["seconds"], time.time()
            # GitHub says it in whole seconds.
            reset = int(now) + seconds
            if limit["n"]:
                limit["n"] -= 1
                limit["until"] = time.monotonic() + (reset - now if kind == "primary" else seconds)
            elif time.monotonic() < limit["until"]:
                early[0] += 1
            else:
                return False
        self.body()
        if kind == "primary":
            headers = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(reset))]
            self.answer(403, {"message": "API rate limit exceeded for user ID 1."}, headers)
        else:
            text = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
            self.answer(429 if kind == "secondary-429" else 403, {"message": text}, [("Retry-After", str(seconds))])
        return True

    def do_GET(self):
        parts, query = self.route()
        if parts == ["control", "count"]:
            return self.answer(200, count[0])
        if parts == ["control", "early"]:
            return self.answer(200, early[0])
        if self.limited():
            return
        with lock:
            if parts[0] == "storage":
                if "Authorization" in self.headers:
                    return self.answer(400, {"message": "a token went to another host"})
                return self.send_file(assets[int(parts[1])]["bytes"])
            if parts[:4] == ["repos", "ada", "films", "releases"]:
                rest = parts[4:]
                if len(rest) == 2 and rest[0] == "tags":
                    found = releases.get(rest[1])
                    return self.answer(200, found) if found else self.answer(404, {"message": "Not Found"})
                if len(rest) == 2 and rest[1] == "assets":
                    page, size = int(query.get("page", 1)), int(query.get("per_page", 30))
                    shown = [a["json"] for a in assets.values() if a["release"] == int(rest[0])]
                    return self.answer(200, shown[(page - 1) * size : page * size])
                if len(rest) == 2 and rest[0] == "assets":
                    asset = assets.get(int(rest[1]))
                    if not asset:
                        return self.answer(404, {"message": "Not Found"})
                    if self.headers.get("Accept") != "application/octet-stream":
                        return self.answer(200, asset["json"])
                    # As GitHub does: the bytes are somewhere else.
                    return self.answer(302, None, [("Location", f"http://127.0.0.1:{storage_port}/storage/{rest[1]}")])
        self.answer(404, {"message": "Not Found"})

    def send_file(self, data):
        first, last, status = 0, len(data) - 1, 200
        if (wanted := self.headers.get("Range", "")).startswith("bytes="):
            start, _, end = wanted[6:].partition("-")
            first, last, status = int(start), min(int(end or last), last), 206
        part = data[first : last + 1]
        self.send_response(status)
        self.send_header("Content-Length", str(len(part)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        self.wfile.write(part)

    def do_POST(self):
        parts, query = self.route()
        if parts == ["control", "fail-uploads"]:
            failing[0] = int(query["n"])
            return self.answer(200, {})
        if parts == ["control", "limit"]:
            limit.update(n=int(query["n"]), kind=query["kind"], seconds=int(query["seconds"]), until=0)
            return self.answer(200, {})
        if parts == ["control", "fill"]:
            full[0] = True
            return self.answer(200, {})
        if self.limited() or not self.allowed():
            return
        data = self.body()
        with lock:
            if parts == ["repos", "ada", "films", "releases"]:
                tag = json.loads(data)["tag_name"]
                if tag in releases:
                    return self.answer(422, {"message": "Validation Failed"})
                number = next(numbers)
                releases[tag] = {
                    "id": number,
                    "tag_name": tag,
                    "upload_url": f"http://127.0.0.1:{port}/uploads/{number}/assets{{?name,label}}",
                }
                return self.answer(201, releases[tag])
            if parts[0] == "uploads":
                release, name = int(parts[1]), query["name"]
                if any(a["release"] == release and a["json"]["name"] == name for a in assets.values()):
                    return self.answer(422, {"message": "Validation Failed: already_exists"})
                if full[0]:
                    error = {"resource": "ReleaseAsset", "code": "custom", "field": "file_count"}
                    error["message"] = "file_count limited to 1000 assets per release"
                    return self.answer(422, {"message": "Validation Failed", "errors": [error]})
                number = next(numbers)
                fails = failing[0] > 0
                failing[0] -= fails
                state = "starter" if fails else "uploaded"
                fields = {"id": number, "name": name, "size": 0 if fails else len(data), "state": state}
                assets[number] = {"release": release, "bytes": data, "json": fields}
                return self.answer(502, {"message": "Server Error"}) if fails else self.answer(201, fields)
        self.answer(404, {"message": "Not Found"})

    def do_DELETE(self):
        if self.limited() or not self.allowed():
            return
        parts, _ = self.route()
        with lock:
            gone = assets.pop(int(parts[-1]), None) if parts[-2] == "assets" else None
        self.answer(204 if gone else 404, None if gone else {"message": "Not Found"})


def serve():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server.server_address[1]


port, storage_port = serve(), serve()
print(json.dumps({"base": f"http://127.0.0.1:{port}"}), flush=True)
sys.stdin.buffer.read()
