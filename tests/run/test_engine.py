"""How a plan is run: brackets, twins, faults of ours, giving up, interruptions. Each case gets one outcome, always."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from support.background import closes, fails, hangs, response
from support.running import PROBED, answering_bodies, caller_at, echo, expecting, planned, simple, target_at
from support.servers import scripted

from conformance.cases.model import Call, Step
from conformance.oracle.outcome import Outcome
from conformance.run import engine as engines
from conformance.run.engine import Engine, Settings
from conformance.run.events import VoidCause

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from support.servers import Behaviour

    from conformance.run.events import Ended, Judged
    from conformance.run.plan import Planned

HTTP_500 = response(500, b"{}")


class Run:
    """A run of a plan on a scripted server, and what came of it.

    Args:
        plan: the cases.
        workers: cases under way at a time.
        max_failures: after so many no further case is sent.
        timeout: seconds for an exchange.
    """

    def __init__(self, plan: Sequence[Planned], workers: int = 1, max_failures: int = 0, timeout: float = 5.0) -> None:
        self.plan = plan
        self.settings = Settings(workers, max_failures)
        self.timeout = timeout
        self.judged: list[Judged] = []
        self.engine: Engine | None = None
        self.ended: Ended | None = None
        self.seen = b""

    def on(self, behave: Behaviour) -> Mapping[str, Outcome]:
        """Run on a server; return the outcomes by id. Every case must have exactly one."""
        asyncio.run(asyncio.wait_for(self._run(behave), 20))

        assert Counter(one.planned.case.id for one in self.judged) == Counter(one.case.id for one in self.plan)
        return self.outcomes

    async def _run(self, behave: Behaviour) -> None:
        async with scripted(behave) as recorder:
            caller = caller_at(target_at(recorder.endpoint, fixtures=("echo", "sleep")), self.timeout)
            self.engine = Engine(self.plan, caller, self.settings, self.judged.append)
            try:
                self.ended = await self.engine.run()
            finally:
                await caller.client.aclose()
                self.seen = recorder.received

    def interrupt(self) -> None:
        """Interrupt it, as a signal would."""
        assert self.engine is not None
        self.engine.interrupt()

    @property
    def outcomes(self) -> Mapping[str, Outcome]:
        """Outcomes by id."""
        return {one.planned.case.id: one.outcome for one in self.judged}

    @property
    def reasons(self) -> Mapping[str, str]:
        """Reasons by id."""
        return {one.planned.case.id: one.reason for one in self.judged}

    @property
    def end(self) -> Ended:
        """How it ended."""
        assert self.ended is not None
        return self.ended


def numbered(count: int) -> list[Planned]:
    """A plan of cases a/0, a/1 and so on, each of which sends its id and expects 200."""
    return planned(*(simple(f"a/{number}") for number in range(count)))


def probes(*answers: bytes, then: Callable[[bytes], bytes | Awaitable[bytes]] = echo) -> Behaviour:
    """A server that answers the probes of the brackets one after the other, the last for good, and the rest by body."""
    left = list(answers)

    def answer(body: bytes) -> bytes | Awaitable[bytes]:
        if body != PROBED:
            return then(body)
        return left.pop(0) if len(left) > 1 else left[0]

    return answering_bodies(answer)


GOOD = echo(PROBED)


def test_a_good_run_is_bracketed() -> None:
    """When the known-good Invoke holds before and after, verdicts stand and nothing stopped the run."""
    run = Run(numbered(3), workers=2)

    assert set(run.on(answering_bodies(echo)).values()) == {Outcome.PASS}
    assert [bracket.holds for bracket in run.end.brackets] == [True, True]
    assert (run.end.stopped, run.end.interrupted, run.end.unreachable) == ("", False, False)
    assert run.seen.count(PROBED) == 2


def test_long_runs_are_bracketed_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """The known-good Invoke comes again after so many cases."""
    monkeypatch.setattr(engines, "BRACKET_EVERY", 2)
    run = Run(numbered(4))

    run.on(answering_bodies(echo))

    assert run.seen.count(PROBED) == 4


def test_skipped_cases_are_told_and_not_sent() -> None:
    """A case that does not apply gets its outcome and reason without a request."""
    run = Run([*planned(simple("a/sent")), *planned(simple("a/not"), skip="no such thing")])

    assert run.on(answering_bodies(echo)) == {"a/sent": Outcome.PASS, "a/not": Outcome.SKIP}
    assert run.reasons["a/not"] == "no such thing"
    assert b"a/not" not in run.seen


@pytest.mark.parametrize(("behave", "why"), [(closes, "closed"), (hangs, "timeout")])
def test_a_target_that_never_answers_makes_all_void(behave: Behaviour, why: str) -> None:
    """Without an answer to the first known-good Invoke no case is sent, all are void, and the target is not there."""
    run = Run(numbered(3), timeout=0.2)

    assert set(run.on(behave).values()) == {Outcome.VOID}
    assert run.end.unreachable
    assert run.end.stopped.startswith(f"the known-good Invoke got no answer: {why}")
    assert set(run.reasons.values()) == {run.end.stopped}
    assert b"a/0" not in run.seen


def test_a_target_that_refuses_the_caller_is_not_judged() -> None:
    """Where the known-good Invoke is refused, our credentials may be at fault: no verdict, and exit code 3 follows."""
    refusal = response(403, b"{}", "x-amzn-ErrorType: UnrecognizedClientException")
    run = Run(numbered(3))

    assert set(run.on(answering_bodies(lambda _: refusal)).values()) == {Outcome.VOID}
    assert run.end.unreachable
    assert run.end.stopped == "the known-good Invoke was refused with status 403, UnrecognizedClientException"
    assert b"a/0" not in run.seen


def test_a_target_that_is_always_wrong_is_judged() -> None:
    """A target that answers the known-good Invoke wrongly from the start fails its cases; that is no void."""
    run = Run(numbered(3))

    assert set(run.on(fails).values()) == {Outcome.FAIL}
    assert not run.end.unreachable
    assert run.end.stopped == ""


@pytest.mark.parametrize(
    ("last", "detail"),
    [
        (HTTP_500, "was answered with status 500"),
        (response(200, b"{}"), "was answered with status 200 and another body"),
        (b"\x00 garbage", "got no answer: garbage"),
    ],
)
def test_a_broken_bracket_voids_what_lies_before(last: bytes, detail: str) -> None:
    """Verdicts since the last good bracket are void when the next breaks, passes and failures alike, and say why."""
    plan = planned(simple("a/passes"), simple("a/fails", expecting(404)))
    run = Run(plan)

    assert set(run.on(probes(GOOD, last)).values()) == {Outcome.VOID}
    assert {one.void for one in run.judged} == {VoidCause.BRACKET}
    assert run.end.stopped.startswith(f"the known-good Invoke {detail}")
    assert set(run.reasons.values()) == {run.end.stopped}


def test_what_was_judged_before_a_good_bracket_stands(monkeypatch: pytest.MonkeyPatch) -> None:
    """A bracket that breaks later takes nothing back that an earlier one confirmed, and nothing more is sent."""
    monkeypatch.setattr(engines, "BRACKET_EVERY", 2)
    run = Run(numbered(6))

    outcomes = run.on(probes(GOOD, GOOD, HTTP_500))

    assert [outcomes[f"a/{number}"] for number in range(6)] == [Outcome.PASS] * 2 + [Outcome.VOID] * 4
    assert b"a/3" in run.seen
    assert b"a/4" not in run.seen


def test_a_good_bracket_does_not_heal_a_broken_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A case that was under way when a bracket broke is void, though the target would be right again behind it."""
    monkeypatch.setattr(engines, "BRACKET_EVERY", 1)
    broke = asyncio.Event()

    async def slow(body: bytes) -> bytes:
        if body == b"a/slow":
            await broke.wait()
        return echo(body)

    def probe(answers: list[bytes]) -> Behaviour:
        def answer(body: bytes) -> bytes | Awaitable[bytes]:
            if body != PROBED:
                return slow(body)
            if len(answers) == 2:
                asyncio.get_running_loop().call_later(0.05, broke.set)
            return answers.pop(0)

        return answering_bodies(answer)

    run = Run(planned(simple("a/slow"), simple("a/quick")), workers=2)

    assert run.on(probe([GOOD, HTTP_500, GOOD])) == {"a/slow": Outcome.VOID, "a/quick": Outcome.VOID}


