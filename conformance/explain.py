"""The tables in words: what ``list`` and ``explain`` print."""

from __future__ import annotations

import difflib
import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from conformance.cases.model import as_data
from conformance.contract.contradictions import load_contradictions
from conformance.contract.reader import load_contract
from conformance.contract.requirements import load_requirements
from conformance.coverage.table import as_data as row_as_data
from conformance.coverage.table import coverage
from conformance.errors import UsageError
from conformance.fixtures.table import FIXTURES
from conformance.generation.cases import every_case
from conformance.oracle.outcome import OUTCOMES
from conformance.reference.faults.table import FAULTS
from conformance.targets.table import TARGETS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from conformance.cases.model import Case
    from conformance.contract.requirements import Requirement
    from conformance.reference.faults.model import Fault


def _cases() -> list[dict[str, Any]]:
    return [as_data(case) for case in every_case(load_contract()).values()]


def _requirements() -> list[dict[str, Any]]:
    checking: dict[str, list[str]] = {}
    for case in every_case(load_contract()).values():
        for id_ in case.requirements:
            checking.setdefault(id_, []).append(case.id)
    return [{**asdict(one), "cases": checking.get(one.id, [])} for one in load_requirements().values()]


def _fixtures() -> list[dict[str, Any]]:
    return [asdict(fixture) for fixture in FIXTURES.values()]


def _faults() -> list[dict[str, Any]]:
    return [
        {"id": one.id, "text": one.breaks, "requirements": list(one.requirements), "seen": one.seen or None}
        for one in FAULTS.values()
    ]


def _contradictions() -> list[dict[str, Any]]:
    return [{**asdict(one), "text": f"{one.question} {one.enforced}"} for one in load_contradictions()]


def _coverage() -> list[dict[str, Any]]:
    return [row_as_data(row) for row in coverage()]


def _targets() -> list[dict[str, Any]]:
    return [{"name": name, "text": kind.text} for name, kind in TARGETS.items()]


TABLES: Mapping[str, Callable[[], list[dict[str, Any]]]] = {
    "cases": _cases,
    "requirements": _requirements,
    "faults": _faults,
    "fixtures": _fixtures,
    "targets": _targets,
    "contradictions": _contradictions,
    "coverage": _coverage,
}
"""What can be listed: name -> rows as JSON values."""


def table_as_json(name: str) -> str:
    """Return a table as a JSON array."""
    return json.dumps(TABLES[name](), indent=2, ensure_ascii=False)


def table_as_text(name: str) -> str:
    """Return a table as aligned lines: name and what it is."""
    rows = [(row.get("id") or row["name"], row.get("purpose") or row["text"]) for row in TABLES[name]()]
    width = max(len(key) for key, _ in rows)
    return "\n".join(f"{key:{width}}  {text}" for key, text in rows)


def explain(id_: str) -> str:
    """Return what there is to say about a requirement, a case, a fault or an outcome.

    A requirement and a case may have one id; then both are explained.

    Raises:
        UsageError: there is no such id; suggests the nearest.
    """
    cases, requirements = every_case(load_contract()), load_requirements()
    outcomes = {outcome.value: text for outcome, text in OUTCOMES.items()}
    found = [
        *([_explain_requirement(requirements[id_], cases)] if id_ in requirements else []),
        *([_explain_case(cases[id_])] if id_ in cases else []),
        *([_explain_fault(FAULTS[id_])] if id_ in FAULTS else []),
        *([f"outcome {id_}\n  {outcomes[id_]}"] if id_ in outcomes else []),
    ]
    if not found:
        close = difflib.get_close_matches(id_, {**requirements, **cases, **FAULTS, **outcomes}, n=3)
        hint = f"did you mean {', '.join(close)}?" if close else "list requirements and list cases show all"
        raise UsageError("id-unknown", f"{id_}: no requirement, case, fault or outcome has this id", hint)
    return "\n\n".join(found)


def _explain_requirement(requirement: Requirement, cases: Mapping[str, Case]) -> str:
    lines = [f"requirement {requirement.id} (tier {requirement.tier})", f"  {requirement.text}"]
    for one in requirement.evidence:
        lines.append(f"  {one.kind} {one.date} {one.source}".rstrip())
        lines += [f"    answered: {one.answer}"] * bool(one.answer)
    lines += [f"  sources disagree: {requirement.conflict}"] * bool(requirement.conflict)
    checking = [case.id for case in cases.values() if requirement.id in case.requirements]
    lines.append(
        f"  checked by: {', '.join(checking)}" if checking else f"  checked by no case: {requirement.untested}"
    )
    return "\n".join(lines)


def _explain_fault(fault: Fault) -> str:
    lines = [f"fault {fault.id}", f"  The reference {fault.breaks}.", f"  breaks: {', '.join(fault.requirements)}"]
    lines += [f"  seen in: {fault.seen}"] * bool(fault.seen)
    return "\n".join([*lines, f"  try it: invoke-conformance serve --fault {fault.id}"])


def _explain_case(case: Case) -> str:
    lines = [f"case {case.id}", f"  {case.purpose}"]
    for number, step in enumerate(case.steps, 1):
        call = step.call
        lines.append(
            f"  step {number}: {call.operation} {call.FunctionName} {call.query} {dict(call.headers) or ''}".rstrip()
        )
        lines += [
            f"    {one.subject} {one.rule} {'' if one.value is None else one.value} [{one.requirement}]"
            for one in step.expect
        ]
    return "\n".join([*lines, *([f"  twin: {case.twin}"] if case.twin else [])])
