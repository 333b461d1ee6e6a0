"""A stand-in for GitHub on loopback, for tests. See README.md. Python 3.9 or newer; nothing to install."""

import argparse
import sys
import threading

sys.dont_write_bytecode = True

import accounts  # noqa: E402,F401  (these four register their routes)
import pulls  # noqa: E402,F401
import releases  # noqa: E402,F401
import repositories  # noqa: E402,F401
from server import Server  # noqa: E402
from state import State  # noqa: E402


def main():
    parser = argparse.ArgumentParser(prog="github", description=__doc__)
    parser.add_argument("--port", type=int, default=8701, help="0 takes a free one (default: 8701)")
    parser.add_argument("--host", default="127.0.0.1", help="the name in addresses, 127.0.0.1 or localhost")
    parser.add_argument("--root", required=True, metavar="DIR", help="where the bare repositories are")
    parser.add_argument("--user", action="append", default=[], metavar="NAME:TOKEN[:SCOPES]")
    parser.add_argument("--org", action="append", default=[], metavar="NAME:MEMBER,...")
    parser.add_argument("--fork-delay", type=float, default=0.3, metavar="SECONDS")
    parser.add_argument("--redirect-downloads", action="store_true", help="assets come from another port")
    parser.add_argument("--link-life", type=float, default=300, metavar="SECONDS", help="of such a redirect")
    parser.add_argument("--largest-asset", type=int, default=(1 << 31) - 1, metavar="BYTES")
    parser.add_argument("--most-assets", type=int, default=1000, metavar="COUNT", help="of a release")
    parser.add_argument("--largest-file", type=int, default=100 << 20, metavar="BYTES", help="in a push")
    parser.add_argument("--lenient", action="store_true", help="wrong headers are recorded, not refused")
    parser.add_argument("--tls", nargs=2, metavar=("CERTIFICATE", "KEY"), help="speak HTTPS with these PEM files")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input does")
    options = parser.parse_args()

    server = Server(options.port, options.tls)
    scheme = "https" if options.tls else "http"
    server.state = State(options.root, f"{scheme}://{options.host}:{server.server_address[1]}", options)
    for text in options.user:
        server.state.add_user(text)
    for text in options.org:
        server.state.add_organization(text)
    servers = [server]
    if options.redirect_downloads:
        storage = Server(0, options.tls, storage=True)
        storage.state = server.state
        server.state.storage = f"{scheme}://{options.host}:{storage.server_address[1]}"
        servers.append(storage)
        threading.Thread(target=storage.serve_forever, daemon=True).start()
    print(server.state.base, flush=True)
    if options.until_eof:
        threading.Thread(target=lambda: (sys.stdin.buffer.read(), server.shutdown()), daemon=True).start()
    try:
        server.serve_forever(poll_interval=0.05)
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
