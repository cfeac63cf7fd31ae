"""Faults of what is taken for a FunctionName: lengths and the pattern."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from conformance.contract.names import form
from conformance.reference.answer import Refusal
from conformance.reference.checks import CONSTRAINTS, check_constraints, check_home, check_name
from conformance.reference.faults.building import gate, knowing, longest, parameter, pattern, together
from conformance.reference.faults.model import Fault

if TYPE_CHECKING:
    from collections.abc import Callable

    from conformance.contract.names import FunctionReference
    from conformance.reference.call import Call
    from conformance.reference.faults.building import Change
    from conformance.reference.faults.model import Setting

NAME = "FunctionName"
DOCUMENTED = 64
"""Characters of a bare name, as the documentation says and the service doesn't."""


def _violates(call: Call, keyword: str, limit: int | str) -> Refusal:
    constraint = CONSTRAINTS[keyword].format(limit)
    text = f"Value '{call.values[NAME]}' at 'functionName' failed to satisfy constraint: {constraint}"
    return Refusal("ValidationException", f"1 validation error detected: {text}")


def _checked(check: Callable[[Call], None]) -> Change:
    """Make a check before the constraints."""

    def constraints(call: Call) -> None:
        check(call)
        check_constraints(call)

    return gate(constraints=constraints)


def _violations(call: Call) -> set[str]:
    return {one.keyword for one in call.operation.parameter(NAME).violations(call.values[NAME])}


def _looked_up(call: Call) -> None:
    """Look up what the pattern does not match; nothing is called so."""
    if _violations(call) == {"pattern"}:
        raise Refusal("ResourceNotFoundException", f"Function not found: {call.values[NAME]}")


def _documented(call: Call) -> None:
    """Enforce the documented length of a bare name."""
    if not _violations(call) and form(reference := check_name(call)) == "name" and len(reference.name) > DOCUMENTED:
        raise _violates(call, "maxLength", DOCUMENTED)


def _complete(call: Call) -> None:
    """Refuse an ARN that ends in the word function."""
    if call.values[NAME].endswith(":function"):
        raise _violates(call, "pattern", call.operation.parameter(NAME).wire_pattern or "")


def _name_alone(setting: Setting) -> Change:
    """Hold the limit against the name, and not against the whole FunctionName."""
    most = setting.contract.operations["Invoke"].parameter(NAME).max_length or 0

    def constraints(call: Call) -> None:
        check_constraints(call)
        if len(check_name(call).name) > most:
            raise _violates(call, "maxLength", most)

    return together(parameter(NAME, max_length=None), gate(constraints=constraints))


def _own_region(call: Call, reference: FunctionReference, *here: str) -> None:
    check_home(call, replace(reference, region=reference.region or None), *here)


