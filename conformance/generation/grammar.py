"""Cases that walk the grammar of function names, production by production: which parts are there, and of what kind."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

ARN, REGION, ACCOUNT, FUNCTION = "arn:{partition}:lambda:", "{region}:", "{account}:", "function:"
PREFIXES = (ARN, REGION, ACCOUNT, FUNCTION)
"""What may stand before a name, each by itself, in this order."""

PARTS: Mapping[str, Mapping[str, str]] = {
    "partition": {
        "none": "arn::lambda:{region}:{account}:function:{echo}",
        "capitals": "arn:AWS:lambda:{region}:{account}:function:{echo}",
        "other": "arn:azure:lambda:{region}:{account}:function:{echo}",
        "digit": "arn:aws1:lambda:{region}:{account}:function:{echo}",
        "long": "arn:aws-some-where-else:lambda:{region}:{account}:function:{echo}",
    },
    "service": {
        "none": "arn:{partition}::{region}:{account}:function:{echo}",
        "capitals": "arn:{partition}:Lambda:{region}:{account}:function:{echo}",
        "other": "arn:{partition}:s3:{region}:{account}:function:{echo}",
    },
    "region": {
        "none": "arn:{partition}:lambda::{account}:function:{echo}",
        "capitals": "arn:{partition}:lambda:US-EAST-1:{account}:function:{echo}",
        "no-number": "arn:{partition}:lambda:us-east:{account}:function:{echo}",
        "two-digits": "arn:{partition}:lambda:us-east-11:{account}:function:{echo}",
        "zone": "arn:{partition}:lambda:us-east-1a:{account}:function:{echo}",
        "three-letters": "arn:{partition}:lambda:usa-east-1:{account}:function:{echo}",
        "underscores": "arn:{partition}:lambda:us_east_1:{account}:function:{echo}",
        "other": "arn:{partition}:lambda:{other_region}:{account}:function:{echo}",
        "iso-of-two-letters": "arn:{partition}:lambda:us-isobb-east-1:{account}:function:{echo}",
        "china": "arn:aws-cn:lambda:cn-north-1:{account}:function:{echo}",
        "us-gov": "arn:aws-us-gov:lambda:us-gov-west-1:{account}:function:{echo}",
        "iso": "arn:aws-iso:lambda:us-iso-east-1:{account}:function:{echo}",
        "iso-b": "arn:aws-iso-b:lambda:us-isob-east-1:{account}:function:{echo}",
        "eusc": "arn:aws-eusc:lambda:eusc-de-east-1:{account}:function:{echo}",
    },
    "account": {
        "none": "arn:{partition}:lambda:{region}::function:{echo}",
        "11-digits": "arn:{partition}:lambda:{region}:12345678901:function:{echo}",
        "13-digits": "arn:{partition}:lambda:{region}:1234567890123:function:{echo}",
        "letters": "arn:{partition}:lambda:{region}:12345678901a:function:{echo}",
        "other-digits-in-partial-arn": "\N{ARABIC-INDIC DIGIT THREE}" * 12 + ":function:{echo}",
        "hyphens": "arn:{partition}:lambda:{region}:1234-5678-9012:function:{echo}",
        "other": "arn:{partition}:lambda:{region}:{other_account}:function:{echo}",
        "other-in-partial-arn": "{other_account}:function:{echo}",
    },
    "function": {
        "capitals": "arn:{partition}:lambda:{region}:{account}:Function:{echo}",
        "plural": "arn:{partition}:lambda:{region}:{account}:functions:{echo}",
        "layer": "arn:{partition}:lambda:{region}:{account}:layer:{echo}",
        "version-of-layer": "arn:{partition}:lambda:{region}:{account}:layer:{echo}:1",
        "slash": "arn:{partition}:lambda:{region}:{account}:function!{echo}",
        "twice": "arn:{partition}:lambda:{region}:{account}:function:function:{echo}",
    },
    "name": {
        "none": "arn:{partition}:lambda:{region}:{account}:function:",
        "capitals": "No_Such-Function",
        "dot": "no.such.function",
        "hyphens": "--",
        "digits": "4711",
        "account-like": "123456789012",
        "spaces": "  ",
        "space-behind": "{echo} ",
        "space-before": " {echo}",
        "newline-behind": "{echo}\n",
        "tab-behind": "{echo}\t",
        "encoded-twice": "{account}%3Afunction%3A{echo}",
        "letter-encoded-twice": "{echo}%61",
        "region-like": "us-east-1",
        "word-function": "function",
        "word-arn": "arn",
    },
    "qualifier": {
        "none": "{versioned}:",
        "none-of-arn": "arn:{partition}:lambda:{region}:{account}:function:{versioned}:",
        "version": "{versioned}:1",
        "alias": "{versioned}:live",
        "latest": "{versioned}:$LATEST",
        "published": "{echo}:$LATEST.PUBLISHED",
        "lower-case-latest": "{versioned}:$latest",
        "latest-cut": "{versioned}:$LATES",
        "latest-longer": "{versioned}:$LATEST1",
        "dollar": "{versioned}:$",
        "dot": "{versioned}:a.b",
        "hyphens": "{versioned}:--",
        "unknown-alias": "{versioned}:no-such-alias",
        "unknown-version": "{versioned}:99",
        "underscore": "{versioned}:no_such_alias",
        "newline": "{versioned}:live\n",
        "two": "{versioned}:1:1",
        "two-of-arn": "arn:{partition}:lambda:{region}:{account}:function:{versioned}:live:1",
    },
}
"""Kinds of each part of a name: part -> kind -> FunctionName."""


def names() -> Iterator[Draft]:
    """Yield a case for each set of prefixes, with a qualifier and without, and one for each kind of each part."""
    for chosen in product((True, False), repeat=len(PREFIXES)):
        prefix = "".join(one for one, there in zip(PREFIXES, chosen, strict=True) if there)
        parts = "".join(letter if there else "-" for letter, there in zip("arcf", chosen, strict=True))
        for suffix, what in (("", ""), (":$LATEST", "-at-latest")):
            name = f"{prefix}{{echo}}{suffix}"
            yield _draft(f"prefixes/{parts}{what}", name, f"The FunctionName {name}")
    for part, kinds in PARTS.items():
        for kind, name in kinds.items():
            yield _draft(f"{part}/{kind}", name, f"The FunctionName {name!r}: {part}, {kind.replace('-', ' ')}")


QUALIFIERS: Mapping[str, tuple[str, str]] = {
    "latest-encoded": ("{versioned}", "%24LATEST"),
    "latest-in-lower-case": ("{versioned}", "$latest"),
    "latest-cut": ("{versioned}", "$LATES"),
    "latest-longer": ("{versioned}", "$LATEST1"),
    "latest-of-no-version": ("{echo}", "$LATEST"),
    "published": ("{echo}", "$LATEST.PUBLISHED"),
    "published-cut": ("{echo}", "$LATEST.PUBLISH"),
    "published-longer": ("{echo}", "$LATEST.PUBLISHED1"),
    "published-behind-another": ("{echo}", "a$LATEST.PUBLISHED"),
    "dollar": ("{versioned}", "$"),
    "dollars": ("{versioned}", "a$b$"),
    "underscore": ("{versioned}", "no_such_alias"),
    "capitals": ("{versioned}", "NoSuchAlias"),
    "hyphens": ("{versioned}", "--"),
    "one-character": ("{versioned}", "x"),
    "version-zero": ("{versioned}", "0"),
    "version-none": ("{versioned}", "1221"),
    "version-of-32-bits": ("{versioned}", "4294967297"),
    "version-of-30-digits": ("{versioned}", "9" * 30),
    "newline": ("{versioned}", "live%0A"),
    "space": ("{versioned}", "live%20"),
    "space-before": ("{versioned}", "%20live"),
    "tab": ("{versioned}", "live%09"),
    "colon": ("{versioned}", "live%3A1"),
    "dot": ("{versioned}", "live.1"),
    "slash": ("{versioned}", "live%2F"),
}
"""Qualifiers as parameters: part of an id -> FunctionName, and the value as the query has it."""


def qualifiers() -> Iterator[Draft]:
    """Yield a case for each kind of ?Qualifier=."""
    for part, (name, value) in QUALIFIERS.items():
        call = Call(name, f"Qualifier={value}")
        yield Draft(f"Qualifier/grammar/{part}", f"?Qualifier={value}", call, "Qualifier/seed/version")


def _draft(id: str, name: str, purpose: str) -> Draft:
    return Draft(f"FunctionName/grammar/{id}", purpose, Call(name, body=b'{"named": true}'), "FunctionName/seed/arn")
