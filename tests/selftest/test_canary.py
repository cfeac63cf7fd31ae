"""The canary: two answers to one request are the same but for what changes from call to call."""

from __future__ import annotations

import base64
from dataclasses import replace

import pytest

from conformance.exchange.eventstream import Frame, encode
from conformance.exchange.message import Exchange, Request, Response
from conformance.selftest.canary import signature

ID, OTHER = "0b6a2410-385d-4069-be9f-2e5d987f7dc2", "8451e543-1111-11e7-2222-87dcc9c858fc"


def answer(body: bytes = b"{}", status: int = 200, **headers: str) -> Exchange:
    """An exchange with this answer; underscores in header names stand for hyphens."""
    pairs = tuple((name.replace("_", "-").encode(), value.encode()) for name, value in headers.items())
    response = Response(status, b"OK", b"HTTP/1.1", (*pairs, (b"Content-Length", b"%d" % len(body))), body)
    return Exchange(Request(b"POST", b"/", ()), b"", b"", response, None, 0.0, 0.0)


def log(text: str) -> str:
    """A log as a header holds it."""
    return base64.b64encode(text.encode()).decode()


SAME = {
    "request id": (answer(x_amzn_RequestId=ID), answer(x_amzn_RequestId=OTHER)),
    "id in the body": (answer(b'{"id": "%b"}' % ID.encode()), answer(b'{"id": "%b"}' % OTHER.encode())),
    "date": (answer(Date="Tue, 24 Nov 2026 08:00:00 GMT"), answer(Date="Tue, 24 Nov 2026 08:00:01 GMT")),
    "trace": (
        answer(X_Amzn_Trace_Id="Root=1-6951d70a-3f43124672de60387a603d5d;Parent=4891daa21b62b07d;Sampled=0"),
        answer(X_Amzn_Trace_Id="Root=1-6951d70b-0f43124672de60387a603d50;Parent=4891daa21b62b07e;Sampled=0"),
    ),
    "id in header and body": (
        answer(b'{"id": "%b"}' % ID.encode(), x_amzn_RequestId=ID),
        answer(b'{"id": "%b"}' % OTHER.encode(), x_amzn_RequestId=OTHER),
    ),
    "duration in the log": (
        answer(X_Amz_Log_Result=log(f"REPORT RequestId: {ID}\tDuration: 1.25 ms\tMax Memory Used: 31 MB\t\n")),
        answer(X_Amz_Log_Result=log(f"REPORT RequestId: {OTHER}\tDuration: 110.5 ms\tMax Memory Used: 60 MB\t\n")),
    ),
    "stream": (
        answer(encode(Frame({":event-type": "a"}, ID.encode())), Content_Type="application/vnd.amazon.eventstream"),
        answer(encode(Frame({":event-type": "a"}, OTHER.encode())), Content_Type="application/vnd.amazon.eventstream"),
    ),
}
DIFFERENT = {
    "status": (answer(), answer(status=202)),
    "body": (answer(b"1"), answer(b"2")),
    "header": (answer(A="1"), answer()),
    "value of a header": (answer(A="1"), answer(A="2")),
    "log": (answer(X_Amz_Log_Result=log("a\n")), answer(X_Amz_Log_Result=log("b\n"))),
    "log that is no base64": (answer(X_Amz_Log_Result=log("a\n")), answer(X_Amz_Log_Result="a")),
    "no date": (answer(Date="Tue, 24 Nov 2026 08:00:00 GMT"), answer()),
    "form of a date": (answer(Date="Tue, 24 Nov 2026 08:00:00 GMT"), answer(Date="2026-11-24T08:00:00+00:00")),
    "form of a trace": (
        answer(X_Amzn_Trace_Id="Root=1-6951d70a-3f43124672de60387a603d5d;Sampled=0"),
        answer(X_Amzn_Trace_Id="Root=1-6951d70a-3f43124672de60387a603d5d"),
    ),
    "another id in the body": (
        answer(b'{"id": "%b"}' % ID.encode(), x_amzn_RequestId=ID),
        answer(b'{"id": "%b"}' % OTHER.encode(), x_amzn_RequestId=ID),
    ),
    "checksum of a stream": (
        answer(encode(Frame({}, b"a")), Content_Type="application/vnd.amazon.eventstream"),
        answer(encode(Frame({}, b"a"))[:-1] + b"!", Content_Type="application/vnd.amazon.eventstream"),
    ),
}


@pytest.mark.parametrize("name", SAME)
def test_what_changes_by_itself_makes_no_difference(name: str) -> None:
    """Ids, times and durations are left out, in headers, bodies, logs and streams."""
    one, other = SAME[name]
    assert signature([one]) == signature([other])


@pytest.mark.parametrize("name", DIFFERENT)
def test_all_else_makes_one(name: str) -> None:
    """Any other difference between two answers is one."""
    one, other = DIFFERENT[name]
    assert signature([one]) != signature([other])


def test_ids_are_compared_within_a_case() -> None:
    """Two answers of one case that share an id differ from two that don't."""
    first, second = answer(x_amzn_RequestId=ID), answer(x_amzn_RequestId=OTHER)
    assert signature([first, first]) != signature([first, second])
    assert signature([first, second]) == signature([second, first])


def test_an_id_that_was_sent_is_told_from_another() -> None:
    """An answer with the id that its request sent differs from one with an id of its own."""
    sent = Request(b"POST", b"/", ((b"x-amzn-RequestId", ID.encode()),))
    kept, own = (replace(answer(x_amzn_RequestId=one), request=sent) for one in (ID, OTHER))
    assert signature([kept]) != signature([own])


def test_no_answer_differs_from_one() -> None:
    """An exchange without a response is told from one with."""
    assert signature([answer()]) != signature([replace(answer(), response=None)])
