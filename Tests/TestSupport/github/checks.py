"""The rules for requests: what GitHub documents, and nothing beside it."""

VERSION = "2022-11-28"
JSON = "application/vnd.github+json"
BYTES = "application/octet-stream"


class Need:
    """A field that must be there."""

    def __init__(self, kind):
        self.kind = kind


class Maybe:
    """A field that may be null."""

    def __init__(self, kind):
        self.kind = kind


NAMES = {str: "a string", bool: "true or false", int: "an integer"}

MERGES = {
    "allow_squash_merge": bool,
    "allow_merge_commit": bool,
    "allow_rebase_merge": bool,
    "allow_auto_merge": bool,
    "delete_branch_on_merge": bool,
    "squash_merge_commit_title": ("PR_TITLE", "COMMIT_OR_PR_TITLE"),
    "squash_merge_commit_message": ("PR_BODY", "COMMIT_MESSAGES", "BLANK"),
    "merge_commit_title": ("PR_TITLE", "MERGE_MESSAGE"),
    "merge_commit_message": ("PR_BODY", "PR_TITLE", "BLANK"),
}
FEATURES = {"has_issues": bool, "has_projects": bool, "has_wiki": bool, "is_template": bool}
NEW = {
    "name": Need(str),
    "description": str,
    "homepage": str,
    "private": bool,
    "team_id": int,
    "auto_init": bool,
    "gitignore_template": str,
    "license_template": str,
    "has_downloads": bool,
    **FEATURES,
    **MERGES,
}
BODIES = {
    "user repository": {**NEW, "has_discussions": bool},
    "organization repository": {
        **NEW,
        "visibility": ("public", "private"),
        "use_squash_pr_title_as_default": bool,
        "custom_properties": {},
    },
    "repository": {
        "name": str,
        "description": str,
        "homepage": str,
        "private": bool,
        "visibility": ("public", "private"),
        "security_and_analysis": Maybe({}),
        "has_pull_requests": bool,
        "pull_request_creation_policy": ("all", "collaborators_only"),
        "default_branch": str,
        "allow_update_branch": bool,
        "use_squash_pr_title_as_default": bool,
        "archived": bool,
        "allow_forking": bool,
        "web_commit_signoff_required": bool,
        **FEATURES,
        **MERGES,
    },
    "merge upstream": {"branch": Need(str)},
    "fork": {"organization": str, "name": str, "default_branch_only": bool},
    "pull": {
        "title": str,
        "head": Need(str),
        "head_repo": str,
        "base": Need(str),
        "body": str,
        "maintainer_can_modify": bool,
        "draft": bool,
        "issue": int,
    },
    "pull change": {
        "title": str,
        "body": str,
        "state": ("open", "closed"),
        "base": str,
        "maintainer_can_modify": bool,
    },
    "release": {
        "tag_name": Need(str),
        "target_commitish": str,
        "name": str,
        "body": str,
        "draft": bool,
        "prerelease": bool,
        "discussion_category_name": str,
        "generate_release_notes": bool,
        "make_latest": ("true", "false", "legacy"),
    },
    "asset change": {"name": str, "label": str, "state": str},
    "pages": {
        "build_type": ("legacy", "workflow"),
        "source": Need({"branch": Need(str), "path": ("/", "/docs")}),
    },
    "issue": {
        "title": Need(str),
        "body": str,
        "assignee": Maybe(str),
        "milestone": Maybe(int),
        "labels": [str],
        "assignees": [str],
        "type": Maybe(str),
    },
    "comment": {"body": Need(str)},
}
BODIES["release change"] = {**BODIES["release"], "tag_name": str}
PAGED = {"per_page": "1-100", "page": "1-"}
QUERIES = {
    "paged": PAGED,
    "repositories": {
        **PAGED,
        "visibility": ("all", "public", "private"),
        "affiliation": str,
        "type": ("all", "owner", "public", "private", "member"),
        "sort": ("created", "updated", "pushed", "full_name"),
        "direction": ("asc", "desc"),
        "since": str,
        "before": str,
    },
    "forks": {**PAGED, "sort": ("newest", "oldest", "stargazers", "watchers")},
    "pulls": {
        **PAGED,
        "state": ("open", "closed", "all"),
        "head": str,
        "base": str,
        "sort": ("created", "updated", "popularity", "long-running"),
        "direction": ("asc", "desc"),
    },
    "comments": {**PAGED, "since": str},
    "upload": {"name": Need(str), "label": str},
}


