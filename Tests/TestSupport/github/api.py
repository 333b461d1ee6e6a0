"""The REST API: finds the route of a call, holds the call to the documents, and lets it through."""

import json
import re
import urllib.parse

import checks
from records import Problem
from shapes import Shapes

ROUTES = []


class Unsupported(Problem):
    """Documented at GitHub, but not played here: recorded, so that no test takes it for an answer."""

    def __init__(self, what):
        super().__init__(400, f"The stand-in does not support {what}")


class Route:
    def __init__(self, method, path, work, **rules):
        self.method, self.work = method, work
        self.upload, self.stream = rules.pop("upload", False), rules.pop("stream", False)
        self.body, self.query = rules.pop("body", None), checks.QUERIES.get(rules.pop("query", None), {})
        # Who may call: `user` needs a token, `writes` one with a scope, `access` rights in the repository.
        self.writes, self.access = rules.pop("writes", False), rules.pop("access", None)
        self.user = rules.pop("user", False) or self.writes
        self.accepts = rules.pop("accepts", (checks.JSON,))
        assert not rules
        pattern = re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path).replace("{ref+}", "(?P<ref>.+)")
        self.pattern = re.compile(pattern)


def route(method, path, **rules):
    """Makes a function the answer to a call: it takes a `Call` and gives (status, value[, headers])."""

    def keep(work):
        ROUTES.append(Route(method, path, work, **rules))
        return work

    return keep


