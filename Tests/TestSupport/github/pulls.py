"""Calls about pull requests, issues and their comments."""

import re

import git
from api import Unsupported, route
from records import Comment, Issue, Problem, invalid, now

PULLS = "/repos/{owner}/{repo}/pulls"
ISSUES = "/repos/{owner}/{repo}/issues"


def find(call, pull=False):
    number = call.places["number"]
    one = call.repository.issues.get(int(number)) if number.isdigit() else None
    if not one or (pull and not one.base):
        raise Problem(404, "Not Found")
    return one


def number(repository):
    return max(repository.issues, default=0) + 1


# Pull requests


@route("POST", PULLS, body="pull", writes=True)
def create(call):
    one, body = call.repository, call.body
    if "issue" in body:
        raise Unsupported("a pull request from an issue")
    if not body.get("title"):
        raise invalid("PullRequest", "missing_field", "title")
    base_sha = git.branch(one.path, body["base"])
    head, name = source(call, body["head"], body.get("head_repo"))
    head_sha = git.branch(head.path, name) if head else None
    for field, known in (("head", head_sha), ("base", base_sha)):
        if not known:
            raise invalid("PullRequest", "invalid", field)
    label = f"{head.owner}:{name}"
    if same(one, head, name, body["base"]):
        raise invalid("PullRequest", "custom", message=f"A pull request already exists for {label}.")
    if head is not one and body.get("maintainer_can_modify") and not call.state.may(call.token, head, "push"):
        text = "Fork collab can't be granted by someone without permission"
        raise invalid("PullRequest", "custom", "fork_collab", text)
    index = number(one)
    git.copy(head.path, one.path, f"+refs/heads/{name}:refs/pull/{index}/head")
    try:
        check_commits(one, head, body["base"], base_sha, name, head_sha)
    except Problem:
        git.run("update-ref", "-d", f"refs/pull/{index}/head", path=one.path)
        raise
    pull = Issue(call.state.next(), index, body["title"], body.get("body"), call.login)
    pull.base, pull.base_sha, pull.head, pull.head_sha = body["base"], base_sha, name, head_sha
    pull.head_repository, pull.draft = head, body.get("draft", False)
    pull.maintainer_can_modify = body.get("maintainer_can_modify", head is not one)
    one.issues[index] = pull
    value = shape(call, pull)
    return 201, value, {"Location": value["url"]}


def source(call, head, repository):
    """Where `BRANCH` or `OWNER:BRANCH` is: in this repository, or in that owner's one of the same network."""
    one = call.repository
    owner, colon, name = head.rpartition(":")
    if not colon and not repository:
        return one, head
    wanted = (owner or one.owner).lower()
    for other in call.state.repositories.values():
        fits = other.name == repository if repository else other is one or one.owner.lower() != wanted
        if other.owner.lower() == wanted and other.root is one.root and fits and other.ready:
            return (other, name) if call.state.may(call.token, other, "read") else (None, name)
    return None, name


def same(one, head, name, base):
    fits = [pull for pull in one.pulls if pull.head_repository is head and pull.head == name and pull.base == base]
    return any(pull.state == "open" for pull in fits)


def check_commits(one, head, base, base_sha, name, head_sha):
    """GitHub takes no pull request that would bring nothing, or that shares no history."""
    here = head is one
    names = (base, name) if here else (f"{one.owner}:{base}", f"{head.owner}:{name}")
    if git.is_ancestor(one.path, head_sha, base_sha):
        raise invalid("PullRequest", "custom", message="No commits between %s and %s" % names)
    if not git.merge_base(one.path, base_sha, head_sha):
        text = f"The {names[1]} branch has no history in common with {names[0]}"
        raise invalid("PullRequest", "custom", message=text)


