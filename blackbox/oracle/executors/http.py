"""Evaluations by an oracle behind HTTP: JSON there and back, with patience for overload and for nothing else."""

import json
import os
import time
from http.client import HTTPException, HTTPMessage
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

import numpy as np

from blackbox.core.asking import Point, Points
from blackbox.core.errors import UsageError
from blackbox.core.evaluations import FunctionLost, Reply, TimeIsUp
from blackbox.loading.formats.web import WebOracle
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.printable import printable
from blackbox.loading.process import joined
from blackbox.loading.styles import Call, CallStyle
from blackbox.oracle.executors.in_process import InProcess

FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 0.2, 2.0, 30.0
"""Seconds between tries; each pause is twice the one before."""
SILENCES = 3
"""So many questions in a row without any answer from the host, and the run ends."""
_OVERLOADED = (429, 500, 502, 503, 504)
_CLOSED = (401, 403, 404, 405, 410)
"""Statuses after which no other question will be answered either."""
_HERE = ("localhost", "127.0.0.1", "::1")


class HttpFailure(Exception):  # noqa: N818 - its name is shown to the person
    """One question without an answer."""


class _Silent(HttpFailure):
    """Not even a status came back."""


class _Closed(Exception):  # noqa: N818 - a signal, no error
    """The oracle wants no more questions."""


