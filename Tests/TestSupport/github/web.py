"""The web addresses: git, downloads of assets, and the pages of a repository."""

import base64
import binascii
import hmac
import mimetypes
import os
import re
import time
import urllib.parse

import git
import pulls

GIT = re.compile(r"/([^/]+)/([^/]+?)(?:\.git)?/(info/refs|git-upload-pack|git-receive-pack)")
DOWNLOAD = re.compile(r"/([^/]+)/([^/]+)/releases/(?:download/([^/]+)|latest/download)/([^/]+)")
PAGE = re.compile(r"/pages/([^/]+)/([^/]+)/(.*)")
SERVICES = ("git-upload-pack", "git-receive-pack")
PIECE = 1 << 18


def answer(handler):
    path = handler.parts.path
    for pattern, kind, work in ((GIT, "git", smart), (DOWNLOAD, "asset", download), (PAGE, "asset", page)):
        found = pattern.fullmatch(path)
        if found:
            handler.kind = kind
            return handler.fails() or work(handler, *found.groups())
    handler.state.violation(handler.command, handler.path, "no such address is played here")
    return handler.text(404, "Not Found")


# Git


def smart(handler, owner, name, service):
    """Smart HTTP alone, with a token as the password of Basic."""
    state, query = handler.state, urllib.parse.parse_qs(handler.parts.query)
    asked = query.get("service", [""])[0] if service == "info/refs" else service
    if asked not in SERVICES or handler.command != ("GET" if service == "info/refs" else "POST"):
        return handler.text(403, "Please upgrade your git client.\n")
    token = password(handler)
    ask = {"WWW-Authenticate": 'Basic realm="GitHub"'}
    if token is False:
        return handler.text(401, "Invalid username or token.\n", ask)
    repository = state.repository(owner, name)
    if not repository and f"{owner}/{name}".lower() in state.moved:
        moved = state.moved[f"{owner}/{name}".lower()]
        if state.may(token, moved, "read"):
            query = f"?{handler.parts.query}" if handler.parts.query else ""
            return handler.text(301, "", {"Location": f"{state.base}/{moved.full_name}.git/{service}{query}"})
    if not repository or not state.may(token, repository, "read"):
        return handler.text(404, "Repository not found.\n") if token else handler.text(401, "", ask)
    if asked == "git-receive-pack":
        if not token:
            return handler.text(401, "", ask)
        if not state.may(token, repository, "push"):
            text = f"Permission to {repository.full_name}.git denied to {token.login}.\n"
            return handler.text(403, text)
        if repository.archived:
            return handler.text(403, "This repository was archived so it is read-only.\n")
    if not repository.ready:
        return handler.text(404, "Repository not found.\n")

    def finish():
        if service == "git-receive-pack":
            pulls.pushed(state, repository)

    git.serve(handler, repository, service, token.login if token else None, finish)
    return None


def password(handler):
    """The token in Basic: None where there is none, False where it is not known."""
    given = handler.headers.get("Authorization")
    if given is None:
        return None
    kind, _, text = given.partition(" ")
    try:
        words = base64.b64decode(text, validate=True).decode().split(":", 1)
    except (binascii.Error, ValueError):
        words = []
    if kind.lower() != "basic" or len(words) != 2:
        return False
    return handler.state.tokens.get(words[1]) or False


# Assets


def download(handler, owner, name, tag, file):
    """The address for everybody: what is not public is not there, whatever token comes along."""
    state, file = handler.state, urllib.parse.unquote(file)
    repository = state.repository(owner, name) or state.moved.get(f"{owner}/{name}".lower())
    with state.lock:
        known = sorted(repository.releases.values(), key=lambda one: -one.id) if repository else []
        known = [one for one in known if not one.draft and not repository.private]
        if tag is None:
            known = [one for one in known if one.latest and not one.prerelease][:1]
        else:
            known = [one for one in known if one.tag == urllib.parse.unquote(tag)]
        found = [one for release in known for one in release.assets.values() if one.name == file]
    if not found or found[0].state != "uploaded" or handler.command not in ("GET", "HEAD"):
        return handler.text(404, "Not Found")
    return hand_out(handler, found[0])


