"""Drafts of generated cases, and how the oracle makes cases of them that hold for every target."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from conformance.cases.model import Case, Step
from conformance.cases.rendering import render
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.generation.world import world_of
from conformance.oracle.answers import REACTION
from conformance.oracle.clause import Clause
from conformance.oracle.reading import is_array, is_object
from conformance.oracle.signatures import signed_expectation
from conformance.oracle.site import Site

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from conformance.cases.model import Call
    from conformance.contract.model import Contract

GROUP = "generated/"
"""What the ids of generated cases begin with."""

NEUTRAL = Site(
    region="zz-neutral-0",
    account="709070907090",
    names={name: f"neutral-fixture-{name.replace('_', '-')}" for name in FIXTURES},
    partition="aws-neutral",
    run="neutral-run",
)
"""A target that is nowhere; each of its words is unmistakable, so that it can be put back into braces."""
REFUSAL = 400
ID = "header x-amzn-RequestId"
OF_EVERY_ANSWER = frozenset(
    {
        *(f"response-headers/{name}" for name in ("request-id", "request-id-uuid", "executed-version", "trace-id")),
        *(f"response-headers/{name}" for name in ("date", "connection", "remapped-content-length", "content-type")),
        *(f"response-headers/{name}" for name in ("content-length", "error-type-only-on-refusals")),
        *(f"response-headers/{name}" for name in ("event-no-content-type", "event-content-length", "refusal-date")),
        *(f"response-headers/{name}" for name in ("error-type-bare", "error-content-type", "refusal-content-length")),
        *(
            "response-headers/refusal-no-result-headers",
            "response-headers/error-type",
            "streaming/content-type",
            "routing/keep-alive",
        ),
    }
)
"""Requirements about what answers have in common, whatever was asked."""
NOWHERE = Endpoint("neutral.invalid", 80)
_WORLD = world_of(NEUTRAL)


@dataclass(frozen=True, slots=True)
class Draft:
    """A generated case without its expectation.

    Attributes:
        id: behind ``generated/``.
        purpose: one sentence.
        call: what is sent.
        twin: id of the draft that is the same without the one fault; empty for one that is taken.
        capabilities: what the target must claim.
        classes: parameter -> the class of its value, for one of a combination.
        whole: whether all headers of the answer are looked at, rather than what the case is about alone.
        times: how often it is sent, over one connection.
    """

    id: str
    purpose: str
    call: Call
    twin: str = ""
    capabilities: tuple[str, ...] = ()
    classes: Mapping[str, str] = field(default_factory=dict[str, str])
    whole: bool = False
    times: int = 1


def case_of(draft: Draft, contract: Contract) -> Case:
    """Return the case of a draft: the oracle says what must hold of it, for a target that is nowhere."""
    clauses = clauses_of(draft.call, contract)
    if not draft.whole:
        # What every answer has to have would fail a thousand cases that are about something else.
        clauses = tuple(one for one in clauses if one.requirement not in OF_EVERY_ANSWER) or clauses
    return Case(
        id=GROUP + draft.id,
        purpose=draft.purpose,
        steps=(Step(draft.call, clauses), *_again(draft, clauses)),
        twin=GROUP + draft.twin if refused(clauses) else "",
        capabilities=draft.capabilities,
        classes=draft.classes,
    )


def _again(draft: Draft, clauses: tuple[Clause, ...]) -> tuple[Step, ...]:
    """Return the step that sends a call again and again: the answers are like the first, but of another request id."""
    if draft.times == 1:
        return ()
    open_ = (
        Clause("routing/keep-alive", one.subject, one.rule, one.value) for one in clauses if one.subject == "status"
    )
    other = Clause("response-headers/request-id-unique", ID, "differs from", f"step 1 {ID}")
    return (Step(draft.call, (*clauses, *open_, other), repeat=draft.times - 1),)


def clauses_of(call: Call, contract: Contract) -> tuple[Clause, ...]:
    """Return what the oracle says must hold of a call, whatever the target calls things; may be nothing."""
    if call.wire:
        return REACTION
    request = render(call, NEUTRAL, contract, NOWHERE)
    return tuple(map(_unbound, signed_expectation(call.signing, request, contract, _WORLD)))


def refused(clauses: Sequence[Clause]) -> bool:
    """Tell whether a refusal is expected, which proves nothing without a twin."""
    statuses = [one.value for one in clauses if one.subject == "status"]
    return any(min(one) >= REFUSAL if is_array(one) else one >= REFUSAL for one in statuses)


def _unbound(clause: Clause) -> Clause:
    """Put the words of the neutral site back into braces."""
    value = _unfilled(clause.value, *(_QUOTED if clause.rule == "matches" else _PLAIN))
    return clause if value == clause.value else Clause(clause.requirement, clause.subject, clause.rule, value)


def _unfilled(value: Any, words: Mapping[str, str], found: re.Pattern[str]) -> Any:  # noqa: ANN401  any JSON value
    if isinstance(value, str):
        return found.sub(lambda match: words[match[0]], value)
    if is_array(value):
        return [_unfilled(one, words, found) for one in value]
    if is_object(value):
        return {key: _unfilled(one, words, found) for key, one in value.items()}
    return value


def _words(quote: Callable[[str], str]) -> tuple[Mapping[str, str], re.Pattern[str]]:
    """Return what each of the neutral site's words is to become, and a pattern that finds them."""
    words = {quote(text): f"{{{word}}}" for word, text in NEUTRAL.words.items() if word != "run"}
    return words, re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


_PLAIN, _QUOTED = _words(str), _words(re.escape)
