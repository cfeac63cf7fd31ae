"""How the steps of a case are sent and judged."""

from __future__ import annotations

import asyncio
import time
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest
from support.background import closes, hangs, read_request, response
from support.running import answering_bodies, caller_at, echo, expecting, planned, simple, target_at
from support.servers import OK, scripted

from conformance.cases.model import Call, Step
from conformance.contract.requirements import Tier, load_requirements
from conformance.exchange.sigv4 import Credentials
from conformance.oracle.answers import REACTION
from conformance.oracle.clause import Clause
from conformance.oracle.outcome import Outcome
from conformance.run import caller
from conformance.run.events import VoidCause
from conformance.targets.identity import UNSCALED, Pace

if TYPE_CHECKING:
    from support.servers import Behaviour

    from conformance.cases.model import Case
    from conformance.run.events import Judged


async def run(
    case: Case,
    behave: Behaviour,
    credentials: Credentials | None = None,
    timeout: float = 5.0,  # noqa: ASYNC109  of an exchange
    tier: Tier = Tier.CORE,
    pace: Pace = UNSCALED,
) -> tuple[Judged, bytes]:
    """Judge a case on a scripted server; return what came of it and all that the server saw."""
    async with scripted(behave) as recorder:
        caller = caller_at(replace(target_at(recorder.endpoint, credentials), pace=pace), timeout, tier)
        judged = await caller.run(planned(case)[0])
        await caller.client.aclose()
        return judged, recorder.received


def test_steps_go_out_in_order_over_one_connection() -> None:
    """All steps of a case that goes well are sent, in order, and each answer is judged."""
    case = simple("a/case", expecting(200, b"one"), expecting(200, b"two"), expecting(200, b"three"))

    judged, seen = asyncio.run(run(case, answering_bodies(echo)))

    assert judged.outcome is Outcome.PASS
    assert seen.index(b"one") < seen.index(b"two") < seen.index(b"three")
    assert [check.step for check in judged.checks] == [1, 2, 3]
    assert len(judged.exchanges) == 3


def test_the_first_failing_step_is_the_last() -> None:
    """What rests on a step that failed says nothing and is not sent."""
    case = simple("a/case", expecting(200, b"one"), expecting(404, b"two"), expecting(200, b"three"))

    judged, seen = asyncio.run(run(case, answering_bodies(echo)))

    assert judged.outcome is Outcome.FAIL
    assert [check.outcome for check in judged.checks] == [Outcome.PASS, Outcome.FAIL]
    assert b"three" not in seen


def test_no_answer_is_no_verdict() -> None:
    """A step without an answer makes the case void, says how, and is the last; what was checked before is kept."""
    answers = {b"one": echo(b"one"), b"two": b"\x00 no HTTP"}
    case = simple("a/case", expecting(200, b"one"), expecting(200, b"two"), expecting(200, b"three"))

    judged, seen = asyncio.run(run(case, answering_bodies(lambda body: answers[body])))

    assert (judged.outcome, judged.void) == (Outcome.VOID, VoidCause.NO_ANSWER)
    assert judged.reason.startswith("no answer: garbage")
    assert [check.outcome for check in judged.checks] == [Outcome.PASS]
    assert len(judged.exchanges) == 2
    assert b"three" not in seen


def test_a_closed_connection_is_not_tried_again() -> None:
    """A request whose connection is closed is sent once: a retry could turn a fault into a pass."""
    judged, seen = asyncio.run(run(simple("a/case", expecting(200, b"body")), closes))

    assert judged.outcome is Outcome.VOID
    assert judged.reason.startswith("no answer: closed")
    assert seen.count(b"POST ") == 1


def test_a_step_waits_for_its_effect() -> None:
    """A step with time is sent again until it holds, and only its last answer counts."""
    answers = iter((response(404, b""), response(404, b""), response(200, b"")))
    case = simple("a/case", expecting(200, within=5.0))

    judged, seen = asyncio.run(run(case, answering_bodies(lambda _: next(answers))))

    assert judged.outcome is Outcome.PASS
    assert seen.count(b"POST ") == 3
    assert len(judged.exchanges) == len(judged.checks) == 1


