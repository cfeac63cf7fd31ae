"""Cases of the area names: the forms of a FunctionName, names that nobody has, and how long a name may be."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, PARTIAL_ARN, case, expect, invalid, not_found, succeeds
from conformance.cases.model import Call

if TYPE_CHECKING:
    from conformance.cases.building import Expectation
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

BODY = b'{"named": true}'

FORMS = {
    "plain": ("A plain name", "{echo}", "percent", ("names/plain",)),
    "partial-arn": ("A partial ARN", PARTIAL_ARN + "{echo}", "percent", ("names/partial-arn", "names/encoded-colons")),
    "partial-arn-raw": (
        "A partial ARN with raw colons",
        PARTIAL_ARN + "{echo}",
        "raw",
        ("names/partial-arn", "names/raw-colons"),
    ),
    "arn": ("An ARN", ARN + "{echo}", "percent", ("names/arn", "names/encoded-colons")),
    "arn-raw": ("An ARN with raw colons", ARN + "{echo}", "raw", ("names/arn", "names/raw-colons")),
}
"""Each documented form without a version or alias: part of the id -> what, FunctionName, how the path has it, the
requirements that allow it; the first one says what it means."""

UNKNOWN = {
    "unknown-function": ("{missing}", "", r"(:\$LATEST)?", "names/plain"),
    "unknown-function-partial-arn": (PARTIAL_ARN + "{missing}", "", r"(:\$LATEST)?", "names/partial-arn"),
    "unknown-function-arn": (ARN + "{missing}", "", r"(:\$LATEST)?", "names/arn"),
    "unknown-function-alias": ("{missing}:live", "", ":live", "names/plain"),
    "unknown-function-version": ("{missing}", "Qualifier=1", ":1", "qualifiers/version-1"),
}
"""Part of the id -> FunctionName, query, what the message has behind the ARN, the twin."""

WORD_FUNCTION = {
    "arn-without-name": (
        "In an ARN that ends in :function the word is the name",
        "arn:{partition}:lambda:{region}:{account}:function",
        "names/arn",
    ),
    "partial-arn-without-name": (
        "Behind an account, too, the word function is the name",
        "{account}:function",
        "names/partial-arn",
    ),
    "word-function": ("The word function is a name like others", "function", "names/plain"),
    "word-function-twice": ("Behind function: the same word is a name or an alias", "function:function", "names/plain"),
}
"""Where the word ``function`` can't be a prefix; nobody is expected to have a function of that name."""

DOTTED = {
    "dot-inside": ("A name with a dot in it", "{echo}.v1"),
    "dot-behind": ("A name with a dot behind it", "{echo}."),
}
NO_NAMES = {
    "empty": ("An empty name", "", "names/empty"),
    "one-dot": ("A path segment of one dot", ".", "names/dot-segments"),
    "two-dots": ("A path segment of two dots", "..", "names/dot-segments"),
}
"""What reaches no function, in whichever way it is refused."""

KNOWN_LENGTHS = {
    64: "names/up-to-the-longest",  # documented as the longest bare name
    65: "names/bare-65-characters",
    140: "names/up-to-the-longest",  # the longest FunctionName of CreateFunction
    170: "names/up-to-the-longest",  # the longest of models until November 2025
    171: "names/up-to-the-longest",
}
"""Lengths that are limits elsewhere, and none here -> the requirement."""


