"""What a test asks of the stand-in itself, under /control."""

import urllib.parse

from records import Problem, Rule

KINDS = ("status", "rate", "secondary", "cut", "cut-upload", "slow", "502-starter")
DEFAULTS = {"rate": 403, "secondary": 403, "502-starter": 502}
NAMES = {"path", "method", "kind", "status", "count", "after", "retry_after", "seconds", "bytes"}


def answer(handler):
    state, call = handler.state, (handler.command, handler.parts.path)
    with state.lock:
        if call == ("GET", "/control/violations"):
            value = list(state.violations)
        elif call == ("GET", "/control/log"):
            value = [dict(entry) for entry in state.log]
        elif call == ("GET", "/control/counts"):
            value = {"requests": len(state.log), **state.counts}
        elif call == ("POST", "/control/reset"):
            value = state.reset()
        elif call == ("POST", "/control/fail"):
            try:
                value = fail(state, handler.parts.query)
            except ValueError as error:
                raise Problem(400, str(error)) from error
        else:
            raise Problem(404, "there is no such control")
    handler.json(200, value)


def fail(state, query):
    """A new rule; several are met in the order of their coming."""
    given = dict(urllib.parse.parse_qsl(query, keep_blank_values=True, strict_parsing=True))
    if set(given) - NAMES or "path" not in given:
        raise Problem(400, f"'path' and of {', '.join(sorted(NAMES))} what is needed")
    kind = given.get("kind", "status")
    if kind not in KINDS:
        raise Problem(400, f"'kind' is one of {', '.join(KINDS)}")
    state.rules.append(
        Rule(
            path=given["path"],
            method=given.get("method"),
            kind=kind,
            status=int(given.get("status", DEFAULTS.get(kind, 500))),
            count=int(given.get("count", 1)),
            after=int(given.get("after", 0)),
            retry_after=int(given.get("retry_after", 1 if kind in ("rate", "secondary") else 0)),
            seconds=float(given.get("seconds", 1)),
            bytes=int(given["bytes"]) if "bytes" in given else None,
        )
    )
    return {"rules": len(state.rules)}
