"""What the stand-in knows: accounts, repositories, what hangs on them, and what it was told to do wrong."""

import os
import secrets
import threading
import time
from typing import Dict, List

import git
from records import Account, Repository, Rule, Token, valid


class State:
    def __init__(self, root, base, options):
        self.root, self.base, self.options = os.path.abspath(root), base, options
        self.storage = base
        self.lock = threading.RLock()
        self.accounts: Dict[str, Account] = {}
        self.tokens: Dict[str, Token] = {}
        self.repositories: Dict[str, Repository] = {}
        self.moved: Dict[str, Repository] = {}
        self.rules: List[Rule] = []
        self.key = secrets.token_bytes(16)
        self.last = 1000
        self.used = 0
        self.reset()
        os.makedirs(os.path.join(self.root, ".assets"), exist_ok=True)
        git.write_hook(os.path.join(self.root, ".hooks"), options.largest_file)

    def reset(self):
        """Forgets the log, the violations, the counts and the failures to come; not the repositories."""
        with self.lock:
            self.log, self.violations = [], []
            self.rules.clear()
            names = ("api", "git", "asset")
            self.counts = {f"{name}_{way}": 0 for name in names for way in ("in", "out")}

    def next(self):
        with self.lock:
            self.last += 1
            return self.last

    # Accounts

    def add_user(self, text):
        """NAME:TOKEN[:scope,scope]; without the last part the token has the scope `repo`."""
        name, token, *scopes = text.split(":")
        self.accounts.setdefault(name.lower(), Account(self.next(), name))
        chosen = scopes[0] if scopes else "repo"
        self.tokens[token] = Token(token, name, {scope for scope in chosen.split(",") if scope})

    def add_organization(self, text):
        name, members = text.split(":")
        self.accounts[name.lower()] = Account(self.next(), name, True, members.split(","))

    def account(self, login):
        return self.accounts.get(login.lower())

    # Repositories

    def repository(self, owner, name):
        """The repository, also one that a test put into the folder with plain git."""
        key = f"{owner}/{name}".lower()
        with self.lock:
            found = self.repositories.get(key)
            account = self.account(owner)
            path = os.path.join(self.root, owner, name + ".git")
            if found or not account or not valid(name) or not os.path.isdir(path):
                return found
            return self.add(Repository(self.next(), account.login, name, path, account.login))

    def add(self, repository):
        self.repositories[repository.full_name.lower()] = repository
        self.moved.pop(repository.full_name.lower(), None)
        return repository

    def by_id(self, number):
        return next((one for one in self.repositories.values() if str(one.id) == number), None)

    def create(self, owner, name, creator, **fields):
        path = os.path.join(self.root, owner, name + ".git")
        git.run("init", "--quiet", "--bare", "--initial-branch=main", path)
        return self.add(Repository(self.next(), owner, name, path, creator, **fields))

    def rename(self, repository, name):
        """Under a new name; the old one answers with a redirect, as GitHub's does."""
        old = self.repositories.pop(repository.full_name.lower())
        self.moved[old.full_name.lower()] = old
        path = os.path.join(self.root, old.owner, name + ".git")
        os.rename(old.path, path)
        old.name, old.path = name, path
        return self.add(old)

    def rights(self, login, repository):
        """What an account may do: "", "read", "push" or "admin"."""
        owner = self.account(repository.owner)
        if login and login.lower() == repository.owner.lower():
            return "admin"
        if login and owner.organization and login in owner.members:
            first = owner.members[0] == login or repository.creator == login
            return "admin" if first else "push"
        return "" if repository.private else "read"

    def may(self, token, repository, wanted):
        """Whether this token reaches that far; a scope can only take rights away."""
        order = ["", "read", "push", "admin"]
        rights = self.rights(token.login if token else None, repository)
        if token and repository.private and "repo" not in token.scopes:
            rights = ""
        elif token and not token.scopes & {"repo", "public_repo"}:
            rights = min(rights, "read", key=order.index)
        return order.index(rights) >= order.index(wanted)

    # What a test reads and orders

    def violation(self, method, path, text):
        with self.lock:
            self.violations.append({"method": method, "path": path, "problem": text})

    def count(self, name, amount):
        with self.lock:
            self.counts[name] += amount

    def failure(self, method, path):
        """The rule that this call meets, used up by one."""
        with self.lock:
            for rule in list(self.rules):
                if not path.startswith(rule.path) or rule.method not in (None, method):
                    continue
                if rule.kind in ("502-starter", "cut-upload") and method != "POST":
                    continue
                if time.monotonic() < rule.end:
                    self.violation(method, path, "it came before the time of a limit was over")
                    return rule
                if rule.count <= 0:  # a limit that is over
                    self.rules.remove(rule)
                    continue
                if rule.after > 0:
                    rule.after -= 1
                    continue
                rule.count -= 1
                if rule.is_limit:
                    rule.begin()
                elif rule.count <= 0:
                    self.rules.remove(rule)
                return rule
        return None