def cases(contract: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about names."""
    longest = contract.operations["Invoke"].parameter("FunctionName").max_length or 0
    return (
        *_accepted(),
        *_seen_by_the_function(),
        *_unknown(),
        *_no_names(),
        *_looked_up(longest),
        *_too_long(longest),
    )


def _accepted() -> tuple[Case, ...]:
    return tuple(
        case(
            f"names/{id_}",
            f"{what} finds the function and runs its unpublished version",
            Call(name, body=BODY, escape=escape),
            *(expect(requirement, "status", "equals", 200) for requirement in allowed),
            succeeds(),
            expect(allowed[0], "json", "equals", {"named": True}),
            expect(allowed[0], "header X-Amz-Executed-Version", "equals", "$LATEST"),
        )
        for id_, (what, name, escape, allowed) in FORMS.items()
    )


def _seen_by_the_function() -> tuple[Case, ...]:
    """What a function is told of the name by which it was called."""
    requirement = "names/seen-by-function"
    return tuple(
        case(
            f"names/{id_}-seen-by-function",
            f"A function that is called by {what} sees its bare name, and its ARN",
            Call(prefix + "{context}"),
            expect(f"names/{id_}", "status", "equals", 200),
            succeeds(),
            expect(requirement, "json /function_name", "equals", "{context}"),
            expect(requirement, "json /invoked_function_arn", "equals", ARN + "{context}"),
        )
        for id_, what, prefix in (("partial-arn", "its partial ARN", PARTIAL_ARN), ("arn", "its ARN", ARN))
    )


def _message(behind: str) -> str:
    return rf"^Function not found: {ARN}{{missing}}{behind}$"


def _unknown() -> tuple[Case, ...]:
    unknown = tuple(
        case(
            f"names/{id_}",
            f"{name}{f' with ?{query}' if query else ''} is not found",
            Call(name, query, body=BODY),
            not_found("names/unknown-function"),
            expect("names/unknown-function-message", "error message", "matches", _message(behind)),
            twin=twin,
        )
        for id_, (name, query, behind, twin) in UNKNOWN.items()
    )
    word = tuple(
        case(
            f"names/{id_}",
            f"{purpose}, and there is no such function",
            Call(name, body=BODY),
            not_found("names/word-function-is-a-name"),
            twin=twin,
        )
        for id_, (purpose, name, twin) in WORD_FUNCTION.items()
    )
    other_case = case(
        "names/other-case",
        "The name in capitals is another name",
        Call("INVOKE-CONFORMANCE-ECHO", body=BODY),
        not_found("names/case-sensitive"),
        twin="names/plain",
    )
    return (*unknown, *word, other_case)


def _no_names() -> tuple[Case, ...]:
    dotted = tuple(
        case(
            f"names/{id_}",
            f"{what} is legal, though no function can have it, so it is not found",
            Call(name, body=BODY),
            not_found("names/dots"),
            twin="names/plain",
        )
        for id_, (what, name) in DOTTED.items()
    )
    no_names = tuple(
        case(
            f"names/{id_}",
            f"{what} reaches no function",
            Call(name, body=BODY),
            expect(requirement, "status", "is at least", 400),
            expect(requirement, "status", "is at most", 499),
            twin="names/plain",
        )
        for id_, (what, name, requirement) in NO_NAMES.items()
    )
    return (*dotted, *no_names)


def _name(length: int) -> str:
    """Return a name of that many characters that nobody has."""
    return ("invoke-conformance-no-such-name-" + "a" * length)[:length]


def _partial_arn(length: int) -> str:
    """Return a partial ARN of that many characters, of a function that nobody has."""
    return PARTIAL_ARN + _name(length - len(PARTIAL_ARN.replace("{account}", "0" * 12)))


def _looked_up(longest: int) -> tuple[Case, ...]:
    rows = (
        ("1-character", "A name of 1 character", "names/one-character", "_", "names/plain"),
        (
            "every-class",
            "A name with a character of each class, but for dots,",
            "names/well-formed",
            "No_Such-Function-42",
            "names/plain",
        ),
        *(
            (f"{length}-characters", f"A name of {length} characters", requirement, _name(length), "names/plain")
            for length, requirement in (*KNOWN_LENGTHS.items(), (longest, "names/up-to-the-longest"))
        ),
        (
            f"partial-arn-of-{longest}-characters",
            f"A partial ARN of {longest} characters",
            "names/up-to-the-longest",
            _partial_arn(longest),
            "names/partial-arn",
        ),
    )
    return tuple(
        case(
            f"names/{id_}",
            f"{what} is looked up, and not found",
            Call(name, body=BODY),
            not_found(requirement),
            twin=twin,
        )
        for id_, what, requirement, name, twin in rows
    )


def _too_long(longest: int) -> tuple[Case, ...]:
    length = longest + 1
    limit = f"Member must have length less than or equal to {longest}"
    return (
        _refused_for_length(
            f"{length}-characters",
            f"A FunctionName of {length} characters is refused, and the refusal names the limit",
            _name(length),
            "names/plain",
            _says(
                "names/too-long-message", rf"^1 validation error detected: Value '[^']*' at 'functionName' .*{limit}$"
            ),
        ),
        _refused_for_length(
            f"partial-arn-of-{length}-characters",
            f"The limit is one of the whole FunctionName: a partial ARN of {length} characters is refused",
            _partial_arn(length),
            "names/partial-arn",
        ),
        _refused_for_length(
            "suffix-behind-the-longest-name",
            f"A suffix counts, too: a name of {longest} characters with one is refused",
            _name(longest) + ":1",
            "names/plain",
        ),
        _refused_for_length(
            f"{length}-characters-and-illegal",
            "A FunctionName that is too long and has an illegal character violates two constraints, and both are told",
            _name(longest) + "!",
            "names/plain",
            _says("names/every-constraint", rf"^2 validation errors detected: (?=.*{limit})(?=.*expression pattern: )"),
        ),
    )


def _refused_for_length(id_: str, purpose: str, name: str, twin: str, *more: Expectation) -> Case:
    return case(f"names/{id_}", purpose, Call(name, body=BODY), invalid("names/too-long"), *more, twin=twin)


def _says(requirement: str, pattern: str) -> Expectation:
    return expect(requirement, "error message", "matches", pattern)