def test_a_bracket_keeps_the_reason_of_what_was_void_before() -> None:
    """A case that got no answer says so also when the bracket behind it breaks."""

    def gone(body: bytes) -> bytes:
        return b"\x00 garbage" if body == b"a/gone" else echo(body)

    run = Run(planned(simple("a/gone")))

    run.on(probes(GOOD, HTTP_500, then=gone))

    assert run.reasons["a/gone"].startswith("no answer: garbage")


def refusing(*ids: bytes) -> Callable[[bytes], bytes]:
    """An answer of 400 to some bodies and 200 to the others."""
    return lambda body: response(400, b"{}") if body in ids else echo(body)


REFUSAL = simple("a/refusal", expecting(400, b"bad"), twin="a/twin")


def test_a_refusal_stands_by_its_twin() -> None:
    """A refusal passes when the same request without its fault succeeded."""
    run = Run(planned(REFUSAL, simple("a/twin")))

    assert run.on(answering_bodies(refusing(b"bad"))) == {"a/refusal": Outcome.PASS, "a/twin": Outcome.PASS}


def test_a_refusal_without_a_successful_twin_is_no_pass() -> None:
    """Where the twin is refused, too, the refusal proves nothing: a skip that says so, not a pass."""
    run = Run(planned(REFUSAL, simple("a/twin")), workers=4)

    outcomes = run.on(answering_bodies(refusing(b"bad", b"a/twin")))

    assert outcomes == {"a/refusal": Outcome.SKIP, "a/twin": Outcome.FAIL}
    assert "its twin a/twin did not succeed" in run.reasons["a/refusal"]