def test_an_effect_that_never_comes_fails() -> None:
    """A step that does not hold when its time is over fails with what was observed last."""
    case = simple("a/case", expecting(200, within=0.4))

    started = time.monotonic()
    judged, seen = asyncio.run(run(case, answering_bodies(lambda _: response(404, b"")), pace=Pace(functions=0.01)))

    assert judged.outcome is Outcome.FAIL
    assert judged.checks[0].observed == "404"
    assert seen.count(b"POST ") > caller.TRIES
    assert time.monotonic() - started >= 0.4


def test_a_slow_machine_gives_an_effect_its_chance() -> None:
    """Where hardly a call can be made in the time that an effect may take, some are made all the same."""
    answers = iter((*[response(404, b"")] * (caller.TRIES - 1), response(200, b"")))
    case = simple("a/case", expecting(200, within=0.0001))

    judged, _ = asyncio.run(run(case, answering_bodies(lambda _: next(answers)), pace=Pace(functions=0.01)))

    assert judged.outcome is Outcome.PASS


def test_what_comes_by_chance_gets_its_tries() -> None:
    """A step with a number of tries is sent so often, though its time is over before; then it fails."""
    tries = caller.TRIES + 3
    answers = iter((*[404] * (tries - 1), 200))
    step, pace = replace(expecting(200, within=0.0001), tries=tries), Pace(functions=0.01)

    lucky, _ = asyncio.run(
        run(simple("a/case", step), answering_bodies(lambda _: response(next(answers), b"")), pace=pace)
    )
    unlucky, seen = asyncio.run(run(simple("a/case", step), answering_bodies(lambda _: response(404, b"")), pace=pace))

    assert lucky.outcome is Outcome.PASS
    assert (unlucky.outcome, seen.count(b"POST ")) == (Outcome.FAIL, tries)


def test_waiting_leaves_room_for_the_effect(monkeypatch: pytest.MonkeyPatch) -> None:
    """The longer an effect is waited for, the seldomer it is asked for: asking may be what keeps it from coming."""
    pauses: list[float] = []

    async def slept(seconds: float) -> None:
        pauses.append(seconds)

    monkeypatch.setattr(caller, "asyncio", SimpleNamespace(sleep=slept))
    answers = iter((*[response(404, b"")] * 8, response(200, b"")))
    case = simple("a/case", expecting(200, within=5.0))

    asyncio.run(run(case, answering_bodies(lambda _: next(answers))))

    assert pauses == sorted(pauses)
    assert pauses[0] < 0.1
    assert pauses[-1] == pauses[-2] >= 10 * pauses[0]


