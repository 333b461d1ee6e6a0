"""GitHub's JSON, with the keys of the REST description of 2022-11-28."""

import urllib.parse

import git
from records import node_id
from tables import LINKS, MERGES, SWITCHES


class Shapes:
    """The answers, made from what the state holds."""

    def __init__(self, state):
        self.state = state

    def api(self, path):
        return f"{self.state.base}/api/v3{path}"

    def user(self, login):
        """The short form, as in `owner` or `author`."""
        account = self.state.account(login)
        own, kind = self.api(f"/users/{account.login}"), "Organization" if account.organization else "User"
        links = {
            "followers": "/followers",
            "following": "/following{/other_user}",
            "gists": "/gists{/gist_id}",
            "starred": "/starred{/owner}{/repo}",
            "subscriptions": "/subscriptions",
            "organizations": "/orgs",
            "repos": "/repos",
            "events": "/events{/privacy}",
            "received_events": "/received_events",
        }
        return {
            "login": account.login,
            "id": account.id,
            "node_id": node_id(kind, account.id),
            "avatar_url": f"{self.state.base}/avatars/u/{account.id}?v=4",
            "gravatar_id": "",
            "url": own,
            "html_url": f"{self.state.base}/{account.login}",
            **{f"{name}_url": own + path for name, path in links.items()},
            "type": kind,
            "user_view_type": "public",
            "site_admin": False,
        }

    def account(self, login, own=False):
        """The long form; `own` adds what only its owner sees."""
        account = self.state.account(login)
        repositories = [one for one in self.state.repositories.values() if one.owner == account.login]
        closed = sum(one.private for one in repositories)
        nothing = ("name", "company", "location", "email", "hireable", "bio", "twitter_username", "notification_email")
        value = {
            **self.user(login),
            **{name: None for name in nothing},
            "blog": "",
            "public_repos": len(repositories) - closed,
            "public_gists": 0,
            "followers": 0,
            "following": 0,
            "created_at": account.created,
            "updated_at": account.created,
        }
        if own:
            counts = {"private_gists": 0, "total_private_repos": closed, "owned_private_repos": closed}
            value.update(counts, disk_usage=0, collaborators=0, two_factor_authentication=True)
            value["plan"] = {"name": "free", "space": 976562499, "private_repos": 10000, "collaborators": 0}
        return value

    def organization(self, login):
        account = self.state.account(login)
        own = self.api(f"/orgs/{account.login}")
        links = {"repos": "", "events": "", "hooks": "", "issues": "", "members": "{/member}"}
        links["public_members"] = "{/member}"
        counts = ("public_gists", "followers", "following")
        return {
            "login": account.login,
            "id": account.id,
            "node_id": node_id("Organization", account.id),
            "url": own,
            **{f"{name}_url": f"{own}/{name}{rest}" for name, rest in links.items()},
            "avatar_url": f"{self.state.base}/avatars/u/{account.id}?v=4",
            "description": None,
            "html_url": f"{self.state.base}/{account.login}",
            "has_organization_projects": True,
            "has_repository_projects": True,
            "public_repos": sum(one.owner == account.login for one in self.state.repositories.values()),
            **{name: 0 for name in counts},
            "type": "Organization",
            "created_at": account.created,
            "updated_at": account.created,
            "archived_at": None,
        }

    def repository(self, one, token, full=True):
        """`full` is the form of a call for this one, else that of lists and of pull requests."""
        web, own = f"{self.state.base}/{one.full_name}", self.api(f"/repos/{one.full_name}")
        host = self.state.base.split("://")[1]
        rights = self.state.rights(token.login, one) if token else None
        forks = sum(other.parent is one for other in self.state.repositories.values())
        issues = sum(issue.state == "open" for issue in one.issues.values())
        value = {
            "id": one.id,
            "node_id": node_id("Repository", one.id),
            "name": one.name,
            "full_name": one.full_name,
            "private": one.private,
            "owner": self.user(one.owner),
            "html_url": web,
            "description": one.description,
            "fork": one.parent is not None,
            "url": own,
            **{f"{name}_url": own + path for name, path in LINKS.items()},
            "git_url": f"git://{host}/{one.full_name}.git",
            "ssh_url": f"git@{host}:{one.full_name}.git",
            "clone_url": f"{web}.git",
            "svn_url": web,
            "mirror_url": None,
            "homepage": one.homepage,
            "size": 0,
            "language": None,
            **{name: one.settings.get(name, value) for name, value in SWITCHES.items()},
            "has_pages": one.pages is not None,
            "stargazers_count": 0,
            "watchers_count": 0,
            "forks_count": forks,
            "open_issues_count": issues,
            "forks": forks,
            "open_issues": issues,
            "watchers": 0,
            "archived": one.archived,
            "disabled": False,
            "license": None,
            "topics": [],
            "visibility": "private" if one.private else "public",
            "default_branch": git.default_branch(one.path),
            "created_at": one.created,
            "updated_at": one.updated,
            "pushed_at": one.pushed,
        }
        if rights is not None:
            order = {"admin": 3, "push": 2, "read": 1, "": 0}[rights]
            names = {"admin": 3, "maintain": 3, "push": 2, "triage": 2, "pull": 1}
            value["permissions"] = {name: order >= least for name, least in names.items()}
        if full:
            value.update(subscribers_count=0, network_count=forks)
            value.update({name: one.settings.get(name, default) for name, default in MERGES.items()})
            if self.state.account(one.owner).organization:
                value["organization"] = self.user(one.owner)
            if one.parent:
                value["parent"] = self.repository(one.parent, token, False)
                value["source"] = self.repository(one.root, token, False)
        return value

    def reference(self, one, name, oid):
        kind = git.run("cat-file", "-t", oid, path=one.path)
        own = self.api(f"/repos/{one.full_name}/git")
        return {
            "ref": name,
            "node_id": node_id("Ref", name),
            "url": f"{own}/{name}",
            "object": {"sha": oid, "type": kind, "url": f"{own}/{kind}s/{oid}"},
        }

    def issue(self, one, issue):
        own = self.api(f"/repos/{one.full_name}")
        web = f"{self.state.base}/{one.full_name}/issues/{issue.number}"
        mine = f"{own}/issues/{issue.number}"
        people = [self.user(name) for name in issue.assignees]
        labels = [
            {
                "id": 1,
                "node_id": node_id("Label", name),
                "url": f"{own}/labels/{urllib.parse.quote(name)}",
                "name": name,
                "color": "ededed",
                "default": False,
                "description": None,
            }
            for name in issue.labels
        ]
        return {
            "url": mine,
            "repository_url": own,
            "labels_url": mine + "/labels{/name}",
            "comments_url": mine + "/comments",
            "events_url": mine + "/events",
            "html_url": web,
            "id": issue.id,
            "node_id": node_id("Issue", issue.id),
            "number": issue.number,
            "title": issue.title,
            "user": self.user(issue.author),
            "labels": labels,
            "state": issue.state,
            "locked": False,
            "assignee": people[0] if people else None,
            "assignees": people,
            "milestone": None,
            "comments": len(issue.comments),
            "created_at": issue.created,
            "updated_at": issue.updated,
            "closed_at": issue.closed,
            "author_association": self.association(one, issue.author),
            "active_lock_reason": None,
            "body": issue.body,
            "closed_by": None,
            "timeline_url": mine + "/timeline",
            "state_reason": None,
        }

    def association(self, one, login):
        if login == one.owner:
            return "OWNER"
        account = self.state.account(one.owner)
        return "MEMBER" if account.organization and login in account.members else "NONE"

    def comment(self, one, issue, comment):
        own = self.api(f"/repos/{one.full_name}/issues")
        place = "pull" if issue.base else "issues"
        web = f"{self.state.base}/{one.full_name}/{place}/{issue.number}"
        return {
            "url": f"{own}/comments/{comment.id}",
            "html_url": f"{web}#issuecomment-{comment.id}",
            "issue_url": f"{own}/{issue.number}",
            "id": comment.id,
            "node_id": node_id("IssueComment", comment.id),
            "user": self.user(comment.author),
            "created_at": comment.created,
            "updated_at": comment.created,
            "author_association": self.association(one, comment.author),
            "body": comment.body,
        }

    def page(self, one):
        return {
            "url": self.api(f"/repos/{one.full_name}/pages"),
            "status": one.pages["status"],
            "cname": None,
            "custom_404": False,
            "html_url": f"{self.state.base}/pages/{one.full_name}/",
            "build_type": one.pages["build_type"],
            "source": one.pages["source"],
            "public": True,
            "https_enforced": True,
        }

    def release(self, one, release):
        own = self.api(f"/repos/{one.full_name}/releases/{release.id}")
        web = f"{self.state.base}/{one.full_name}"
        tag = urllib.parse.quote(release.tag, safe="")
        balls = {
            f"{kind}_url": None if release.draft else self.api(f"/repos/{one.full_name}/{kind}/{tag}")
            for kind in ("tarball", "zipball")
        }
        return {
            "url": own,
            "assets_url": own + "/assets",
            "upload_url": own.replace("/api/v3/", "/api/uploads/", 1) + "/assets{?name,label}",
            "html_url": f"{web}/releases/tag/{release.untagged if release.draft else tag}",
            "id": release.id,
            "author": self.user(release.author),
            "node_id": node_id("Release", release.id),
            "tag_name": release.tag,
            "target_commitish": release.target,
            "name": release.name,
            "draft": release.draft,
            "immutable": False,
            "prerelease": release.prerelease,
            "created_at": release.created,
            "updated_at": release.created,
            "published_at": release.published,
            # An upload that failed is in the list of assets alone, not here.
            "assets": [self.asset(one, release, a) for a in release.assets.values() if a.state == "uploaded"],
            **balls,
            "body": release.body,
        }

    def asset(self, one, release, asset):
        place = release.untagged if release.draft else release.tag
        path = urllib.parse.quote(f"{place}", safe="") + "/" + urllib.parse.quote(asset.name)
        return {
            "url": self.api(f"/repos/{one.full_name}/releases/assets/{asset.id}"),
            "id": asset.id,
            "node_id": node_id("ReleaseAsset", asset.id),
            "name": asset.name,
            "label": asset.label,
            "uploader": self.user(asset.uploader),
            "content_type": asset.content_type,
            "state": asset.state,
            "size": asset.size,
            "digest": asset.digest,
            "download_count": asset.downloads,
            "created_at": asset.created,
            "updated_at": asset.created,
            "browser_download_url": f"{self.state.base}/{one.full_name}/releases/download/{path}",
        }
