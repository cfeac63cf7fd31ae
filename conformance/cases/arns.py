"""Cases of the area names: ARNs with wrong parts, ARNs of elsewhere, and forms that are not documented."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.building import ARN, PARTIAL_ARN, case, expect, invalid, not_found, refused
from conformance.cases.model import Call
from conformance.cases.names import BODY

if TYPE_CHECKING:
    from conformance.cases.model import Case
    from conformance.contract.model import Contract

MALFORMED = {
    "other-service": (
        "An ARN of another service",
        "arn:{partition}:ec2:{region}:{account}:instance:i-1234567890abcdef0",
    ),
    "no-region": ("An ARN without a region", "arn:{partition}:lambda::{account}:function:{echo}"),
    "no-account": ("An ARN without an account", "arn:{partition}:lambda:{region}::function:{echo}"),
    "impossible-region": (
        "An ARN of a region that can't be one",
        "arn:{partition}:lambda:invalid-region:{account}:function:{echo}",
    ),
    "two-qualifiers": ("An ARN with two qualifiers", ARN + "{echo}:1:2"),
    "misspelled-latest": ("An ARN with the qualifier $LATES", ARN + "{echo}:$LATES"),
    "at-sign": (
        "An ARN with an at sign for a colon",
        "arn:{partition}:lambda:{region}:{account}@function:{echo}",
    ),
}
"""ARNs that are recorded as refused: part of the id -> the purpose and the FunctionName."""

MISSHAPEN = {
    "arn-of-another-cloud": ("An ARN of another cloud", "arn:gcp:lambda:{region}:{account}:function:{echo}", "arn"),
    "arn-in-capitals": ("ARN in capitals", ARN.replace("arn", "ARN") + "{echo}", "arn"),
    "arn-of-a-layer": (
        "The ARN of a version of a layer",
        "arn:{partition}:lambda:{region}:{account}:layer:{echo}:1",
        "arn",
    ),
    "arn-of-no-function": ("An ARN that ends in function and a colon", ARN, "arn"),
    "arn-with-short-account": (
        "An ARN with an account of eleven digits",
        "arn:{partition}:lambda:{region}:12345678901:function:{echo}",
        "arn",
    ),
    "arn-with-long-account": (
        "An ARN with an account of thirteen digits",
        "arn:{partition}:lambda:{region}:1234567890123:function:{echo}",
        "arn",
    ),
    "arn-with-region-of-two-digits": (
        "An ARN of a region with two digits",
        "arn:{partition}:lambda:us-east-10:{account}:function:{echo}",
        "arn",
    ),
    "arn-with-region-in-capitals": (
        "An ARN of a region in capitals",
        "arn:{partition}:lambda:US-EAST-1:{account}:function:{echo}",
        "arn",
    ),
    "account-in-other-digits": (
        "A partial ARN whose account is in Arabic-Indic digits",
        "\N{ARABIC-INDIC DIGIT THREE}" * 12 + ":function:{echo}",
        "partial-arn",
    ),
    "two-accounts": ("A partial ARN with two accounts", "{account}:" + PARTIAL_ARN + "{echo}", "partial-arn"),
    "suffix-empty": ("A name with a colon behind it", "{echo}:", "plain"),
    "suffix-latest-in-lower-case": ("A name with the suffix $latest", "{echo}:$latest", "plain"),
    "suffix-with-dot": ("A name with a dot in its suffix", "{echo}:v1.2", "plain"),
}
"""What the modelled pattern doesn't match: the id -> the purpose, the FunctionName, the id of the twin."""

UNDOCUMENTED = {
    "function-prefix": ("the word function", "function:{echo}"),
    "account-prefix": ("an account", "{account}:{echo}"),
    "region-prefix": ("a region", "{region}:{echo}"),
    "region-and-account-prefix": ("region and account", "{region}:{account}:function:{echo}"),
    "arn-prefix": ("the beginning of an ARN", "arn:{partition}:lambda:{echo}"),
    "arn-without-function": (
        "an ARN's parts but the word function",
        "arn:{partition}:lambda:{region}:{account}:{echo}",
    ),
    "arn-without-partition": ("an ARN without a partition", "arn::lambda:{region}:{account}:function:{echo}"),
}
"""Forms that the pattern accepts and no document explains."""