FAULTS = (
    Fault(
        "names/illegal-is-unknown",
        "looks up a FunctionName that the pattern does not match",
        ("names/illegal-character", "names/malformed-arn", "names/pattern"),
        _checked(_looked_up),
        seen="ministack 1.5.33, localstack 2.3.2, serverless-offline 14.8.2",
    ),
    Fault(
        "names/pattern-from-the-begin-only",
        "matches the begin of a FunctionName and overlooks the rest",
        ("names/illegal-character", "names/pattern"),
        pattern(NAME, "$", r"[\s\S]*$"),
    ),
    Fault(
        "names/newline-at-the-end",
        "lets a newline pass behind a FunctionName, as the dollar sign of many engines does",
        ("names/illegal-character",),
        pattern(NAME, "))?$", "))?\n?$"),
    ),
    Fault(
        "names/letters-of-unicode",
        "takes letters of all alphabets in a name",
        ("names/illegal-character",),
        pattern(NAME, "([A-Za-z0-9_.-]+)", r"((?u:[\w.-])+)"),
    ),
    Fault(
        "names/digits-of-unicode",
        "takes digits of all scripts in an account",
        ("names/pattern",),
        pattern(NAME, "[0-9]{12}", r"(?u:\d){12}"),
    ),
    Fault(
        "names/arn-in-capitals",
        "takes ARN in capitals",
        ("names/pattern",),
        pattern(NAME, "(arn:(", "((?i:arn):("),
    ),
    Fault(
        "names/account-of-any-length",
        "takes accounts of any number of digits",
        ("names/pattern",),
        pattern(NAME, "[0-9]{12}:", "[0-9]+:"),
    ),
    Fault(
        "names/region-of-two-digits",
        "takes regions that end in more than one digit",
        ("names/pattern",),
        pattern(NAME, "-[0-9]:", "-[0-9]+:"),
    ),
    Fault(
        "names/empty-region",
        "takes an empty region in an ARN for its own",
        ("names/malformed-arn",),
        together(pattern(NAME, "-[0-9]:)?", "-[0-9]:|:)?"), gate(home=_own_region)),
    ),
    Fault(
        "names/empty-account",
        "takes an empty account in an ARN for its own",
        ("names/malformed-arn",),
        pattern(NAME, "([0-9]{12}:)?", "([0-9]{12}:)?:?"),
    ),
    Fault(
        "names/any-service",
        "takes the ARN of any service for one of a function",
        ("names/malformed-arn",),
        pattern(NAME, ":lambda:", ":[a-z0-9-]+:"),
    ),
    Fault(
        "names/layers",
        "takes the ARN of a layer for one of a function",
        ("names/pattern",),
        pattern(NAME, "(function:)", "((?:function|layer):)"),
    ),
    Fault(
        "names/second-qualifier",
        "overlooks a second qualifier",
        ("names/malformed-arn",),
        pattern(NAME, "+))?$", "+)(?::[A-Za-z0-9_-]+)?)?$"),
    ),
    Fault(
        "names/no-dots",
        "takes a dot in a name for a violation, as CreateFunction does",
        ("names/dots",),
        pattern(NAME, "([A-Za-z0-9_.-]+)", "([A-Za-z0-9_-]+)"),
    ),
    Fault(
        "names/no-capitals",
        "takes a capital in a name for a violation",
        ("names/well-formed",),
        pattern(NAME, "([A-Za-z0-9_.-]+)", "([a-z0-9_.-]+)"),
    ),
    Fault(
        "names/one-partition",
        "takes ARNs of the partition aws alone",
        ("names/well-formed",),
        pattern(NAME, "(aws[A-Za-z-]*)", "(aws)"),
    ),
    Fault(
        "names/no-isolated-regions",
        "takes an isolated region in an ARN for a violation",
        ("names/well-formed",),
        pattern(NAME, "(-iso(", "((?!)-iso("),
        seen="AWS's model in its first years",
    ),
    Fault(
        "names/no-sovereign-regions",
        "takes a region of the European sovereign cloud in an ARN for a violation",
        ("names/well-formed",),
        pattern(NAME, "(eusc-)", "((?!)eusc-)"),
        seen="AWS's model in its first years",
    ),
    Fault(
        "names/arn-without-name",
        "refuses an ARN that ends in the word function",
        ("names/word-function-is-a-name",),
        _checked(_complete),
    ),
    Fault(
        "names/documented-length",
        "enforces the documented limit of 64 characters of a bare name",
        ("names/bare-65-characters",),
        _checked(_documented),
    ),
    Fault(
        "names/length-of-creation",
        "takes a FunctionName of 140 characters at most, as CreateFunction does",
        ("names/up-to-the-longest",),
        parameter(NAME, max_length=140),
    ),
    Fault(
        "names/length-of-old-models",
        "takes a FunctionName of 170 characters at most",
        ("names/up-to-the-longest",),
        parameter(NAME, max_length=170),
        seen="localstack 2026.3; AWS's model until 2025-11",
    ),
    Fault(
        "names/longest-is-too-long",
        "refuses the longest FunctionName",
        ("names/up-to-the-longest",),
        longest(NAME, -1),
    ),
    Fault(
        "names/one-character-more",
        "takes a FunctionName of one character more than the limit",
        ("names/too-long",),
        longest(NAME, 1),
    ),
    Fault(
        "names/any-length",
        "takes a FunctionName of any length",
        ("names/too-long",),
        parameter(NAME, max_length=None),
        seen="ministack 1.5.33, localstack 2.3.2, serverless-offline 14.8.2, moto 5.2.5 without Docker",
    ),
    Fault(
        "names/length-of-the-name-alone",
        "holds the limit against the name, and not against the whole FunctionName",
        ("names/too-long",),
        knowing(_name_alone),
    ),
    Fault(
        "names/two-characters",
        "refuses a name of one character",
        ("names/one-character",),
        parameter(NAME, min_length=2),
    ),
)
"""Those of lengths and the pattern; see ``names`` for the others."""
