import time

import numpy as np
import pytest

from blackbox.core.errors import ChallengeError, UsageError
from blackbox.core.evaluations import FunctionLost, Status
from blackbox.loading.formats.content import Given
from blackbox.loading.formats.web import WebOracle, open_description
from blackbox.loading.launch import WorkerOptions
from blackbox.loading.styles import CallStyle
from blackbox.oracle.executors.http import HttpOracle
from tests.fakes.http_oracle import FakeOracle

POINTS = np.array([[1.0, 2.0], [3.0, 4.5]])


def ask(server, where=POINTS, timeout=5.0, **fields):
    return HttpOracle(WebOracle(server.url, **fields), WorkerOptions(call_timeout=timeout)).ask(where, CallStyle.LIST)


def sum_of(fields):
    return 200, {}, {"value": sum(fields["x"])}


def test_a_point_goes_out_as_json_and_its_value_comes_back():
    with FakeOracle(sum_of) as server:
        assert ask(server).values.tolist() == [3.0, 7.5]
        assert server.asked == [{"x": [1.0, 2.0]}, {"x": [3.0, 4.5]}]


@pytest.mark.parametrize(
    ("fields", "respond", "asked"),
    [
        ({"point": "p"}, lambda f: (200, {}, sum(f["p"])), {"p": [1.0, 2.0]}),
        ({"names": ("a", "b")}, lambda f: (200, {}, {"value": f["a"] + f["b"]}), {"a": 1.0, "b": 2.0}),
        ({"value": "r.0.y"}, lambda f: (200, {}, {"r": [{"y": sum(f["x"])}]}), {"x": [1.0, 2.0]}),
        (
            {"method": "GET"},
            lambda f: (200, {}, {"value": sum(map(float, f["x"].split(",")))}),
            {"x": "1.0,2.0"},
        ),
        (
            {"method": "GET", "names": ("a", "b")},
            lambda f: (200, {}, {"value": float(f["a"]) + float(f["b"])}),
            {"a": "1.0", "b": "2.0"},
        ),
    ],
)
def test_method_and_fields_are_as_described(fields, respond, asked):
    with FakeOracle(respond) as server:
        assert ask(server, **fields).values.tolist() == [3.0, 7.5]
        assert server.asked[0] == asked


def test_many_points_go_in_one_request_where_the_oracle_takes_them():
    with FakeOracle(lambda f: (200, {}, {"values": [sum(x) for x in f["xs"]]})) as server:
        reply = ask(server, np.arange(10.0).reshape(5, 2), points="xs", batch=2)
        assert reply.values.tolist() == [1.0, 5.0, 9.0, 13.0, 17.0]
        assert [len(fields["xs"]) for fields in server.asked] == [2, 2, 1]


@pytest.mark.parametrize(
    ("response", "status", "reason"),
    [
        ((200, {}, {"value": "ReachFunctionLimit"}), Status.WRONG_TYPE, "returned text 'ReachFunctionLimit'"),
        ((200, {}, {"value": None}), Status.WRONG_TYPE, "returned None"),
        ((200, {}, {"value": [1, 2]}), Status.WRONG_TYPE, "returned a list of 2"),
        ((200, {}, b'{"value": NaN}'), Status.NOT_A_NUMBER, "returned NaN"),
        ((200, {}, {"result": 1}), Status.EXCEPTION, "HttpFailure: the answer has no 'value'"),
        ((200, {}, b"<html>"), Status.EXCEPTION, "HttpFailure: the answer is no JSON"),
        ((200, {}, b"[" * 100_000), Status.EXCEPTION, "HttpFailure: the answer is no JSON"),
        ((200, {}, b'"' + b"x" * 2_000_000 + b'"'), Status.EXCEPTION, "HttpFailure: the answer is longer than"),
        ((400, {}, b"out of \x1b[2J range"), Status.EXCEPTION, r"HttpFailure: HTTP 400 (out of \x1b[2J range)"),
    ],
)
def test_an_answer_without_a_number_is_a_failed_evaluation_and_asked_once(response, status, reason):
    with FakeOracle(lambda _: response) as server:
        reply = ask(server, POINTS[:1])
        assert reply.statuses.tolist() == [status]
        assert reply.reasons[0].startswith(reason)
        assert len(server.asked) == 1