@route("GET", PULLS, query="pulls")
def listing(call):
    state, query = call.query.get("state", "open"), call.query
    found = [pull for pull in call.repository.pulls if state in ("all", pull.state)]
    if "base" in query:
        found = [pull for pull in found if pull.base == query["base"]]
    if "head" in query:
        owner, _, name = query["head"].partition(":")
        found = [p for p in found if p.head == name and p.head_repository.owner.lower() == owner.lower()]
    sort = query.get("sort", "created")
    if sort not in ("created", "updated"):
        raise Unsupported(f"the order '{sort}'")
    found.sort(key=lambda pull: (getattr(pull, sort), pull.number))
    if query.get("direction", "desc" if "sort" not in query or sort == "created" else "asc") == "desc":
        found.reverse()
    return 200, [shape(call, pull, full=False) for pull in call.page(found)]


@route("GET", PULLS + "/{number}")
def read(call):
    return 200, shape(call, find(call, pull=True))


@route("PATCH", PULLS + "/{number}", body="pull change", writes=True)
def change(call):
    one, body, pull = call.repository, call.body, find(call, pull=True)
    if pull.author != call.login and not call.state.may(call.token, one, "push"):
        raise Problem(403, "Forbidden")
    base, state = body.get("base", pull.base), body.get("state", pull.state)
    if not git.branch(one.path, base):
        raise invalid("PullRequest", "invalid", "base")
    if state == "open" and (pull.state == "closed" or base != pull.base):
        if pull.merged:
            raise invalid("PullRequest", "invalid", "state")
        if same(one, pull.head_repository, pull.head, base):
            label = f"{pull.head_repository.owner}:{pull.head}"
            raise invalid("PullRequest", "custom", message=f"A pull request already exists for {label}.")
    pull.base, pull.base_sha = base, git.branch(one.path, base)
    pull.title, pull.body = body.get("title", pull.title), body.get("body", pull.body)
    pull.maintainer_can_modify = body.get("maintainer_can_modify", pull.maintainer_can_modify)
    if state != pull.state:
        pull.state, pull.closed = state, now() if state == "closed" else None
    pull.updated = now()
    return 200, shape(call, pull)


def pushed(state, repository):
    """After a push: heads follow their branches; what has reached its base is merged, what lost its head is closed."""
    with state.lock:
        repository.pushed = repository.updated = now()
        git.choose_default(repository.path)
        for one in list(state.repositories.values()):
            for pull in one.pulls:
                if pull.state == "open" and repository in (one, pull.head_repository):
                    follow(one, pull)


def follow(one, pull):
    head = git.branch(pull.head_repository.path, pull.head)
    base = git.branch(one.path, pull.base)
    if head and head != pull.head_sha:
        git.copy(pull.head_repository.path, one.path, f"+refs/heads/{pull.head}:refs/pull/{pull.number}/head")
        pull.head_sha, pull.updated = head, now()
    if base and git.is_ancestor(one.path, pull.head_sha, base):
        pull.merged = pull.closed = now()
        pull.state = "closed"
    elif not head or not base:
        pull.state, pull.closed = "closed", now()
    pull.base_sha = base if base and not pull.merged else pull.base_sha