class _SameHost(HTTPRedirectHandler):
    """Follows redirects within one host: another one was never agreed to."""

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The new request, on the same host only."""
        if urlsplit(newurl).netloc != urlsplit(req.full_url).netloc:
            raise _Closed(f"it redirects to another host, {printable(newurl, 100)}, which is not followed")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


class HttpOracle:
    """Asks the oracle; `ask` as of a `RestartingWorker`."""

    def __init__(self, oracle: WebOracle, options: WorkerOptions) -> None:
        """Of the options the call timeout, the largest batch and the longest answer count."""
        self._oracle, self._timeout = oracle, options.call_timeout
        self._rows = min(oracle.batch, options.max_batch) if oracle.points else 1
        self._longest, self._end = options.max_output, options.end
        proxies = [ProxyHandler({})] if oracle.host in _HERE else []
        self._opener = build_opener(_SameHost, *proxies)
        self._headers = {name: _resolved(name, value) for name, value in oracle.headers.items()}
        self._next = 0.0
        self._silences = 0

    def ask(self, points: Points, style: Call | CallStyle) -> Reply:
        """Values at points of shape (n, d), n evaluations. Raises `FunctionLost` where no answer can come any more."""
        if Call.of(style).integers:
            points = np.rint(points)
        replies: list[Reply] = []
        for first in range(0, len(points), self._rows):
            part = points[first : first + self._rows]
            try:
                reply = self._evaluate(part)
                if reply.statuses.any() and self._end.passed:
                    raise TimeIsUp(joined(replies))
                replies.append(reply)
            except _Closed as closed:
                raise FunctionLost(
                    f"The oracle at {self._oracle.host} is closed: {closed}.", joined(replies)
                ) from closed
            if self._silences >= SILENCES:
                reason = f"The oracle at {self._oracle.host} did not answer {SILENCES} questions in a row."
                raise FunctionLost(reason, joined(replies))
        return joined(replies)

    def close(self) -> None:
        """Nothing to release."""

    def _evaluate(self, points: Points) -> Reply:
        """One request; its failure is that of every point in it."""
        oracle = self._oracle
        try:
            if oracle.points:
                found = _at(self._request({oracle.points: points.tolist()}), oracle.values)
                if not isinstance(found, list) or len(found) != len(points):  # pyright: ignore[reportUnknownArgumentType]
                    raise HttpFailure(f"the answer has no list of {len(points)} numbers at {oracle.values!r}")
                answers: list[Any] = found  # pyright: ignore[reportUnknownVariableType]
            else:
                answers = [_at(self._request(self._fields(points[0])), oracle.value)]
        except HttpFailure as failure:
            self._silences = self._silences + 1 if isinstance(failure, _Silent) else 0
            return InProcess(_raising(HttpFailure(str(failure)))).evaluate(points)
        self._silences = 0
        coming = iter(answers)
        return InProcess(lambda _: next(coming)).evaluate(points)

    def _fields(self, point: Point) -> dict[str, Any]:
        oracle = self._oracle
        if oracle.names:
            return dict(zip(oracle.names, point.tolist(), strict=False))
        return {oracle.point: point.tolist()}

    def _request(self, values: dict[str, Any]) -> Any:
        """The JSON of the answer; tried again, with growing pauses, while the oracle is overloaded and time is left."""
        deadline = min(time.monotonic() + self._timeout, self._end.at)
        pause, tries = FIRST_PAUSE, 0
        while True:
            self._wait_for_turn()
            tries += 1
            try:
                return self._once(values, max(0.01, deadline - time.monotonic()))
            except HTTPError as error:
                failure: HttpFailure = _failure(error, tries)
                asked = _seconds(error.headers.get("Retry-After"))
            except (URLError, HTTPException, OSError) as error:
                failure, asked = _Silent(f"no answer: {getattr(error, 'reason', error)}"), None
            pause = min(LONGEST_PAUSE, max(pause, asked or 0.0))
            if time.monotonic() + pause >= deadline:
                raise failure
            time.sleep(pause)
            pause *= GROWTH

    def _wait_for_turn(self) -> None:
        if self._oracle.rate > 0:
            time.sleep(max(0.0, min(self._next, self._end.at) - time.monotonic()))
            self._next = time.monotonic() + 1 / self._oracle.rate

    def _once(self, values: dict[str, Any], timeout: float) -> Any:
        oracle = self._oracle
        headers = {"Accept": "application/json", "User-Agent": "blackbox", **self._headers}
        if oracle.method == "POST":
            headers["Content-Type"] = "application/json"
            request = Request(oracle.url, json.dumps(values).encode(), headers, method="POST")
        else:
            query = urlencode({name: _plain(value) for name, value in values.items()}, doseq=True)
            request = Request(oracle.url + ("&" if urlsplit(oracle.url).query else "?") + query, headers=headers)
        with self._opener.open(request, timeout=timeout) as response:
            body = response.read(self._longest + 1)
        if len(body) > self._longest:
            raise HttpFailure(f"the answer is longer than {self._longest} bytes (--max-output)")
        try:
            return json.loads(body)
        except (ValueError, RecursionError) as cause:
            raise HttpFailure(f"the answer is no JSON: '{printable(body, 60)}'") from cause


def _failure(error: HTTPError, tries: int) -> HttpFailure:
    """What an error status means. Raises `HttpFailure` at once where trying again is of no use, and `_Closed`."""
    said = printable(error.read(200), 100)
    text = f"HTTP {error.code}{f' ({said})' if said else ''}"
    error.close()
    if error.code in _CLOSED:
        raise _Closed(text)
    if error.code not in _OVERLOADED:
        raise HttpFailure(text)
    return HttpFailure(f"{text}, tried {tries} times")


def _raising(failure: HttpFailure) -> Any:
    def fails(_: Point) -> float:
        raise failure

    return fails


def _plain(value: Any) -> Any:
    return ",".join(map(repr, value)) if isinstance(value, list) else repr(value)  # pyright: ignore[reportUnknownArgumentType]


def _at(answer: Any, path: str) -> Any:
    """The part of the answer at a dotted path; a bare number is taken as it is."""
    if isinstance(answer, int | float):
        return answer
    for part in path.split("."):
        if isinstance(answer, dict) and part in answer:
            answer = answer[part]  # pyright: ignore[reportUnknownVariableType]
        elif isinstance(answer, list) and part.isdigit() and int(part) < len(answer):  # pyright: ignore[reportUnknownArgumentType]
            answer = answer[int(part)]  # pyright: ignore[reportUnknownVariableType]
        else:
            raise HttpFailure(f"the answer has no {path!r}: {printable(json.dumps(answer), 60)}")
    return answer  # pyright: ignore[reportUnknownVariableType]


def _seconds(text: str | None) -> float | None:
    return float(text) if text is not None and text.isdigit() else None


def _resolved(name: str, value: str) -> str:
    """A header's value, from the environment where it says so. Raises `UsageError`."""
    if not value.startswith("env:"):
        return value
    found = os.environ.get(value.removeprefix("env:"))
    if found is None:
        raise UsageError(f"The header {name} needs the environment variable {value.removeprefix('env:')}: set it.")
    return found
