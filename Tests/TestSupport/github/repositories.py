"""Calls about repositories: making, changing and forking them, their branches and their pages."""

import re
import threading

import git
from api import Unsupported, route
from records import Problem, invalid, now
from tables import MERGES, SWITCHES

TAKEN = {
    "resource": "Repository",
    "code": "custom",
    "field": "name",
    "message": "name already exists on this account",
}


@route("GET", "/user/repos", query="repositories", user=True)
def mine(call):
    for name in ("affiliation", "since", "before"):
        if name in call.query:
            raise Unsupported(f"the parameter '{name}'")
    if "type" in call.query and "visibility" in call.query:
        raise Problem(422, "If you specify visibility or affiliation, you cannot specify type.")
    kind = call.query.get("type", call.query.get("visibility", "all"))
    found = []
    for one in call.state.repositories.values():
        own = one.owner == call.login
        if not call.state.may(call.token, one, "push"):
            continue
        if kind == "all" or own == (kind == "owner") and kind in ("owner", "member"):
            found.append(one)
        elif kind in ("public", "private") and one.private == (kind == "private"):
            found.append(one)
    keys = {"created": "created", "updated": "updated", "pushed": "pushed"}
    order = call.query.get("sort", "full_name")
    found.sort(key=lambda one: getattr(one, keys.get(order, "full_name")).lower())
    if call.query.get("direction", "asc" if order == "full_name" else "desc") == "desc":
        found.reverse()
    return 200, [call.shapes.repository(one, call.token, False) for one in call.page(found)]


@route("POST", "/user/repos", body="user repository", writes=True)
def create_own(call):
    return create(call, call.login)


@route("POST", "/orgs/{name}/repos", body="organization repository", writes=True)
def create_in_organization(call):
    account = call.state.account(call.places["name"])
    if not account or not account.organization:
        raise Problem(404, "Not Found")
    if call.login not in account.members:
        raise Problem(403, "You need admin access to the organization before adding a repository to it.")
    return create(call, account.login)


def create(call, owner):
    body = call.body
    for name in ("gitignore_template", "license_template", "team_id", "custom_properties"):
        if name in body:
            raise Unsupported(f"the field '{name}'")
    name = clean(body["name"])
    private = body.get("private", body.get("visibility") == "private")
    if private and "repo" not in call.token.scopes:
        raise Problem(404, "Not Found", headers=call.handler.scopes("repo"))
    if call.state.repository(owner, name):
        raise Problem(422, "Repository creation failed.", [TAKEN])
    fields = {key: body.get(key) for key in ("description", "homepage")}
    one = call.state.create(owner, name, call.login, private=private, **fields)
    one.settings = {key: body[key] for key in body if key in SWITCHES or key in MERGES}
    if body.get("auto_init"):
        git.first_commit(one.path, "main", f"# {name}\n")
    value = call.shapes.repository(one, call.token)
    return 201, value, {"Location": value["url"]}


