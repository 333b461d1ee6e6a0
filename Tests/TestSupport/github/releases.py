"""Calls about releases and their assets."""

import hashlib
import os
import re

import git
import web
from api import Unsupported, route
from checks import BYTES, JSON
from records import Asset, Problem, Release, invalid, now

PATH = "/repos/{owner}/{repo}/releases"


def visible(call):
    """The newest first; drafts are for those who may push."""
    pushes = call.state.may(call.token, call.repository, "push")
    found = [one for one in call.repository.releases.values() if pushes or not one.draft]
    return sorted(found, key=lambda one: one.id, reverse=True)


def find(call, number):
    one = call.repository.releases.get(int(number)) if number.isdigit() else None
    if not one or one not in visible(call):
        raise Problem(404, "Not Found")
    return one


def find_asset(call):
    number = call.places["asset"]
    for release in visible(call):
        if number.isdigit() and int(number) in release.assets:
            return release, release.assets[int(number)]
    raise Problem(404, "Not Found")


@route("GET", PATH, query="paged")
def listing(call):
    return 200, [call.shapes.release(call.repository, one) for one in call.page(visible(call))]


@route("POST", PATH, body="release", writes=True, access="push")
def create(call):
    one, body = call.repository, call.body
    refuse_special(body)
    tag, draft = body["tag_name"], body.get("draft", False)
    check_tag(call, tag, None, draft)
    release = Release(
        call.state.next(),
        tag,
        body.get("target_commitish", git.default_branch(one.path)),
        body.get("name", tag),
        body.get("body"),
        draft,
        body.get("prerelease", False),
        call.login,
        None if draft else now(),
    )
    release.latest = body.get("make_latest", "true") != "false"
    set_tag(one, release)
    one.releases[release.id] = release
    value = call.shapes.release(one, release)
    return 201, value, {"Location": value["url"]}


def refuse_special(body):
    for name in ("discussion_category_name", "generate_release_notes"):
        if body.get(name):
            raise Unsupported(f"the field '{name}'")


def check_tag(call, tag, own, draft):
    if not tag or bad(tag):
        raise invalid("Release", "custom", "tag_name", "tag_name is not a valid tag")
    others = [one for one in call.repository.releases.values() if one is not own and not one.draft]
    if not draft and any(one.tag == tag for one in others):
        raise invalid("Release", "already_exists", "tag_name")
    if not git.branches(call.repository.path):
        raise invalid("Release", "custom", "tag_name", "Repository is empty.")


def bad(tag):
    return re.search(r"[\s~^:?*\[\\]|\.\.|@\{|//|/$|^/|\.$|\.lock$", tag) is not None


def set_tag(repository, release):
    """A published release has its tag: the one that is there, or a new one at its target."""
    if release.draft or git.resolve(repository.path, f"refs/tags/{release.tag}"):
        return
    target = git.branch(repository.path, release.target)
    if not target and re.fullmatch(r"[0-9a-f]{40}", release.target):
        target = git.resolve(repository.path, release.target + "^{commit}")
    if not target:
        raise invalid("Release", "invalid", "target_commitish")
    git.run("update-ref", f"refs/tags/{release.tag}", target, path=repository.path)


@route("GET", PATH + "/latest")
def latest(call):
    for one in visible(call):
        if one.latest and not one.draft and not one.prerelease:
            return 200, call.shapes.release(call.repository, one)
    raise Problem(404, "Not Found")


@route("GET", PATH + "/tags/{ref+}")
def by_tag(call):
    """Only published releases are found by their tag."""
    for one in visible(call):
        if one.tag == call.places["ref"] and not one.draft:
            return 200, call.shapes.release(call.repository, one)
    raise Problem(404, "Not Found")


@route("GET", PATH + "/{release}")
def read(call):
    return 200, call.shapes.release(call.repository, find(call, call.places["release"]))


@route("PATCH", PATH + "/{release}", body="release change", writes=True, access="push")
def change(call):
    release, body = find(call, call.places["release"]), call.body
    refuse_special(body)
    tag, draft = body.get("tag_name", release.tag), body.get("draft", release.draft)
    check_tag(call, tag, release, draft)
    before = dict(vars(release))
    release.tag, release.draft = tag, draft
    release.target = body.get("target_commitish", release.target)
    release.name, release.body = body.get("name", release.name), body.get("body", release.body)
    release.prerelease = body.get("prerelease", release.prerelease)
    release.latest = body.get("make_latest", str(release.latest).lower()) != "false"
    try:
        set_tag(call.repository, release)
    except Problem:
        vars(release).update(before)
        raise
    if not draft:
        release.published = release.published or now()
    return 200, call.shapes.release(call.repository, release)