def test_a_refusal_whose_twin_got_no_answer_is_no_pass() -> None:
    """A void twin carries no refusal."""
    run = Run(planned(REFUSAL, simple("a/twin")))

    def answer(body: bytes) -> bytes:
        return b"\x00 garbage" if body == b"a/twin" else refusing(b"bad")(body)

    assert run.on(answering_bodies(answer)) == {"a/refusal": Outcome.SKIP, "a/twin": Outcome.VOID}


def test_a_refusal_without_its_twin_is_no_pass() -> None:
    """A twin that is not in the plan, or skipped in it, carries no refusal."""
    run = Run([*planned(REFUSAL), *planned(simple("a/twin"), skip="no such fixture")])

    assert run.on(answering_bodies(refusing(b"bad"))) == {"a/refusal": Outcome.SKIP, "a/twin": Outcome.SKIP}
    assert "its twin a/twin was not sent" in run.reasons["a/refusal"]


def test_a_missing_refusal_fails_whatever_the_twin_did() -> None:
    """A fault that is accepted is a failure, with or without a twin that succeeded."""
    run = Run(planned(REFUSAL, simple("a/twin")))

    assert run.on(answering_bodies(refusing(b"a/twin")))["a/refusal"] is Outcome.FAIL


def test_a_fault_of_ours_voids_its_case_alone() -> None:
    """A case that we can't even send is void with the traceback; the others are judged."""
    broken = simple("a/broken", Step(Call(operation="Nonsense"), expecting(200).expect))
    run = Run(planned(broken, simple("a/fine")))

    assert run.on(answering_bodies(echo)) == {"a/broken": Outcome.VOID, "a/fine": Outcome.PASS}
    judged = next(one for one in run.judged if one.outcome is Outcome.VOID)
    assert judged.void is VoidCause.HARNESS
    assert "KeyError: 'Nonsense'" in judged.reason


def test_enough_failures_end_a_run() -> None:
    """After so many failures no further case is sent; the rest are skipped and say why."""
    run = Run(
        planned(*(simple(f"a/{number}", expecting(404, b"body%d" % number)) for number in range(5))), max_failures=2
    )

    outcomes = run.on(answering_bodies(echo))

    assert [outcomes[f"a/{number}"] for number in range(5)] == [Outcome.FAIL] * 2 + [Outcome.SKIP] * 3
    assert run.end.stopped == run.reasons["a/4"] == "stopped at --max-failures 2"
    assert b"body2" not in run.seen


