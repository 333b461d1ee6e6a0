"""Calls about users, organisations and limits."""

import time

from api import route
from records import Problem


@route("GET", "/user", user=True)
def own(call):
    return 200, call.shapes.account(call.login, own=True)


@route("GET", "/users/{name}")
def user(call):
    account = call.state.account(call.places["name"])
    if not account:
        raise Problem(404, "Not Found")
    return 200, call.shapes.account(account.login)


@route("GET", "/orgs/{name}")
def organization(call):
    account = call.state.account(call.places["name"])
    if not account or not account.organization:
        raise Problem(404, "Not Found")
    return 200, call.shapes.organization(account.login)


@route("GET", "/rate_limit")
def limits(call):
    used = call.state.used % 5000
    one = {"limit": 5000, "used": used, "remaining": 5000 - used, "reset": int(time.time()) + 3600}
    return 200, {"resources": {"core": one, "search": {**one, "limit": 30, "remaining": 30}}, "rate": one}