def clean(name):
    """GitHub makes other characters in a name into '-'."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", name)[:100]
    name = name[:-4] if name.endswith(".git") else name
    if not name or name in (".", ".."):
        raise invalid("Repository", "missing_field", "name")
    return name


@route("GET", "/repos/{owner}/{repo}")
def read(call):
    return 200, call.shapes.repository(call.repository, call.token)


@route("PATCH", "/repos/{owner}/{repo}", body="repository", writes=True, access="admin")
def change(call):
    one, body = call.repository, call.body
    for name in ("security_and_analysis", "has_pull_requests", "pull_request_creation_policy"):
        if name in body:
            raise Unsupported(f"the field '{name}'")
    branch, name = body.get("default_branch"), clean(body.get("name", one.name))
    if branch is not None and not git.branch(one.path, branch):
        text = f"The branch {branch} was not found. Please push that ref first or create it via the Git Data API."
        raise Problem(422, "Validation Failed", [{"resource": "Repository", "code": "invalid", "message": text}])
    other = call.state.repository(one.owner, name)
    if other and other is not one:
        raise Problem(422, "Validation Failed", [TAKEN])
    if name != one.name:
        call.state.rename(one, name)
    if branch is not None:
        git.run("symbolic-ref", "HEAD", f"refs/heads/{branch}", path=one.path)
    one.private = body.get("private", body["visibility"] == "private" if "visibility" in body else one.private)
    for key in ("description", "homepage", "archived"):
        setattr(one, key, body.get(key, getattr(one, key)))
    one.settings.update({key: body[key] for key in body if key in SWITCHES or key in MERGES})
    one.updated = now()
    return 200, call.shapes.repository(one, call.token)


@route("GET", "/repos/{owner}/{repo}/forks", query="forks")
def forks(call):
    found = [one for one in call.state.repositories.values() if one.parent is call.repository]
    found = [one for one in found if call.state.may(call.token, one, "read")]
    found.sort(key=lambda one: one.id, reverse=call.query.get("sort", "newest") != "oldest")
    return 200, [call.shapes.repository(one, call.token, False) for one in call.page(found)]


@route("POST", "/repos/{owner}/{repo}/forks", body="fork", writes=True)
def fork(call):
    source, owner = call.repository, call.state.account(call.body.get("organization", call.login))
    if not owner or call.login not in (owner.members if owner.organization else [owner.login]):
        raise Problem(403, "You cannot fork this repository into that organization.")
    mine = [one for one in call.state.repositories.values() if one.owner == owner.login]
    known = next((one for one in mine if one.root is source.root), None)
    if known:
        return 202, call.shapes.repository(known, call.token)
    if not git.branches(source.path):
        text = "The repository exists, but it contains no Git content. Empty repositories cannot be forked."
        raise Problem(403, text)
    wanted = name = clean(call.body.get("name", source.name))
    number = 0
    while call.state.repository(owner.login, name):
        number += 1
        name = f"{wanted}-{number}"
    fields = {"private": source.private, "description": source.description, "parent": source, "ready": False}
    one = call.state.create(owner.login, name, call.login, **fields)
    git.run("symbolic-ref", "HEAD", git.run("symbolic-ref", "HEAD", path=source.path), path=one.path)
    branches = "*"
    if call.body.get("default_branch_only"):
        branches = git.default_branch(source.path)
    timer = threading.Timer(call.state.options.fork_delay, fill, (call.state, source, one, branches))
    timer.daemon = True
    timer.start()
    return 202, call.shapes.repository(one, call.token)


@route("POST", "/repos/{owner}/{repo}/merge-upstream", body="merge upstream", writes=True, access="push")
def merge_upstream(call):
    """Fast forward only is played: with commits of its own GitHub would merge, which no client here may ask for."""
    one, name = call.repository, call.body["branch"]
    if not one.parent:
        raise Problem(422, "Repository is not a fork")
    theirs, ours = git.branch(one.parent.path, name), git.branch(one.path, name)
    if not theirs or not ours:
        raise Problem(422, "The branch could not be synced")
    base = f"{one.parent.owner}:{name}"
    git.copy(one.parent.path, one.path, theirs)
    if git.is_ancestor(one.path, theirs, ours):
        return 200, {
            "message": f"This branch is not behind the upstream {base}.",
            "merge_type": "none",
            "base_branch": base,
        }
    if not git.is_ancestor(one.path, ours, theirs):
        raise Unsupported("a merge of the upstream")
    git.run("update-ref", f"refs/heads/{name}", theirs, ours, path=one.path)
    text = f"Successfully fetched and fast-forwarded from upstream {base}."
    return 200, {"message": text, "merge_type": "fast-forward", "base_branch": base}


@route("GET", "/repos/{owner}/{repo}/compare/{span}", query="paged")
def compare(call):
    ends = [end(call, text) for text in call.places["span"].split("...")]
    if len(ends) != 2 or not all(ends):
        raise Problem(404, "Not Found")
    path = call.repository.path
    base, head = (sha for _, sha in ends)
    for other, sha in ends:
        if other is not call.repository:
            git.copy(other.path, path, sha)
    merge_base = git.merge_base(path, base, head)
    if not merge_base:
        raise Problem(404, "Not Found")
    ahead, behind = (
        int(git.run("rev-list", "--count", span, path=path)) for span in (f"{base}..{head}", f"{head}..{base}")
    )
    status = {(False, False): "identical", (True, False): "ahead", (False, True): "behind"}
    return 200, {
        "status": status.get((ahead > 0, behind > 0), "diverged"),
        "ahead_by": ahead,
        "behind_by": behind,
        "total_commits": ahead,
    }


def end(call, text):
    """One end of a comparison: `BRANCH`, or `OWNER:BRANCH` of the same network; None where there is none."""
    owner, _, name = text.rpartition(":")
    one = call.repository
    if owner:
        fits = [r for r in call.state.repositories.values() if r.owner.lower() == owner.lower() and r.root is one.root]
        one = next((r for r in fits if r.ready and call.state.may(call.token, r, "read")), None)
    sha = git.branch(one.path, name) if one else None
    return (one, sha) if sha else None


def fill(state, source, target, branches):
    """The objects of a fork come later."""
    wanted = [f"refs/heads/{branches}:refs/heads/{branches}", "refs/tags/*:refs/tags/*"]
    git.copy(source.path, target.path, *wanted)
    with state.lock:
        target.ready = True


@route("GET", "/repos/{owner}/{repo}/git/ref/{ref+}")
def reference(call):
    one, name = call.repository, f"refs/{call.places['ref']}"
    known = git.branches(one.path, "refs/") if one.ready else {}
    if not known:
        raise Problem(409, "Git Repository is empty.")
    if name not in known:
        raise Problem(404, "Not Found")
    return 200, call.shapes.reference(one, name, known[name])


@route("GET", "/repos/{owner}/{repo}/pages")
def pages(call):
    if not call.repository.pages:
        raise Problem(404, "Not Found")
    value = call.shapes.page(call.repository)
    # The first look finds the site building, the next one built.
    call.repository.pages["status"] = "built" if call.repository.pages["status"] else "building"
    return 200, value


@route("POST", "/repos/{owner}/{repo}/pages", body="pages", writes=True, access="push")
def create_pages(call):
    one, source = call.repository, call.body["source"]
    if call.body.get("build_type", "legacy") != "legacy":
        raise Unsupported("pages from a workflow")
    if one.pages:
        raise Problem(409, "GitHub Pages is already enabled.")
    if one.private:
        raise Problem(422, "Your current plan does not support GitHub Pages for this repository.")
    if not git.branch(one.path, source["branch"]):
        raise Problem(422, f"The {source['branch']} branch must exist before GitHub Pages can be built.")
    source = {"branch": source["branch"], "path": source.get("path", "/")}
    one.pages = {"status": None, "build_type": "legacy", "source": source}
    return 201, call.shapes.page(one)