@route("DELETE", PATH + "/{release}", writes=True, access="push")
def delete(call):
    release = find(call, call.places["release"])
    for asset in list(release.assets.values()):
        remove(release, asset)
    del call.repository.releases[release.id]
    return 204, None


@route("GET", PATH + "/{release}/assets", query="paged")
def assets(call):
    """Of every state: here one finds what a failed upload left."""
    release = find(call, call.places["release"])
    return 200, [call.shapes.asset(call.repository, release, one) for one in call.page(list(release.assets.values()))]


@route("POST", PATH + "/{release}/assets", query="upload", upload=True, stream=True, writes=True, access="push")
def upload(call):
    """Raw bytes to a file; until all are there, and after a failure, the asset is a `starter`."""
    handler, state, rule = call.handler, call.state, call.handler.rule
    with state.lock:
        release = find(call, call.places["release"])
        name = rename(call.query["name"])
        length = int(handler.headers["Content-Length"])
        most, largest = state.options.most_assets, state.options.largest_asset
        if not 0 < length <= largest:
            text = f"size must be less than or equal to {largest}" if length else "size must be greater than 0"
            raise invalid("ReleaseAsset", "custom", "size", text)
        if any(one.name == name for one in release.assets.values()):
            raise invalid("ReleaseAsset", "already_exists", "name")
        if len(release.assets) >= most:
            text = f"file_count limited to {most} assets per release"
            raise invalid("ReleaseAsset", "custom", "file_count", text)
        number = state.next()
        path = os.path.join(state.root, ".assets", str(number))
        label, kind = call.query.get("label", ""), handler.headers["Content-Type"]
        asset = release.assets[number] = Asset(number, name, label, kind, call.login, path)
    digest, size = hashlib.sha256(), 0
    try:
        with open(path, "wb") as file:
            for piece in handler.body.pieces():
                file.write(piece)
                digest.update(piece)
                size += len(piece)
    except BaseException:
        os.remove(path)
        raise
    if rule and rule.kind == "502-starter":
        os.remove(path)
        return rule.status, {"message": "Server Error"}
    with state.lock:
        asset.size, asset.digest, asset.state = size, "sha256:" + digest.hexdigest(), "uploaded"
        value = call.shapes.asset(call.repository, release, asset)
    return 201, value, {"Location": value["url"]}


def rename(name):
    """GitHub puts dots for special characters and does not keep leading or trailing ones."""
    name = re.sub(r"\.{2,}", ".", re.sub(r"[^A-Za-z0-9._+@-]", ".", name)).rstrip(".")
    if not name:
        raise invalid("ReleaseAsset", "missing_field", "name")
    return "default" + name if name.startswith(".") else name


@route("GET", PATH + "/assets/{asset}", accepts=(JSON, BYTES), stream=True)
def asset(call):
    with call.state.lock:
        release, one = find_asset(call)
        value = call.shapes.asset(call.repository, release, one)
    if call.handler.headers.get("Accept", "").split(";")[0].strip() != BYTES:
        return 200, value
    if one.state != "uploaded":
        raise Problem(404, "Not Found")
    web.hand_out(call.handler, one)
    return None


@route("PATCH", PATH + "/assets/{asset}", body="asset change", writes=True, access="push")
def change_asset(call):
    release, one = find_asset(call)
    if "state" in call.body:
        raise Unsupported("the field 'state'")
    name = rename(call.body.get("name", one.name))
    if any(other.name == name and other is not one for other in release.assets.values()):
        raise invalid("ReleaseAsset", "already_exists", "name")
    one.name, one.label = name, call.body.get("label", one.label)
    return 200, call.shapes.asset(call.repository, release, one)


@route("DELETE", PATH + "/assets/{asset}", writes=True, access="push")
def delete_asset(call):
    remove(*find_asset(call))
    return 204, None


def remove(release, asset):
    del release.assets[asset.id]
    if os.path.exists(asset.path):
        os.remove(asset.path)