def test_a_known_failure_does_not_count() -> None:
    """What fails as expected brings a run no nearer to its end."""
    run = Run(planned(*(simple(f"a/{number}", expecting(404, b"body%d" % number)) for number in range(5))))
    run.settings = Settings(1, 2, lambda judged: judged.planned.case.id in {"a/0", "a/2"})

    outcomes = run.on(answering_bodies(echo))

    assert [outcomes[f"a/{number}"] for number in range(5)] == [Outcome.FAIL] * 4 + [Outcome.SKIP]


def test_an_interruption_loses_nothing() -> None:
    """What was judged before an interruption stands, what was under way or to come is skipped and says so."""

    async def stuck(body: bytes) -> bytes:
        if body == b"a/2":
            run.interrupt()
            await asyncio.sleep(60)
        return echo(body)

    run = Run(numbered(5))

    outcomes = run.on(probes(GOOD, then=stuck))

    assert [outcomes[f"a/{number}"] for number in range(5)] == [Outcome.PASS] * 2 + [Outcome.SKIP] * 3
    assert run.reasons["a/2"] == "interrupted before it was judged"
    assert run.end.interrupted
    assert run.end.stopped == "interrupted when 2 of 5 cases had been sent"


def test_an_interruption_lets_no_verdict_stand_without_a_bracket() -> None:
    """What was judged since the last good bracket is void when the one at the end of an interrupted run breaks."""

    async def stuck(body: bytes) -> bytes:
        if body == b"a/2":
            run.interrupt()
            await asyncio.sleep(60)
        return echo(body)

    run = Run(numbered(4))

    outcomes = run.on(probes(GOOD, HTTP_500, then=stuck))

    assert [outcomes[f"a/{number}"] for number in range(4)] == [Outcome.VOID] * 2 + [Outcome.SKIP] * 2


def test_an_interruption_does_not_wait_for_a_target_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bracket at the end of an interrupted run gets a moment only, however long the timeout is."""
    monkeypatch.setattr(engines, "CLOSING", 0.1)

    async def stuck(body: bytes) -> bytes:
        if body == b"a/1":
            run.interrupt()
        if body == b"a/0":
            return echo(body)
        return await asyncio.sleep(60, b"")

    asked = 0

    def answer(body: bytes) -> bytes | Awaitable[bytes]:
        nonlocal asked
        asked += body == PROBED
        return GOOD if body == PROBED and asked == 1 else stuck(body)

    run = Run(numbered(3), timeout=15.0)
    started = time.monotonic()

    outcomes = run.on(answering_bodies(answer))

    assert time.monotonic() - started < 5
    assert [outcomes[f"a/{number}"] for number in range(3)] == [Outcome.VOID, Outcome.SKIP, Outcome.SKIP]


def test_an_interruption_before_the_first_answer() -> None:
    """Interrupted while the first known-good Invoke is under way, a run ends at once; nothing was judged."""

    async def stuck(_: bytes) -> bytes:
        run.interrupt()
        run.interrupt()
        return await asyncio.sleep(60, b"")

    run = Run(numbered(2), timeout=15.0)

    assert set(run.on(answering_bodies(stuck)).values()) == {Outcome.SKIP}
    assert run.end.brackets == ()
    assert run.end.interrupted


def test_an_interruption_before_the_start() -> None:
    """A signal that comes before the engine runs is not forgotten."""
    run = Run(numbered(2))

    async def go() -> Ended:
        async with scripted(answering_bodies(echo)) as recorder:
            caller = caller_at(target_at(recorder.endpoint))
            engine = Engine(run.plan, caller, run.settings, run.judged.append)
            engine.interrupt()
            return await engine.run()

    assert asyncio.run(go()).interrupted
    assert set(run.outcomes.values()) == {Outcome.SKIP}


def test_a_verdict_that_can_not_be_told_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """When whoever listens fails, such as for a full disk, the run fails, too: no verdict gets lost in silence."""
    monkeypatch.setattr(engines, "BRACKET_EVERY", 1)

    async def go() -> None:
        async with scripted(answering_bodies(echo)) as recorder:
            caller = caller_at(target_at(recorder.endpoint))

            def full(_: Judged) -> None:
                raise OSError(28, "No space left on device")

            try:
                await Engine(numbered(5), caller, Settings(2), full).run()
            finally:
                await caller.client.aclose()

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(go())