@pytest.mark.parametrize("status", [429, 500, 503])
def test_an_overloaded_oracle_is_asked_again_with_pauses(status):
    calm = []

    def respond(fields):
        calm.append(1)
        return sum_of(fields) if len(calm) > 2 else (status, {"Retry-After": "0"}, b"")

    with FakeOracle(respond) as server:
        assert ask(server, POINTS[:1]).values.tolist() == [3.0]
        assert len(server.asked) == 3


def test_an_oracle_that_stays_overloaded_fails_within_the_call_timeout():
    with FakeOracle(lambda _: (503, {}, b"busy")) as server:
        reply = ask(server, POINTS[:1], timeout=0.5)
        assert reply.reasons[0].startswith("HttpFailure: HTTP 503 (busy), tried")


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_oracle_that_refuses_for_good_ends_the_run_with_what_came_before(status):
    seen = []

    def respond(fields):
        seen.append(1)
        return sum_of(fields) if len(seen) == 1 else (status, {}, b"no more")

    with FakeOracle(respond) as server, pytest.raises(FunctionLost, match=f"is closed: HTTP {status}") as lost:
        ask(server)
    assert lost.value.partial.values.tolist() == [3.0]


def test_nobody_at_home_ends_the_run_after_three_questions():
    oracle = HttpOracle(WebOracle("http://127.0.0.1:9/f"), WorkerOptions(call_timeout=0.3))
    with pytest.raises(FunctionLost, match="did not answer 3 questions in a row"):
        oracle.ask(np.ones((5, 1)), CallStyle.LIST)


def test_redirects_to_another_host_are_refused_and_within_the_host_followed():
    with FakeOracle(sum_of) as other, FakeOracle(lambda _: (302, {"Location": other.url}, b"")) as server:
        with pytest.raises(FunctionLost, match="redirects to another host"):
            ask(server)
        assert other.asked == []
    hops = []

    def respond(fields):
        hops.append(1)
        return (302, {"Location": "/g?x=5.0"}, b"") if len(hops) == 1 else (200, {}, {"value": float(fields["x"])})

    with FakeOracle(respond) as server:
        assert ask(server, POINTS[:1], method="GET").values.tolist() == [5.0]


def test_requests_keep_the_rate():
    with FakeOracle(sum_of) as server:
        began = time.monotonic()
        ask(server, np.ones((4, 1)), rate=20.0)
        assert time.monotonic() - began >= 3 / 20


def test_headers_come_from_the_environment_where_they_say_so(monkeypatch):
    monkeypatch.setenv("ORACLE_TOKEN", "secret")
    with FakeOracle(sum_of) as server:
        ask(server, headers={"Authorization": "env:ORACLE_TOKEN"})
        assert server.headers[0]["Authorization"] == "secret"
        with pytest.raises(UsageError, match="needs the environment variable ABSENT"):
            ask(server, headers={"Authorization": "env:ABSENT"})


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("url = 'ftp://x/y'", "must be an http"),
        ("url = 'http://x'\nmethod = 'PUT'", "must be GET or POST"),
        ("url = 'http://x'\ncolour = 1", "knows no field colour"),
        ("url = 'http://x'\nrate = 'fast'", "must be of another type"),
        ("url = 'http://x'\nnames = ['a', 1]", "must be of another type"),
        ("url = 'http://x'\nnames = ['a']\ndimension = 2", "must be as many as the dimension"),
        ("url = 'http://x'\npoints = 'xs'\nmethod = 'GET'", "needs POST"),
        ("method = 'GET'", "has no url"),
        ("url = ", "no valid TOML"),
    ],
)
def test_a_description_that_makes_no_sense_is_refused(text, sentence):
    with pytest.raises(ChallengeError, match=sentence):
        open_description(Given(text.encode(), "oracle.toml"))


def test_a_description_is_read():
    text = "url = 'http://x/f'\nnames = ['a', 'b']\nrate = 2\n[headers]\nA = 'b'\n"
    oracle = open_description(Given(text.encode(), "oracle.toml")).web
    assert oracle == WebOracle("http://x/f", names=("a", "b"), rate=2, headers={"A": "b"})
    assert oracle.inputs == 2
