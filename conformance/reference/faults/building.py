"""The words in which faults are written: each returns a change of the service's stages."""

from __future__ import annotations

from dataclasses import replace
from functools import partial, reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from conformance.reference import results
from conformance.reference.admission import Admission, Gates
from conformance.reference.call import Router

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.contract.model import Contract
    from conformance.exchange.message import Request
    from conformance.reference.answer import Answer, Refusal
    from conformance.reference.call import Call
    from conformance.reference.faults.model import Setting
    from conformance.reference.functions import Invocation
    from conformance.reference.outcomes import Outcome
    from conformance.reference.service import Stages

    Change = Callable[[Stages, Setting], Stages]
    Result = Callable[[Call, Invocation, Outcome], Answer]
    Refuse = Callable[[Refusal, str], Answer]


def stage(**stages: Any) -> Change:  # noqa: ANN401  functions of many kinds
    """Put other functions in the place of stages."""
    return lambda unbroken, _: replace(unbroken, **stages)


def around(name: str, wrap: Callable[[Any], Any]) -> Change:
    """Put a function around a stage: ``wrap`` gets the unbroken one and returns the broken one."""
    return lambda unbroken, _: replace(unbroken, **{name: wrap(getattr(unbroken, name))})


def gate(**gates: Any) -> Change:  # noqa: ANN401  functions of many kinds
    """Put other checks in the place of gates."""

    def change(unbroken: Stages, setting: Setting) -> Stages:
        return replace(unbroken, admit=Admission(setting.identity, setting.functions, replace(Gates(), **gates)))

    return change


def contract(alter: Callable[[Contract], Contract]) -> Change:
    """Let the service obey another contract: its routes, constraints and limits."""

    def change(unbroken: Stages, setting: Setting) -> Stages:
        other = alter(setting.contract)
        return replace(unbroken, route=Router(other), result=partial(results.result, limits=other.limits))

    return change


def parameter(name: str, **attributes: Any) -> Change:  # noqa: ANN401  of a Parameter
    """Let the service obey other constraints of one parameter, in every operation that has it."""

    def alter(unbroken: Contract) -> Contract:
        operations = {
            id_: replace(
                one,
                parameters=tuple(replace(it, **attributes) if it.name == name else it for it in one.parameters),
            )
            for id_, one in unbroken.operations.items()
        }
        return replace(unbroken, operations=MappingProxyType(operations))

    return contract(alter)


def pattern(name: str, old: str, new: str) -> Change:
    """Put something else in the place of a part of a parameter's pattern, in every operation that has it."""

    def change(unbroken: Stages, setting: Setting) -> Stages:
        right = setting.contract.operations["Invoke"].parameter(name).pattern or ""
        return parameter(name, pattern=right.replace(old, new))(unbroken, setting)

    return change


def longest(name: str, more: int) -> Change:
    """Let the longest value of a parameter be longer by some characters, or shorter, in every operation that has it."""

    def change(unbroken: Stages, setting: Setting) -> Stages:
        right = setting.contract.operations["Invoke"].parameter(name).max_length or 0
        return parameter(name, max_length=right + more)(unbroken, setting)

    return change


def together(*changes: Change) -> Change:
    """Make several changes, at different stages, which only together are the deviation."""
    return lambda unbroken, setting: reduce(lambda stages, change: change(stages, setting), changes, unbroken)


def knowing(make: Callable[[Setting], Change]) -> Change:
    """Make a change that has to know the functions or the identity of the service."""
    return lambda unbroken, setting: make(setting)(unbroken, setting)


def other_refusal(alter: Callable[[Refusal], Refusal]) -> Change:
    """Refuse by another error, or in other words; ``alter`` gets every refusal before it is answered."""

    def wrap(unbroken: Refuse) -> Refuse:
        return lambda one, request_id: unbroken(alter(one), request_id)

    return around("refused", wrap)


def refusal(alter: Callable[[Refusal, Answer], Answer], *names: str) -> Change:
    """Change the answers to refusals; those of some errors, or of all where none is named."""

    def wrap(unbroken: Refuse) -> Refuse:
        def refused(refusal: Refusal, request_id: str) -> Answer:
            given = unbroken(refusal, request_id)
            return alter(refusal, given) if not names or refusal.name in names else given

        return refused

    return around("refused", wrap)


def answer(alter: Callable[[Answer], Answer], when: Callable[[Request, Answer], bool] | None = None) -> Change:
    """Change every answer, or those of which ``when`` is true."""

    def finish(request: Request, given: Answer) -> Answer:
        return alter(given) if when is None or when(request, given) else given

    return stage(finish=finish)


def header(name: str, value: str | None, when: Callable[[Request, Answer], bool] | None = None) -> Change:
    """Give answers a header in place of the one that they have, or (None) none, where they have it."""
    return answer(lambda given: _with_header(given, name, value), when)


def _with_header(given: Answer, name: str, value: str | None) -> Answer:
    has = any(key.lower() == name.lower() for key, _ in given.headers)
    kept = tuple(pair for pair in given.headers if pair[0].lower() != name.lower())
    added = ((name, value),) if value is not None and has else ()
    return replace(given, headers=kept + added)


def extra(name: str, value: str, when: Callable[[Request, Answer], bool]) -> Change:
    """Give answers a header that they don't have."""
    return answer(lambda given: replace(given, headers=(*given.headers, (name, value))), when)


def status(code: int, when: Callable[[Request, Answer], bool]) -> Change:
    """Give answers another status."""
    return answer(lambda given: replace(given, status=code), when)


def of(*statuses: int) -> Callable[[Request, Answer], bool]:
    """Tell answers of a status from others."""
    return lambda _, given: given.status in statuses


def outcome(alter: Callable[[Invocation, Outcome], Outcome]) -> Change:
    """Change what comes of every run, awaited or not, before it is answered."""

    def wrap(unbroken: Result) -> Result:
        def altered(call: Call, invocation: Invocation, found: Outcome) -> Answer:
            return unbroken(call, invocation, alter(invocation, found))

        return altered

    return around("result", wrap)


def limits(**changes: int) -> Change:
    """Let the service obey other limits that belong to no operation; underscores stand for hyphens."""
    renamed: Mapping[str, int] = {name.replace("_", "-"): value for name, value in changes.items()}
    return contract(lambda unbroken: replace(unbroken, limits=MappingProxyType({**unbroken.limits, **renamed})))
