#!/usr/bin/env python3
"""The part of S3 that uploads in parts are, in pages as short as a server may make them, for the tests.

    parts.py          ETags of parts are their MD5
    parts.py --kms    they are not, as where a bucket encrypts with a key of its own
    parts.py --shy    lists of uploads are refused
    parts.py --shut   lists of parts are refused
    parts.py --busy   lists of uploads are for later

Prints one line of JSON when it is there, and ends with its standard input.

    POST /control/begin?key=K&age=S    an upload that was begun S seconds ago; answers its id
    POST /control/spoil?id=U           this upload cannot be finished
    POST /control/refuse?part=N        this part is not taken
    GET  /control/uploads              the ids of those that are not finished, in order
    GET  /control/log                  the requests: method, key, query
    GET  /control/object?key=K         the bytes of a finished one
"""

import datetime
import hashlib
import http.server
import itertools
import json
import sys
import threading
import time
import urllib.parse

kms, shy, shut, busy = (f"--{name}" in sys.argv for name in ("kms", "shy", "shut", "busy"))
lock = threading.Lock()
numbers = itertools.count(1)
# By id: key, time, parts by number.
uploads = {}
objects = {}
log = []
# Uploads that cannot be finished, and numbers of parts that are not taken.
spoilt = set()
refused = set()


def begin(key, age=0):
    name = f"upload-{next(numbers)}"
    uploads[name] = {"key": key, "time": time.time() - age, "parts": {}}
    return name


def tag(data):
    sum = hashlib.md5(data).hexdigest()
    return sum[::-1] if kms else sum


def page(items, first, size):
    """The items whose mark comes after `first`, no more than `size`, and whether there are others."""
    rest = [item for item in items if first is None or item[0] > first]
    return rest[:size], len(rest) > size


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body=b"", headers=()):
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def xml(self, root, text, status=200):
        self.answer(status, f"<?xml version='1.0'?><{root}>{text}</{root}>".encode())

    def refuse(self, status, code):
        self.xml("Error", f"<Code>{code}</Code><Message>no</Message>", status)

    def list_uploads(self, query):
        if shy:
            return self.refuse(403, "AccessDenied")
        if busy:
            return self.refuse(429, "SlowDown")
        after = (query["key-marker"], query["upload-id-marker"]) if "key-marker" in query else None
        found = sorted(
            ((one["key"], name), one) for name, one in uploads.items() if one["key"].startswith(query.get("prefix", ""))
        )
        items, more = page(found, after, 1)
        text = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        for (key, name), one in items:
            when = datetime.datetime.fromtimestamp(one["time"], datetime.timezone.utc)
            text += f"<Upload><Key>{key}</Key><UploadId>{name}</UploadId>"
            text += f"<Initiated>{when:%Y-%m-%dT%H:%M:%S}.000Z</Initiated></Upload>"
        if more:
            text += f"<NextKeyMarker>{key}</NextKeyMarker><NextUploadIdMarker>{name}</NextUploadIdMarker>"
        self.xml("ListMultipartUploadsResult", text)

    def list_parts(self, upload, query):
        if shut:
            return self.refuse(403, "AccessDenied")
        items, more = page(sorted(upload["parts"].items()), int(query.get("part-number-marker", 0)), 2)
        text = f"<IsTruncated>{str(more).lower()}</IsTruncated>"
        for number, data in items:
            text += f"<Part><PartNumber>{number}</PartNumber><Size>{len(data)}</Size>"
            text += f"<ETag>&quot;{tag(data)}&quot;</ETag></Part>"
        if more:
            text += f"<NextPartNumberMarker>{items[-1][0]}</NextPartNumberMarker>"
        self.xml("ListPartsResult", text)

    def complete(self, name, body):
        upload, text = uploads[name], body.decode()
        named = [piece.split("</ETag>")[0].replace("&quot;", "").strip(chr(34)) for piece in text.split("<ETag>")[1:]]
        parts = [upload["parts"].get(number) for number in range(1, len(named) + 1)]
        if name in spoilt or not all(data and tag(data) == one for data, one in zip(parts, named)):
            return self.refuse(400, "InvalidPart")
        objects[upload["key"]] = b"".join(parts)
        del uploads[name]
        self.xml("CompleteMultipartUploadResult", "<ETag>x</ETag>")

    def handle_any(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        split = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
        with lock:
            if split.path == "/control/begin":
                return self.answer(200, begin(query["key"], float(query["age"])).encode())
            if split.path == "/control/spoil":
                spoilt.add(query["id"])
                return self.answer(200)
            if split.path == "/control/refuse":
                refused.add(int(query["part"]))
                return self.answer(200)
            if split.path == "/control/uploads":
                return self.answer(200, json.dumps(list(uploads)).encode())
            if split.path == "/control/log":
                return self.answer(200, json.dumps(log).encode())
            if split.path == "/control/object":
                return self.answer(200, objects.get(query["key"], b""))
            key = split.path.split("/", 2)[2] if split.path.count("/") > 1 else ""
            log.append({"method": self.command, "key": key, "query": split.query})
            if self.command == "GET" and "uploads" in query:
                return self.list_uploads(query)
            if self.command == "POST" and "uploads" in query:
                return self.xml("InitiateMultipartUploadResult", f"<UploadId>{begin(key)}</UploadId>")
            if "uploadId" in query:
                upload = uploads.get(query["uploadId"])
                if not upload or upload["key"] != key:
                    return self.refuse(404, "NoSuchUpload")
                if self.command == "GET":
                    return self.list_parts(upload, query)
                if self.command == "PUT" and int(query["partNumber"]) in refused:
                    return self.refuse(403, "AccessDenied")
                if self.command == "PUT":
                    upload["parts"][int(query["partNumber"])] = body
                    return self.answer(200, headers=[("ETag", f'"{tag(body)}"')])
                if self.command == "DELETE":
                    del uploads[query["uploadId"]]
                    return self.answer(204)
                return self.complete(query["uploadId"], body)
            if self.command == "HEAD" and key in objects:
                return self.answer(200, objects[key])
        self.answer(404)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """A client that went away is nothing to tell of."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


server = Server(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"base": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)
sys.stdin.buffer.read()