def test_pauses_are_at_the_pace_of_the_target(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where functions take a tenth of their time, so do the pauses before a step and while an effect is waited for."""
    slept: dict[float, list[float]] = {}

    async def go(functions: float) -> None:
        async def sleep(seconds: float) -> None:
            slept.setdefault(functions, []).append(seconds)

        monkeypatch.setattr(caller, "asyncio", SimpleNamespace(sleep=sleep))
        answers = iter((*[response(404, b"")] * 3, response(200, b"")))
        async with scripted(answering_bodies(lambda _: next(answers))) as recorder:
            target = replace(target_at(recorder.endpoint), pace=Pace(functions=functions))
            calling = caller_at(target)
            step = replace(expecting(200, within=5.0), pause=0.5)
            assert (await calling.run(planned(simple("a/case", step))[0])).outcome is Outcome.PASS
            await calling.client.aclose()

    for functions in (1.0, 0.1):
        asyncio.run(go(functions))

    assert sum(slept[1.0][: caller.SLICES]) == pytest.approx(0.5)
    assert slept[0.1] == pytest.approx([0.1 * one for one in slept[1.0]])


def test_a_hanging_step_takes_no_longer_than_the_timeout() -> None:
    """A target that does not answer holds up a case for as long as the timeout, though the step had time left."""
    case = simple("a/case", expecting(200, within=30.0))

    started = time.monotonic()
    judged, _ = asyncio.run(run(case, hangs, timeout=0.2))

    assert judged.outcome is Outcome.VOID
    assert judged.reason.startswith("no answer: timeout")
    assert time.monotonic() - started < 5


def test_checks_of_stricter_tiers_are_left_out() -> None:
    """What only a stricter tier insists on is not judged, and does not keep a case from passing."""
    clauses = (Clause("a/core", "status", "equals", 200), Clause("a/strict", "status", "equals", 204))
    case = simple("a/case", Step(Call(), clauses))

    mild, _ = asyncio.run(run(case, answering_bodies(echo), tier=Tier.FULL))
    strict, _ = asyncio.run(run(case, answering_bodies(echo), tier=Tier.STRICT))

    assert (mild.outcome, strict.outcome) == (Outcome.PASS, Outcome.FAIL)


@pytest.mark.parametrize(("credentials", "signed"), [(None, False), (Credentials("AKID", "secret"), True)])
def test_requests_are_signed_where_there_are_credentials(credentials: Credentials | None, signed: bool) -> None:  # noqa: FBT001  a table
    """A target with credentials gets signed requests, one without gets none of the signature's headers."""
    _, seen = asyncio.run(run(simple("a/case"), answering_bodies(echo), credentials))

    assert (b"Authorization: AWS4-HMAC-SHA256 Credential=AKID/" in seen) is signed
    assert (b"X-Amz-Date" in seen) is signed
    assert b"/eu-west-1/lambda/aws4_request" in seen or not signed


def test_a_fixture_with_its_own_endpoint_is_called_there() -> None:
    """A target that hosts one function per port is sent the calls of each function where it is."""

    async def both() -> tuple[bytes, bytes]:
        async with scripted(answering_bodies(echo)) as main, scripted(answering_bodies(echo)) as own:
            target = target_at(main.endpoint, fixtures=("echo", "log"))
            caller = caller_at(replace(target, endpoints={"log": own.endpoint}))
            step = Step(Call("{log}"), expecting(200).expect)
            await caller.run(planned(simple("a/log", step))[0])
            await caller.run(planned(simple("a/echo", expecting(200)))[0])
            await caller.client.aclose()
            return main.received, own.received

    main, own = asyncio.run(both())

    assert b"/functions/my-echo/" in main
    assert b"/functions/my-log/" not in main
    assert b"/functions/my-log/" in own


def test_a_step_elsewhere_goes_there() -> None:
    """A step on a function with an endpoint of its own is sent there, whatever connection the case began with."""

    async def both() -> tuple[Judged, bytes, bytes]:
        async with scripted(answering_bodies(echo)) as main, scripted(answering_bodies(echo)) as own:
            target = target_at(main.endpoint, fixtures=("echo", "log"))
            caller = caller_at(replace(target, endpoints={"log": own.endpoint}))
            case = simple("a/case", expecting(200), Step(Call("{log}"), expecting(200).expect), expecting(200, b"last"))
            judged = await caller.run(planned(case)[0])
            await caller.client.aclose()
            return judged, main.received, own.received

    judged, main, own = asyncio.run(both())

    assert judged.outcome is Outcome.PASS
    assert (main.count(b"POST "), own.count(b"POST ")) == (2, 1)
    assert b"/functions/my-log/" in own


def test_a_step_without_a_check_in_the_tier_is_not_waited_for() -> None:
    """A step whose expectations are all of a stricter tier is sent once: there is nothing to wait for."""
    waiting = expecting(404, b"strict", "a/strict", within=4.0)

    judged, seen = asyncio.run(run(simple("a/case", waiting, expecting(200, b"next")), answering_bodies(echo)))

    assert judged.outcome is Outcome.PASS
    assert seen.count(b"POST ") == 2


def test_a_step_is_repeated_until_it_fails() -> None:
    """A step that is to be sent several times is, as long as each answer holds."""
    step = replace(expecting(200, b"again"), repeat=5)
    fifth = iter([200, 200, 200, 404])

    whole, seen = asyncio.run(run(simple("a/case", step), answering_bodies(echo)))
    broken, less = asyncio.run(run(simple("a/case", step), answering_bodies(lambda _: response(next(fifth), b""))))

    assert (whole.outcome, seen.count(b"POST ")) == (Outcome.PASS, 5)
    assert (broken.outcome, less.count(b"POST ")) == (Outcome.FAIL, 4)


def test_pipelined_steps_go_out_before_an_answer_comes() -> None:
    """Steps that are pipelined are sent in one write, and their answers are told apart by their order."""
    steps = (expecting(200, b"one"), replace(expecting(404, b"two"), pipelined=True))

    async def answers_when_all_are_there(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in steps:
            await read_request(reader)
        writer.write(response(200, b"one") + response(404, b"two"))
        await reader.read(-1)

    judged, seen = asyncio.run(run(simple("a/case", *steps), answers_when_all_are_there))

    assert judged.outcome is Outcome.PASS
    assert [check.step for check in judged.checks] == [1, 2]
    assert seen.index(b"one") < seen.index(b"two")


@pytest.mark.parametrize(
    ("headers", "answer", "outcome"),
    [
        ("Connection: close", 200, Outcome.SKIP),
        ("Connection: close", 404, Outcome.FAIL),
        ("Connection: keep-alive", 200, Outcome.VOID),
    ],
)
def test_a_close_that_was_announced_is_no_missing_answer(headers: str, answer: int, outcome: Outcome) -> None:
    """Behind an answer that says it is the last, pipelined calls go unanswered by right; without that it is a void."""
    steps = (expecting(200, b"one"), replace(expecting(200, b"two"), pipelined=True))

    async def answers_one_and_closes(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for _ in steps:
            await read_request(reader)
        writer.write(response(answer, b"one", headers))
        writer.close()

    judged, _ = asyncio.run(run(simple("a/case", *steps), answers_one_and_closes))

    assert judged.outcome is outcome
    assert (judged.void is VoidCause.NO_ANSWER) == (outcome is Outcome.VOID)


def test_a_step_aside_goes_over_another_connection() -> None:
    """The steps before and behind a step aside share the case's connection, and it is waited for in its turn."""

    async def connections() -> list[bytes]:
        aside = replace(expecting(200, b"two"), aside=True)
        case = simple("a/case", expecting(200, b"one"), aside, expecting(200, b"three"))
        async with scripted(answering_bodies(echo)) as recorder:
            caller = caller_at(target_at(recorder.endpoint))
            judged = await caller.run(planned(case)[0])
            await caller.client.aclose()
            assert judged.outcome is Outcome.PASS
            return [bytes(one) for one in recorder.connections]

    own, other = asyncio.run(connections())

    assert own.index(b"one") < own.index(b"three")
    assert b"two" in other
    assert b"two" not in own


def test_a_background_step_is_under_way_meanwhile() -> None:
    """A background step's answer is not waited for before the others are sent, and is judged all the same."""
    arrived = asyncio.Event()

    async def answer(body: bytes) -> bytes:
        if body == b"slow":
            await arrived.wait()
            return response(404, b"")
        arrived.set()
        return echo(body)

    case = simple("a/case", replace(expecting(200, b"slow"), background=True), expecting(200, b"quick"))

    judged, _ = asyncio.run(run(case, answering_bodies(answer)))

    assert [check.outcome for check in judged.checks] == [Outcome.FAIL, Outcome.PASS]
    assert judged.outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("answer", "outcome"), [(OK, Outcome.PASS), (b"", Outcome.PASS), (b"HTTP/1.1 2", Outcome.NOTE)]
)
def test_bytes_that_are_no_request_go_out_as_they_are(answer: bytes, outcome: Outcome) -> None:
    """They are neither signed nor framed; an answer and a clean close are right, one cut short is noted."""
    step = Step(Call(wire=b"POST /{echo} HTTP/9\r\n"), REACTION)

    async def behave(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.write(answer)

    async def react() -> tuple[Judged, bytes]:
        async with scripted(behave) as server:
            signing = caller_at(target_at(server.endpoint, Credentials("AKID", "secret")), tier=Tier.STRICT)
            caller = replace(signing, requirements=load_requirements())
            return await caller.run(planned(simple("a", step))[0]), server.received

    judged, seen = asyncio.run(react())

    assert seen == b"POST /my-echo HTTP/9\r\n"
    assert judged.outcome is outcome
