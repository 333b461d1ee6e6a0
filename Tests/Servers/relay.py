#!/usr/bin/env python3
"""Hands requests on to another server and writes down what they were, for the tests.

    relay.py BASE FOLDER

Prints one line of JSON when it is there, and ends with its standard input.

    GET  /control/log             the requests that were answered: method, path, length of the body, status
    POST /control/break?part=N    the upload of part N of a file stops in the middle, when all parts before
                                  it are there: the connection breaks, and so does every later one
    POST /control/hang?part=N     likewise, but it stays so; the file FOLDER/hanging says when
    POST /control/mend            all is well again
"""

import http.client
import http.server
import json
import sys
import threading
import urllib.parse

base, folder = sys.argv[1:3]
upstream = urllib.parse.urlsplit(base).netloc
changed = threading.Condition()
log = []
# Parts that are there, and requests that are under way.
arrived = set()
running = [0]
broken = {"part": None, "hangs": False, "is_down": False}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, status, body, headers=()):
        self.send_response(status)
        for name, text in headers:
            self.send_header(name, text)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def control(self, name, query):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        with changed:
            if name == "log":
                changed.wait_for(lambda: running[0] == 0, 60)
                return self.answer(200, json.dumps(log).encode())
            if name == "mend":
                broken.update(part=None, is_down=False)
                log.clear()
            else:
                broken.update(part=int(query["part"]), hangs=name == "hang")
            changed.notify_all()
        self.answer(200, b"{}")

    def stop_in_the_middle(self, length, part):
        self.rfile.read(length // 2)
        self.close_connection = True
        with changed:
            changed.wait_for(lambda: set(range(1, part)) <= arrived, 60)
            if not broken["hangs"]:
                broken["is_down"] = True
                return
            open(f"{folder}/hanging", "w").close()
            changed.wait_for(lambda: broken["part"] is None, 60)

    def handle_any(self):
        split = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
        if split.path.startswith("/control/"):
            return self.control(split.path[9:], query)
        length = int(self.headers.get("Content-Length", 0))
        part = int(query.get("partNumber", 0))
        if self.command == "PUT" and part and part == broken["part"]:
            return self.stop_in_the_middle(length, part)
        if broken["is_down"]:
            self.close_connection = True
            return
        with changed:
            running[0] += 1
        try:
            body = self.rfile.read(length)
            if len(body) < length:
                self.close_connection = True
                return
            other = http.client.HTTPConnection(upstream, timeout=60)
            # The host as it was signed.
            other.putrequest(self.command, self.path, skip_host=True, skip_accept_encoding=True)
            for name, text in self.headers.items():
                if name.lower() != "connection":
                    other.putheader(name, text)
            other.endheaders(body)
            response = other.getresponse()
            data = response.read()
            with changed:
                log.append({"method": self.command, "path": self.path, "length": length, "status": response.status})
                if self.command == "PUT" and response.status == 200:
                    arrived.add(part)
        finally:
            with changed:
                running[0] -= 1
                changed.notify_all()
        dropped = {"content-length", "transfer-encoding", "connection", "server", "date"}
        headers = [(name, text) for name, text in response.getheaders() if name.lower() not in dropped]
        if self.command == "HEAD":
            self.send_response(response.status)
            for name, text in headers + [("Content-Length", response.getheader("Content-Length") or "0")]:
                self.send_header(name, text)
            return self.end_headers()
        self.answer(response.status, data, headers)

    do_GET = do_HEAD = do_PUT = do_POST = do_DELETE = handle_any


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *arguments):
        """Clients that go away are what this is for."""


server = Server(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(json.dumps({"base": f"http://127.0.0.1:{server.server_address[1]}"}), flush=True)
sys.stdin.buffer.read()