def shape(call, pull, full=True):
    one, shapes = call.repository, call.shapes
    own, web = shapes.api(f"/repos/{one.full_name}"), f"{call.state.base}/{one.full_name}/pull/{pull.number}"
    issue = shapes.issue(one, pull)
    mine = f"{own}/pulls/{pull.number}"

    def end(repository, name, sha):
        value = shapes.repository(repository, call.token, False)
        label = f"{repository.owner}:{name}"
        return {"label": label, "ref": name, "sha": sha, "user": shapes.user(repository.owner), "repo": value}

    links = {
        "self": mine,
        "html": web,
        "issue": issue["url"],
        "comments": issue["comments_url"],
        "review_comments": f"{mine}/comments",
        "review_comment": f"{own}/pulls/comments{{/number}}",
        "commits": f"{mine}/commits",
        "statuses": f"{own}/statuses/{pull.head_sha}",
    }
    names = ("node_id", "number", "state", "locked", "title", "user", "body", "labels", "milestone")
    names += ("active_lock_reason", "created_at", "updated_at", "closed_at", "assignee", "assignees")
    value = {
        "url": mine,
        "id": pull.id,
        "html_url": web,
        "diff_url": f"{web}.diff",
        "patch_url": f"{web}.patch",
        "issue_url": links["issue"],
        **{f"{name}_url": links[name] for name in ("commits", "review_comments", "review_comment")},
        **{f"{name}_url": links[name] for name in ("comments", "statuses")},
        **{name: issue[name] for name in names},
        "merged_at": pull.merged,
        "merge_commit_sha": pull.head_sha if pull.merged else None,
        "requested_reviewers": [],
        "requested_teams": [],
        "head": end(pull.head_repository, pull.head, pull.head_sha),
        "base": end(one, pull.base, pull.base_sha),
        "_links": {name: {"href": link} for name, link in links.items()},
        "author_association": issue["author_association"],
        "auto_merge": None,
        "draft": pull.draft,
    }
    return {**value, **numbers(one, pull)} if full else value


def numbers(one, pull):
    """What only the call for one pull request tells: its size, and whether it would merge."""
    span = f"{pull.base_sha}...{pull.head_sha}"
    stat = git.run("diff", "--shortstat", span, path=one.path)
    counts = {}
    for name, word in (("changed_files", "file"), ("additions", "insertion"), ("deletions", "deletion")):
        found = re.search(rf"(\d+) {word}", stat)
        counts[name] = int(found[1]) if found else 0
    commits = git.run("rev-list", "--count", f"{pull.base_sha}..{pull.head_sha}", path=one.path)
    clean = None
    if pull.state == "open":
        clean = git.merges(one.path, pull.base_sha, pull.head_sha)
    return {
        **counts,
        "commits": int(commits),
        "merged": pull.merged is not None,
        "mergeable": clean,
        "rebaseable": clean,
        "mergeable_state": {True: "clean", False: "dirty", None: "unknown"}[clean],
        "merged_by": None,
        "comments": len(pull.comments),
        "review_comments": 0,
        "maintainer_can_modify": pull.maintainer_can_modify,
    }


# Issues and comments


@route("POST", ISSUES, body="issue", writes=True)
def create_issue(call):
    one, body = call.repository, call.body
    if not one.settings.get("has_issues", True):
        raise Problem(410, "Issues are disabled for this repo")
    if not body["title"]:
        raise invalid("Issue", "missing_field", "title")
    for name in ("milestone", "assignee", "type"):
        if body.get(name) is not None:
            raise Unsupported(f"the field '{name}'")
    index = number(one)
    pushes = call.state.may(call.token, one, "push")
    chosen = {name: body.get(name, []) if pushes else [] for name in ("labels", "assignees")}
    if any(not call.state.account(name) for name in chosen["assignees"]):
        raise invalid("Issue", "invalid", "assignees")
    one.issues[index] = Issue(call.state.next(), index, body["title"], body.get("body"), call.login, **chosen)
    value = call.shapes.issue(one, one.issues[index])
    return 201, value, {"Location": value["url"]}


@route("GET", ISSUES + "/{number}")
def issue(call):
    return 200, call.shapes.issue(call.repository, find(call))


@route("GET", ISSUES + "/{number}/comments", query="comments")
def comments(call):
    if "since" in call.query:
        raise Unsupported("the parameter 'since'")
    found = find(call)
    return 200, [call.shapes.comment(call.repository, found, one) for one in call.page(found.comments)]


@route("POST", ISSUES + "/{number}/comments", body="comment", writes=True)
def comment(call):
    found = find(call)
    if not call.body["body"].strip():
        raise invalid("IssueComment", "unprocessable", message="Body cannot be blank")
    one = Comment(call.state.next(), call.body["body"], call.login)
    found.comments.append(one)
    value = call.shapes.comment(call.repository, found, one)
    return 201, value, {"Location": value["url"]}