def hand_out(handler, asset):
    """The bytes, or the way to the store that has them."""
    handler.kind = "asset"
    asset.downloads += 1
    if not handler.state.options.redirect_downloads:
        return send(handler, asset)
    expires = str(int(time.time() + handler.state.options.link_life))
    query = urllib.parse.urlencode({"expires": expires, "signature": sign(handler.state, asset.id, expires)})
    place = f"{handler.state.storage}/storage/{asset.id}?{query}"
    return handler.bytes(302, b"", {"Location": place, "Cache-Control": "no-cache"})


def sign(state, number, expires):
    return hmac.new(state.key, f"{number} {expires}".encode(), "sha256").hexdigest()


def storage(handler):
    """The other host. It knows no tokens: a signature in the address is what counts."""
    state, query = handler.state, dict(urllib.parse.parse_qsl(handler.parts.query))
    handler.kind = "asset"
    number, expires = handler.parts.path.rpartition("/")[2], query.get("expires", "0")
    if handler.fails():
        return None
    if "Authorization" in handler.headers:
        state.violation(handler.command, handler.path, "Authorization went along to another host")
        return handler.text(400, "InvalidArgument: only one way to say who you are is allowed\n")
    if not hmac.compare_digest(sign(state, number, expires).encode(), query.get("signature", "").encode()):
        return handler.text(403, "SignatureDoesNotMatch\n")
    if time.time() > int(expires):
        return handler.text(403, "The link has expired\n")
    with state.lock:
        releases = [one for repository in state.repositories.values() for one in repository.releases.values()]
        found = [one.assets[int(number)] for one in releases if int(number) in one.assets]
    return send(handler, found[0]) if found else handler.text(404, "BlobNotFound\n")


def send(handler, asset):
    """A file, or the one range of it that was asked for (RFC 9110, section 14)."""
    tag = f'"{asset.digest[-32:]}"'
    headers = {
        "Content-Type": asset.content_type,
        "Content-Disposition": f"attachment; filename={asset.name}",
        "Accept-Ranges": "bytes",
        "ETag": tag,
    }
    first, last, status = 0, asset.size - 1, 200
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", handler.headers.get("Range", ""))
    if wanted and any(wanted.groups()) and handler.headers.get("If-Range", tag) == tag:
        status = 206
        if wanted[1]:
            first, last = int(wanted[1]), min(int(wanted[2] or last), last)
        else:
            first = max(0, asset.size - int(wanted[2]))
        if first > last:
            return handler.bytes(416, b"", {**headers, "Content-Range": f"bytes */{asset.size}"})
        headers["Content-Range"] = f"bytes {first}-{last}/{asset.size}"
    with open(asset.path, "rb") as file:
        file.seek(first)
        left = last - first + 1
        handler.begin(status, headers, left)
        while left and handler.command != "HEAD":
            piece = file.read(min(left, PIECE))
            handler.send_piece(piece)
            left -= len(piece)
    handler.end()
    return None


# Pages


def page(handler, owner, name, path):
    """A file of the branch that the pages come from; GitHub's builder leaves out `_x` and `.x`."""
    repository = handler.state.repository(owner, name)
    if not repository or not repository.pages or handler.command not in ("GET", "HEAD"):
        return handler.text(404, "Not Found")
    source = repository.pages["source"]
    path = urllib.parse.unquote(path)
    if not path or path.endswith("/"):
        path += "index.html"
    commit = f"refs/heads/{source['branch']}"
    folder = source["path"].strip("/")
    full = f"{folder}/{path}" if folder else path
    plain = git.resolve(repository.path, f"{commit}:{folder + '/' if folder else ''}.nojekyll")
    hidden = not plain and any(part[:1] in ("_", ".") for part in path.split("/"))
    blob = git.resolve(repository.path, f"{commit}:{full}")
    if hidden or not blob or git.run("cat-file", "-t", blob, path=repository.path) != "blob":
        return handler.text(404, "Not Found")
    kind = mimetypes.guess_type(os.path.basename(path))[0] or "application/octet-stream"
    data = git.run("cat-file", "blob", blob, path=repository.path, text=False)
    return handler.bytes(200, data, {"Content-Type": kind, "Access-Control-Allow-Origin": "*"})