def body_problems(value, kind, place="the body"):
    """What is wrong with a body, or a part of one."""
    if isinstance(kind, (Need, Maybe)):
        if value is None and isinstance(kind, Maybe):
            return []
        kind = kind.kind
    if isinstance(kind, dict):
        if not isinstance(value, dict):
            return [f"{place} is not an object"]
        found = [f"{place} has an unknown field '{name}'" for name in value if kind and name not in kind]
        for name, wanted in kind.items():
            if name in value:
                found += body_problems(value[name], wanted, f"'{name}'")
            elif isinstance(wanted, Need):
                found.append(f"{place} lacks the field '{name}'")
        return found
    if isinstance(kind, list):
        if not isinstance(value, list):
            return [f"{place} is not a list"]
        return [text for one in value for text in body_problems(one, kind[0], f"an item of {place}")]
    if isinstance(kind, tuple):
        return [] if value in kind else [f"{place} is none of {', '.join(kind)}"]
    good = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    return [] if good else [f"{place} is not {NAMES[kind]}"]


def query_problems(pairs, kinds):
    """What is wrong with the parameters of an address."""
    names = [name for name, _ in pairs]
    found = [f"the parameter '{name}' is there twice" for name in set(names) if names.count(name) > 1]
    found += [f"unknown parameter '{name}'" for name in names if name not in kinds]
    found += [f"the parameter '{k}' is missing" for k, v in kinds.items() if isinstance(v, Need) and k not in names]
    for name, value in pairs:
        kind = kinds.get(name)
        if isinstance(kind, tuple) and value not in kind:
            found.append(f"the parameter '{name}' is none of {', '.join(kind)}")
        elif isinstance(kind, str):
            least, _, most = kind.partition("-")
            good = value.isascii() and value.isdigit() and len(value) < 10
            if not good or int(value) < int(least) or (most and int(value) > int(most)):
                found.append(f"the parameter '{name}' is not a number of {kind}")
    if kinds is QUERIES["pulls"] and ":" not in dict(pairs).get("head", ":"):
        found.append("the parameter 'head' is not of the form OWNER:BRANCH")
    return found


def header_problems(headers, accepts):
    """What is wrong with the headers that GitHub asks of every call."""
    found = []
    if not headers.get("User-Agent"):
        found.append("no User-Agent")
    kinds = [part.split(";")[0].strip() for part in headers.get("Accept", "").split(",")]
    if not any(kind in accepts for kind in kinds):
        found.append(f"Accept is '{headers.get('Accept', '')}', not {' or '.join(accepts)}")
    if headers.get("X-GitHub-Api-Version") != VERSION:
        found.append(f"X-GitHub-Api-Version is '{headers.get('X-GitHub-Api-Version', '')}', not {VERSION}")
    given = headers.get("Authorization")
    if given is not None and not given.startswith("Bearer "):
        found.append("Authorization is not 'Bearer TOKEN'")
    return found


def json_header_problems(headers):
    kind = headers.get("Content-Type", "").split(";")[0].strip()
    return [] if kind == "application/json" else [f"Content-Type of the body is '{kind}', not application/json"]


def upload_problems(headers):
    """An upload is raw bytes of a known kind and length."""
    found = [f"an upload without {name}" for name in ("Content-Type", "Content-Length") if not headers.get(name)]
    if not headers.get("Content-Length", "0").isdigit():
        found.append("Content-Length is not a number")
    if headers.get("Content-Type", "").startswith("multipart/"):
        found.append("an upload is raw bytes, not a form")
    return found