class Call:
    """One call that was let through."""

    def __init__(self, handler, token, repository, places, query, body):
        self.handler, self.state, self.shapes = handler, handler.state, Shapes(handler.state)
        self.token, self.login = token, token.login if token else None
        self.repository, self.places, self.query, self.body = repository, places, query, body
        self.headers = {}

    def page(self, items):
        """The wanted part of a list; the Link header leads to the others by the repository's number."""
        size, page = int(self.query.get("per_page", 30)), int(self.query.get("page", 1))
        last = max(1, (len(items) + size - 1) // size)
        path = self.handler.parts.path
        if self.repository:
            rest = re.sub(r"^/api/v3/(repos/[^/]+/[^/]+|repositories/\d+)", "", path)
            path = f"/api/v3/repositories/{self.repository.id}{rest}"
        wanted = {"prev": page - 1, "next": page + 1, "last": last, "first": 1}
        links = []
        for name, number in wanted.items():
            if number < 1 or number > last or (name in ("last", "next") and page >= last) or page == number:
                continue
            query = urllib.parse.urlencode({**self.query, "page": number})
            links.append(f'<{self.state.base}{path}?{query}>; rel="{name}"')
        if links:
            self.headers["Link"] = ", ".join(links)
        return items[(page - 1) * size : page * size]


def answer(handler):
    upload = handler.parts.path.startswith("/uploads/")
    path = handler.parts.path[len("/uploads" if upload else "/api/v3") :]
    path = by_number(handler.state, path)
    chosen, found = None, None
    for one in ROUTES:
        found = one.pattern.fullmatch(path) if one.method == handler.command and one.upload == upload else None
        if found:
            chosen = one
            break
    if not chosen:
        handler.state.violation(handler.command, handler.path, "no such call is documented, or it is not played here")
        raise Problem(404, "Not Found")
    handler.kind = "asset" if upload else "api"
    places = {name: urllib.parse.unquote(text) for name, text in found.groupdict().items()}
    query, body, problems = examine(handler, chosen)
    for text in problems:
        handler.state.violation(handler.command, handler.path, text)
    if handler.fails():
        return
    if handler.server.state.options.lenient:
        ignored = checks.header_problems(handler.headers, chosen.accepts)
        problems = [text for text in problems if text not in ignored]
    if problems:
        raise Problem(400, "; ".join(problems))
    perform(handler, chosen, places, query, body)


def perform(handler, chosen, places, query, body):
    state = handler.state
    token = handler.token = credentials(handler)
    if chosen.user and token is None:
        raise Problem(401, "Requires authentication")
    try:
        with state.lock:
            repository = reach(handler, chosen, places, token)
            call = Call(handler, token, repository, places, query, body)
            result = None if chosen.stream else chosen.work(call)
        if chosen.stream:
            result = chosen.work(call)
    except Unsupported as problem:
        state.violation(handler.command, handler.path, problem.message)
        raise
    if result:
        status, value, *headers = result
        accepted = ("public_repo, repo" if chosen.writes else "repo") if repository or chosen.writes else ""
        extra = headers[0] if headers else {}
        handler.json(status, value, {**handler.scopes(accepted), **call.headers, **extra})


def by_number(state, path):
    """/repositories/ID is another name of /repos/OWNER/NAME."""
    found = re.fullmatch(r"/repositories/(\d+)(/.*)?", path)
    one = state.by_id(found[1]) if found else None
    return f"/repos/{one.full_name}{found[2] or ''}" if one else path


def examine(handler, chosen):
    """The parameters, the body, and all that is wrong with the request."""
    problems = checks.header_problems(handler.headers, chosen.accepts)
    pairs = urllib.parse.parse_qsl(handler.parts.query, keep_blank_values=True)
    problems += checks.query_problems(pairs, chosen.query)
    if chosen.upload:
        return dict(pairs), None, problems + checks.upload_problems(handler.headers)
    raw, body = handler.body.all(4 << 20), {}
    if raw and chosen.body is None:
        problems.append("a body where none is documented")
    elif raw:
        problems += checks.json_header_problems(handler.headers)
        try:
            body = json.loads(raw)
        except ValueError as error:
            return dict(pairs), {}, problems + [f"Problems parsing JSON: {error}"]
        if body is None and chosen.body == "fork":
            body = {}
    if chosen.body:
        problems += checks.body_problems(body, checks.BODIES[chosen.body])
    return dict(pairs), body, problems


def credentials(handler):
    """The token of a call, or None without one."""
    given = handler.headers.get("Authorization")
    if given is None:
        return None
    token = handler.state.tokens.get(given.partition(" ")[2].strip())
    if token is None:
        raise Problem(401, "Bad credentials")
    return token


def reach(handler, chosen, places, token):
    """The repository of a call, where the caller may do this to it; what one may not see is not there."""
    state = handler.state
    accepted = handler.scopes("public_repo, repo") if chosen.writes else handler.scopes("repo")
    lacking = token and chosen.writes and not token.scopes & {"repo", "public_repo"}
    if "owner" not in places:
        if lacking:
            raise refusal(token, accepted)
        return None
    key = f"{places['owner']}/{places['repo']}"
    repository = state.repository(places["owner"], places["repo"])
    if not repository and key.lower() in state.moved and state.may(token, state.moved[key.lower()], "read"):
        moved(handler, state.moved[key.lower()], key)
    if not repository or not state.may(token, repository, "read"):
        raise Problem(404, "Not Found", headers=accepted)
    if lacking:
        raise refusal(token, accepted)
    if chosen.access and not state.may(token, repository, chosen.access):
        if chosen.access == "admin":
            raise Problem(403, "Must have admin rights to Repository.", headers=accepted)
        raise refusal(token, accepted)
    if chosen.writes and repository.archived and handler.command != "PATCH":
        raise Problem(403, "Repository was archived so is read-only.", headers=accepted)
    return repository


def refusal(token, accepted):
    if token and token.fine_grained:
        text = "Resource not accessible by personal access token"
        return Problem(403, text, headers={"X-Accepted-GitHub-Permissions": "contents=write"})
    return Problem(404, "Not Found", headers=accepted)


def moved(handler, repository, key):
    """A renamed repository: 301 for reading, 307 for the rest, to its number."""
    path = handler.parts.path.replace(f"/repos/{key}", f"/repositories/{repository.id}", 1)
    place = handler.state.base + path + (f"?{handler.parts.query}" if handler.parts.query else "")
    status = 301 if handler.command == "GET" else 307
    text = "Moved Permanently" if status == 301 else "Temporary Redirect"
    raise Problem(status, text, headers={"Location": place})
