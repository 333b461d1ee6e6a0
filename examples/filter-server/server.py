#!/usr/bin/env python3
"""A filter service on loopback that speaks the shapes of several APIs, counts what it did, and fails on request.

See README.md. Python 3.9 or newer; nothing to install.
"""

import argparse
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
from email.utils import formatdate

# Nothing is left beside the files.
sys.dont_write_bytecode = True

from pictures import Problem, decode, encode  # noqa: E402
from shapes import Shapes  # noqa: E402
from state import State  # noqa: E402

LARGEST_BODY = 64 << 20


class Handler(Shapes, http.server.BaseHTTPRequestHandler):
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
            # Hugging Face, Cog and KServe tell of a failure in a plain text.
            plain = url.path.startswith(("/models/", "/v2/", "/predictions"))
            return self.answer(problem.status, {"error": str(problem) if plain else {"message": str(problem)}})
        except (BrokenPipeError, ConnectionError, TimeoutError):
            self.close_connection = True
            return None

    do_GET = do_POST = do_PUT = do_HEAD = do_DELETE = handle_any

    def control(self, name, query, body):
        state = self.state
        if name == "counts":
            return self.answer(200, state.counts())
        if name == "frames":
            return self.answer(200, state.times())
        if name == "reset":
            state.reset()
            return self.answer(200, {})
        if name == "fail" and query.get("fail") == "none":
            with state.lock:
                state.rules.clear()
            return self.answer(200, {})
        if name == "fail" and "fail" in query:
            rule = {"query": query, "count": int(query.get("count", 1)), "after": int(query.get("after", 0))}
            with state.lock:
                state.rules.append(rule)
            return self.answer(200, {})
        if name == "sign" and "frames" in query:
            state.arm(int(query["frames"]))
            return self.answer(200, {})
        if name == "redirect" and "to" in query:
            return self.answer(int(query.get("status", 302)), headers=[("Location", query["to"])])
        if name == "answer":
            return self.answer(int(query.get("status", 200)), query.get("text", "").encode())
        if name == "echo":
            digest = hashlib.sha256(body).hexdigest()
            seen = {
                "method": self.command,
                "path": self.path,
                "headers": [list(item) for item in self.headers.items()],
                "length": len(body),
                "sha256": digest,
            }
            return self.answer(int(query.get("status", 200)), seen)
        raise Problem(404, f"there is no control '{name}'")


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
    parser.add_argument("--sign", metavar="FILE", help="made when /control/sign?frames=N comes true")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    options = parser.parse_args()

    Handler.state = State(options.work, options.sign)
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
