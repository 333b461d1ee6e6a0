"""The things that the stand-in keeps, and the error answers."""

import base64
import dataclasses
import re
import secrets
import time
from typing import Any, Dict, List, Optional, Set


def now():
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())


def node_id(kind, number):
    return base64.b64encode(f"0{len(kind)}:{kind}{number}".encode()).decode()


def valid(name):
    return re.fullmatch(r"[A-Za-z0-9._-]{1,100}", name) is not None and name not in (".", "..")


class Problem(Exception):
    """An error answer in GitHub's shape."""

    def __init__(self, status, message, errors=None, headers=None):
        super().__init__(message)
        self.status, self.message, self.errors, self.headers = status, message, errors, headers or {}


def invalid(resource, code, field=None, message=None):
    """422 "Validation Failed" with one error."""
    error = {"resource": resource, "code": code}
    if field:
        error["field"] = field
    if message:
        error["message"] = message
    return Problem(422, "Validation Failed", [error])


@dataclasses.dataclass
class Account:
    id: int
    login: str
    organization: bool = False
    members: List[str] = dataclasses.field(default_factory=list)
    created: str = dataclasses.field(default_factory=now)


@dataclasses.dataclass
class Token:
    text: str
    login: str
    scopes: Set[str]

    @property
    def fine_grained(self):
        return self.text.startswith("github_pat_")


@dataclasses.dataclass
class Asset:
    id: int
    name: str
    label: Optional[str]
    content_type: str
    uploader: str
    path: str
    state: str = "starter"
    size: int = 0
    digest: Optional[str] = None
    downloads: int = 0
    created: str = dataclasses.field(default_factory=now)


@dataclasses.dataclass
class Release:
    id: int
    tag: str
    target: str
    name: Optional[str]
    body: Optional[str]
    draft: bool
    prerelease: bool
    author: str
    published: Optional[str]
    latest: bool = True
    assets: Dict[int, Asset] = dataclasses.field(default_factory=dict)
    created: str = dataclasses.field(default_factory=now)
    untagged: str = dataclasses.field(default_factory=lambda: "untagged-" + secrets.token_hex(10))


@dataclasses.dataclass
class Comment:
    id: int
    body: str
    author: str
    created: str = dataclasses.field(default_factory=now)


@dataclasses.dataclass
class Issue:
    """An issue, or a pull request where `base` is set; they share their numbers."""

    id: int
    number: int
    title: str
    body: Optional[str]
    author: str
    labels: List[str] = dataclasses.field(default_factory=list)
    assignees: List[str] = dataclasses.field(default_factory=list)
    state: str = "open"
    comments: List[Comment] = dataclasses.field(default_factory=list)
    created: str = dataclasses.field(default_factory=now)
    updated: str = dataclasses.field(default_factory=now)
    closed: Optional[str] = None
    base: Optional[str] = None
    base_sha: str = ""
    head: str = ""
    head_sha: str = ""
    head_repository: Any = None
    draft: bool = False
    maintainer_can_modify: bool = False
    merged: Optional[str] = None


@dataclasses.dataclass
class Repository:
    id: int
    owner: str
    name: str
    path: str
    creator: str
    private: bool = False
    description: Optional[str] = None
    homepage: Optional[str] = None
    parent: Any = None
    ready: bool = True
    archived: bool = False
    settings: Dict[str, Any] = dataclasses.field(default_factory=dict)
    pages: Optional[Dict[str, Any]] = None
    issues: Dict[int, Issue] = dataclasses.field(default_factory=dict)
    releases: Dict[int, Release] = dataclasses.field(default_factory=dict)
    created: str = dataclasses.field(default_factory=now)
    updated: str = dataclasses.field(default_factory=now)
    pushed: str = dataclasses.field(default_factory=now)

    @property
    def full_name(self):
        return f"{self.owner}/{self.name}"

    @property
    def root(self):
        return self.parent.root if self.parent else self

    @property
    def pulls(self):
        return [issue for issue in self.issues.values() if issue.base]


@dataclasses.dataclass
class Rule:
    """The next `count` calls under `path`, after `after` more, fail like this."""

    path: str
    method: Optional[str]
    kind: str
    status: int
    count: int
    after: int
    retry_after: int
    seconds: float
    bytes: Optional[int]
    # When the time is over that a limit has told, by the clock that sleeps go by.
    end: float = 0

    @property
    def is_limit(self):
        return self.kind in ("rate", "secondary")

    def begin(self):
        """A limit's time begins; it is over no later than the answer tells: a reset has whole seconds."""
        begun, now = time.monotonic(), time.time()
        by_reset = self.kind == "rate" and self.status != 429
        self.end = begun + (int(now) + self.retry_after - now if by_reset else self.retry_after)
