"""HTTP: reading requests, writing answers, the log, and the failures that were ordered."""

import http.server
import json
import re
import ssl
import sys
import time
import traceback
import urllib.parse

import api
import control
import web
from records import Problem

PIECE = 1 << 18
LARGEST_DRAIN = 256 << 20


class Cut(Exception):
    """The connection ends here, whatever was to come."""


class Body:
    """The body of a request, by length or in chunks, read once and never as a whole."""

    def __init__(self, handler):
        self.stream, self.total, self.limit = handler.rfile, 0, None
        self.chunked = handler.headers.get("Transfer-Encoding", "").lower() == "chunked"
        length = handler.headers.get("Content-Length", "0")
        self.left = 0 if self.chunked or not length.isdigit() else int(length)
        self.done = not self.chunked and self.left == 0

    def _piece(self):
        if self.chunked and self.left == 0:
            size = self.stream.readline().split(b";")[0].strip()
            if not re.fullmatch(rb"[0-9a-fA-F]{1,15}", size):
                self.done = True
                raise ConnectionError("the client went away, or this is not a chunk")
            self.left = int(size, 16)
            if self.left == 0:
                while self.stream.readline().strip():
                    pass
                self.done = True
                return b""
        piece = self.stream.read1(min(self.left, PIECE))
        if not piece:
            self.done = True
            raise ConnectionError("the client went away within a body")
        self.left -= len(piece)
        if self.left == 0:
            if self.chunked:
                self.stream.readline()
            else:
                self.done = True
        return piece

    def pieces(self):
        while not self.done:
            piece = self._piece()
            self.total += len(piece)
            if self.limit is not None and self.total >= self.limit:
                self.done = True
                raise Cut()
            if piece:
                yield piece

    def all(self, largest):
        parts = []
        for piece in self.pieces():
            parts.append(piece)
            if self.total > largest:
                raise Problem(413, "The body is too large")
        return b"".join(parts)

    def drain(self):
        for _ in self.pieces():
            if self.total > LARGEST_DRAIN:
                raise Cut()


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "github-stand-in"
    timeout = 120
    disable_nagle_algorithm = True

    @property
    def state(self):
        return self.server.state

    def log_message(self, *arguments):
        """The log is kept, not printed."""

    def handle_any(self):
        self.entry, self.rule, self.kind, self.token = None, None, "api", None
        self.began = self.chunks = False
        self.room = None
        self.out = 0
        self.body = Body(self)
        if self.path.startswith("/api/uploads/"):
            # As Enterprise calls it; rules and the log know it as /uploads.
            self.path = self.path[len("/api") :]
        self.parts = urllib.parse.urlsplit(self.path)
        path = self.parts.path
        if path.startswith("/control/") and not self.server.storage:
            return self.guarded(lambda: control.answer(self))
        self.entry = {"method": self.command, "path": self.path, "status": None, "in": 0, "out": 0}
        with self.state.lock:
            self.state.log.append(self.entry)
        self.rule = self.state.failure(self.command, path)
        if self.rule and self.rule.kind == "cut-upload":
            self.body.limit = self.rule.bytes or 0
        if self.rule and self.rule.kind == "slow":
            time.sleep(self.rule.seconds)
        if self.server.storage:
            return self.guarded(lambda: web.storage(self))
        if path.startswith(("/api/v3/", "/uploads/")):
            return self.guarded(lambda: api.answer(self))
        return self.guarded(lambda: web.answer(self))

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

    def guarded(self, work):
        try:
            try:
                work()
            except Problem as problem:
                self.problem(problem)
            if not self.body.done:
                self.body.drain()
        except Cut:
            self.close_connection = True
            if self.entry:
                self.entry["cut"] = True
        except (ConnectionError, ssl.SSLError, TimeoutError) as failure:
            self.close_connection = True
            if self.entry:
                self.entry["broken"] = str(failure)
        except Exception as failure:  # a fault of the stand-in: the test must hear of it
            traceback.print_exc()
            self.state.violation(self.command, self.path, f"fault of the stand-in: {failure!r}")
            self.close_connection = True
            if not self.began:
                self.json(500, {"message": "Server Error"})
        finally:
            if self.entry:
                self.entry.update({"in": self.body.total, "out": self.out})
                self.state.count(f"{self.kind}_in", self.body.total)
                self.state.count(f"{self.kind}_out", self.out)

    # Failures that were ordered

    def fails(self):
        """Answers as ordered instead of doing the work; says whether it did."""
        rule = self.rule
        if not rule or rule.kind in ("cut", "cut-upload", "slow", "502-starter"):
            return False
        if rule.is_limit:
            self.json(*limited(rule))
        else:
            headers = {"Retry-After": str(rule.retry_after)} if rule.retry_after else {}
            self.json(rule.status, {"message": "Server Error"}, headers)
        return True

    # Answers

    def begin(self, status, headers, length=None):
        """The status line and the headers; without a length the answer goes out in chunks."""
        if self.rule and self.rule.kind == "cut":
            if self.rule.bytes is None:
                raise Cut()
            self.room = self.rule.bytes
        self.began = True
        if self.entry:
            self.entry["status"] = status
        self.send_response(status)
        for name, value in headers.items():
            if name.lower() not in ("content-length", "transfer-encoding"):
                self.send_header(name, value)
        bare = status in (204, 304) or self.command == "HEAD"
        self.chunks = length is None and not bare
        if self.chunks:
            self.send_header("Transfer-Encoding", "chunked")
        elif length is not None and status not in (204, 304):
            self.send_header("Content-Length", str(length))
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.flush()

    def send_piece(self, data):
        if self.command == "HEAD" or not data:
            return
        cut = self.room is not None and len(data) > self.room
        if cut:
            data = data[: self.room]
        if self.chunks and data:
            self.wfile.write(f"{len(data):x}\r\n".encode())
        self.wfile.write(data)
        if self.chunks and data and not cut:
            self.wfile.write(b"\r\n")
        self.out += len(data)
        if self.room is not None:
            self.room -= len(data)
        if cut:
            self.wfile.flush()
            raise Cut()

    def end(self):
        if self.chunks:
            if self.room is not None and self.out >= self.rule.bytes:
                raise Cut()
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()

    def bytes(self, status, data, headers):
        self.begin(status, headers, len(data))
        self.send_piece(data)
        self.end()

    def text(self, status, text, headers=None):
        self.bytes(status, text.encode(), {"Content-Type": "text/plain; charset=utf-8", **(headers or {})})

    def json(self, status, value, headers=None):
        with self.state.lock:
            self.state.used += 1
            used = self.state.used
        common = {
            "Content-Type": "application/json; charset=utf-8",
            "X-GitHub-Media-Type": "github.v3; format=json",
            "X-GitHub-Api-Version-Selected": "2022-11-28",
            "X-GitHub-Request-Id": f"{used:04X}:STAND:IN",
            "X-RateLimit-Limit": "5000",
            "X-RateLimit-Remaining": str(5000 - used % 5000),
            "X-RateLimit-Used": str(used % 5000),
            "X-RateLimit-Reset": str(int(time.time()) + 3600),
            "X-RateLimit-Resource": "core",
        }
        for name, text in (headers or {}).items():
            common = {known: one for known, one in common.items() if known.lower() != name.lower()}
            common[name] = text
        data = b"" if status == 204 else json.dumps(value).encode()
        self.bytes(status, data, common)

    def problem(self, problem):
        value = {"message": problem.message}
        if problem.errors:
            value["errors"] = problem.errors
        value.update(documentation_url="https://docs.github.com/rest", status=str(problem.status))
        self.json(problem.status, value, {**self.scopes(), **problem.headers})

    def scopes(self, accepted=""):
        """What the token may do and what the call takes; fine-grained tokens have no scopes."""
        if self.token is None or self.token.fine_grained:
            return {}
        return {"X-OAuth-Scopes": ", ".join(sorted(self.token.scopes)), "X-Accepted-OAuth-Scopes": accepted}


def limited(rule):
    """The primary limit (403, or 429 with the same headers) or the secondary one, as documented."""
    reset = int(time.time()) + rule.retry_after
    if rule.kind == "rate":
        headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Used": "5000", "X-RateLimit-Reset": str(reset)}
        message = "API rate limit exceeded for user ID 1."
    else:
        headers, message = {}, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
    if rule.kind == "secondary" or rule.status == 429:
        headers["Retry-After"] = str(rule.retry_after)
    return rule.status, {"message": message, "documentation_url": "https://docs.github.com/rest"}, headers


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def __init__(self, port, tls, storage=False):
        super().__init__(("127.0.0.1", port), Handler)
        self.state, self.storage = None, storage
        if tls:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*tls)
            # The handshake belongs to the connection's own thread.
            self.socket = context.wrap_socket(self.socket, server_side=True, do_handshake_on_connect=False)

    def handle_error(self, request, client_address):
        """A client that went away is nothing to tell of."""
        if not isinstance(sys.exc_info()[1], (OSError, ValueError)):
            super().handle_error(request, client_address)