ELSEWHERE = {
    "china": ("the Chinese partition", "arn:aws-cn:lambda:cn-north-1"),
    "us-gov": ("the partition of the US government", "arn:aws-us-gov:lambda:us-gov-west-1"),
    "iso": ("an isolated partition", "arn:aws-iso:lambda:us-iso-east-1"),
    "iso-b": ("another isolated partition", "arn:aws-iso-b:lambda:us-isob-east-1"),
    "eusc": ("the European sovereign cloud", "arn:aws-eusc:lambda:eusc-de-east-1"),
}
"""A region of each kind: part of the id -> of what, the begin of an ARN."""


def cases(_: Contract) -> tuple[Case, ...]:
    """Return the authored cases of the area that are about the parts of ARNs."""
    return (*_malformed(), *_misshapen(), *_elsewhere(), *_other_partitions(), *_undocumented())


def _malformed() -> tuple[Case, ...]:
    partial = {
        "partial-arn-bad-account": (
            "A partial ARN whose account is no number",
            "invalid-account:function:{echo}",
            "names/partial-arn",
        ),
        "latest-and-another-suffix": (
            "A name behind function: with $LATEST and another suffix",
            "function:{echo}:$LATEST:extra",
            "names/plain",
        ),
    }
    whole = {f"arn-{id_}": (what, name, "names/arn") for id_, (what, name) in MALFORMED.items()}
    return tuple(
        case(f"names/{id_}", f"{what} is refused", Call(name, body=BODY), invalid("names/malformed-arn"), twin=twin)
        for id_, (what, name, twin) in (partial | whole).items()
    )


def _misshapen() -> tuple[Case, ...]:
    short = tuple(
        case(
            f"names/{id_}", f"{what} is refused", Call(name, body=BODY), invalid("names/pattern"), twin=f"names/{twin}"
        )
        for id_, (what, name, twin) in MISSHAPEN.items()
    )
    one = r"^1 validation error detected: [^;]* at 'functionName' .*: Member must satisfy regular expression pattern: "
    long = case(
        "names/arn-long-and-impossible-region",
        "A long ARN of a region that can't be one violates the pattern and no length",
        Call("arn:{partition}:lambda:invalid-region:{account}:function:my-function" + "a" * 170, body=BODY),
        invalid("names/malformed-arn"),
        expect("names/one-violation", "error message", "matches", one),
        twin="names/arn",
    )
    return (*short, long)


def _elsewhere() -> tuple[Case, ...]:
    account = "names/other-account"
    return (
        case(
            "names/arn-other-region",
            "An ARN of another region is not found here",
            Call(ARN.replace("{region}", "{other_region}") + "{echo}", body=BODY),
            not_found("names/wrong-region"),
            expect(
                "names/wrong-region-message",
                "error message",
                "matches",
                r"^Functions from '{other_region}' are not reachable in this region \('{region}'\)$",
            ),
            twin="names/arn",
        ),
        case(
            "names/arn-other-account",
            "An ARN of another account, which has granted nothing, is denied",
            Call(ARN.replace("{account}", "{other_account}") + "{echo}", body=BODY),
            refused(account, 403, "AccessDeniedException"),
            twin="names/arn",
        ),
        case(
            "names/partial-arn-other-account",
            "A partial ARN of another account, which has granted nothing, is denied",
            Call(PARTIAL_ARN.replace("{account}", "{other_account}") + "{echo}", body=BODY),
            refused(account, 403, "AccessDeniedException"),
            twin="names/partial-arn",
        ),
        case(
            "names/arn-other-partition",
            "An ARN of a partition that doesn't exist is well-formed; what comes of it is not on record",
            Call("arn:aws-nowhere:lambda:{region}:{account}:function:{echo}", body=BODY),
            expect("names/other-partition", "status", "is one of", [200, 403, 404]),
        ),
    )


def _other_partitions() -> tuple[Case, ...]:
    """ARNs that are well-formed; with which error they are refused is on record for other regions alone."""
    return tuple(
        case(
            f"names/arn-of-{id_}",
            f"An ARN of {what} is refused, but not as a violation",
            Call(begin + ":{account}:function:{echo}", body=BODY),
            expect("names/well-formed", "error type", "matches", "^(?!ValidationException$)"),
            twin="names/arn",
        )
        for id_, (what, begin) in ELSEWHERE.items()
    )


def _undocumented() -> tuple[Case, ...]:
    return tuple(
        case(
            f"names/{id_}",
            f"A name behind {what} is read as the pattern reads it, and finds the function",
            Call(name, body=BODY),
            expect("names/read-as-the-pattern-does", "status", "equals", 200),
            expect("names/read-as-the-pattern-does", "json", "equals", {"named": True}),
        )
        for id_, (what, name) in UNDOCUMENTED.items()
    )
