#!/usr/bin/env python3
"""Serves the files of a folder by HTTP and does it badly, for the tests.

    faulty.py FOLDER cut         every connection breaks after 100,000 bytes of an answer
    faulty.py FOLDER busy        the first two of any three requests are answered 503
    faulty.py FOLDER down        all requests are answered 503
    faulty.py FOLDER no-ranges   always the whole, and it breaks once in the middle
    faulty.py FOLDER region      S3: sends on whoever has not signed for eu-west-9
    faulty.py FOLDER full        takes nothing: 507
    faulty.py FOLDER full=CODE   S3: takes nothing, and says this code with 400
    faulty.py FOLDER expired     S3: HEAD is refused, and so is GET in words, as for a link that is too old
    faulty.py FOLDER signed      S3: HEAD is refused, GET is not, as for a link that is not too old
    faulty.py FOLDER gone        all is gone: 410
    faulty.py FOLDER endless     S3: a list of nothing that always goes on
    faulty.py FOLDER moved       S3: sends elsewhere with 307
    faulty.py FOLDER garbled     answers 200 with what is no list
    faulty.py FOLDER echo        S3: refuses, and quotes the Authorization that it was sent

Prints one line of JSON when it is there, and ends with its standard input. GET /control/count tells
how many other requests there were.
"""

import http.server
import json
import os
import sys
import threading

folder, mode = sys.argv[1:3]
lock = threading.Lock()
count = [0]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, headers=(), body=b""):
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def error(self, status, code, message):
        self.answer(status, body=f"<Error><Code>{code}</Code><Message>{message}</Message></Error>".encode())

    def handle_any(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.path == "/control/count":
            return self.answer(200, body=str(count[0]).encode())
        with lock:
            count[0] += 1
            number = count[0]
        if mode == "down" or (mode == "busy" and number % 3):
            return self.answer(503, [("Retry-After", "0")], b"busy")
        if mode.startswith("full="):
            return self.error(400, mode[5:], "no room")
        if mode == "endless":
            text = f"<IsTruncated>true</IsTruncated><NextContinuationToken>t{number}</NextContinuationToken>"
            return self.answer(200, body=f"<ListBucketResult>{text}</ListBucketResult>".encode())
        if mode == "moved":
            return self.answer(307, [("Location", "http://127.0.0.1:9/")])
        if mode == "garbled":
            return self.answer(200, body=b"<html><p>hello")
        if mode == "echo":
            return self.error(403, "SignatureDoesNotMatch", "sent: " + self.headers.get("Authorization", ""))
        if mode == "gone":
            return self.answer(410)
        if mode == "expired" or (mode == "signed" and self.command == "HEAD"):
            return self.error(403, "AccessDenied", "Request has expired")
        if mode == "full":
            return self.answer(507, body=b"no room")
        if mode == "region":
            if "/eu-west-9/s3/" not in self.headers.get("Authorization", ""):
                return self.answer(301, [("x-amz-bucket-region", "eu-west-9")])
            # The bucket is the first part of the path.
            path = folder + self.path[self.path.index("/", 1) :]
        else:
            path = folder + self.path.split("?")[0]
        if not os.path.isfile(path):
            return self.answer(404)
        with open(path, "rb") as file:
            data = file.read()
        first, last, status = 0, len(data) - 1, 200
        wanted = self.headers.get("Range", "")
        if wanted.startswith("bytes=") and mode != "no-ranges":
            start, _, end = wanted[6:].partition("-")
            first, last, status = int(start), min(int(end or last), last), 206
        part = data[first : last + 1]
        self.send_response(status)
        self.send_header("Content-Length", str(len(part)))
        if status == 206:
            self.send_header("Content-Range", f"bytes {first}-{last}/{len(data)}")
        self.end_headers()
        if self.command == "HEAD":
            return
        if mode == "cut" or (mode == "no-ranges" and number < 3):
            part = part[:100_000]
            self.close_connection = True
        self.wfile.write(part)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = do_PROPFIND = do_MKCOL = handle_any


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"base": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)
sys.stdin.buffer.read()
