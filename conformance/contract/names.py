"""How a function is named: what FunctionName and ?Qualifier= mean together.

The forms
---------
A function can be named in three documented forms, each with a version or alias after it if wanted:

    name          my-function                                                    my-function:live
    partial ARN   123456789012:function:my-function                              ...:live
    ARN           arn:aws:lambda:us-east-1:123456789012:function:my-function     ...:live

AWS writes all of them as one regular expression. It is a chain of optional prefixes before a name, each
with its colon, and an optional suffix after it:

    (arn:PARTITION?:lambda:)? (REGION:)? (ACCOUNT:)? (function:)? NAME (:QUALIFIER)?

It must match from the first character to the last. As each prefix is optional by itself, it accepts more
than the three forms: ``function:f``, ``us-east-1:f``, ``arn:aws:lambda:f``. Which function those reach is
not documented, and has not been recorded; we say what the pattern captures and no more.

How the pattern reads
---------------------
From left to right, taking each prefix if it can, and giving it back only when the rest would not match.
So parsing is what the groups captured, and nothing else. We don't split at colons, and we have no second
pattern that could disagree with the first: the pattern and the numbers of its groups stand in the contract
(``x-groups`` beside the pattern), and this module only gives the groups their names.

Reading like that has consequences that surprise. In the words of the code, ``parse_name`` gives

    function                   the name `function`
    function:1                 the name `1`: a prefix is taken where it can be
    function:$LATEST           `function` at $LATEST: `$` can't be in a name, so the prefix is given back
    function:function          the name `function` again, without a qualifier
    123456789012               a name of twelve digits: an account needs its colon
    123456789012:live          the function `live` of that account, not an alias of a function
    123456789012:$LATEST       the function `123456789012` at $LATEST, for the reason above
    us-east-1:live             the function `live` in that region
    arn:aws                    the function `arn` with the qualifier `aws`
    arn::lambda:f              an ARN without a partition: the part may be empty
    arn:aws:lambda:us-east-1:123456789012:function
                               the function `function`: the ARN that somebody forgot to finish. AWS reads it
                               so, too: 404 for ...:function:function:$LATEST (recorded 2025-11-25)

But an empty region or account is no match, as those prefixes must be full or absent:
``arn:aws:lambda::123456789012:function:f`` and ``arn:aws:lambda:us-east-1::function:f`` are
ValidationException (recorded 2025-11-25). So are two qualifiers, an ARN of another service, an account
of other than twelve digits, a region that doesn't end in a hyphen and a digit, and ``$LATES``.

The parts
---------
PARTITION is ``aws`` with any letters and hyphens after it: aws, aws-cn, aws-us-gov, aws-iso, aws-iso-b,
aws-iso-e, aws-iso-f, aws-eusc and whatever comes next. It is not held against the region.
REGION is two letters, perhaps -gov or -iso with a letter, a word, one digit: us-east-1, us-gov-west-1,
us-isob-east-1; for the European sovereign cloud with eusc- before it: eusc-de-east-1.
NAME may hold dots, though no function can be created with one (recorded 2025-11-25): such a name is well-formed
and unknown. It may be longer than the documented 64 characters: 65 reach the lookup and give 404, not 400
(recorded 2025-11-25). Only the whole text has a length, and that is the business of Parameter.violations.
QUALIFIER is a version, an alias, ``$LATEST``, or ``$LATEST.PUBLISHED`` for functions on managed instances.
In the suffix those two are the only texts with a ``$``. As ``?Qualifier=`` any ``$`` is well-formed, but no
further dot: ``$latest`` reaches the lookup and gives 404 (recorded 2025-11-25).

Both qualifiers
---------------
A suffix and ``?Qualifier=`` may both be given. If they are equal, it is as if one were (recorded for
GetFunction, 2025-11-25). If they differ, the request is refused before the function is looked up: 400
InvalidParameterValueException (recorded 2025-11-25, with ``$LATEST`` and ``1``). They are compared as text:
an alias and the version that it stands for differ.

The recordings are of LocalStack's tests against AWS, snapshots in test_lambda_api.snapshot.json under
TestLambdaFunction: test_function_name_and_qualifier_validation, test_ops_with_arn_qualifier_mismatch,
test_function_arns. What the parts then mean on a target, such as an ARN of another region or account, is
no question of grammar and is answered elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from conformance.contract.model import Parameter


@dataclass(frozen=True, slots=True)
class FunctionReference:
    """A FunctionName taken apart; None stands for a part that is not there.

    Attributes:
        text: the whole.
        arn: whether it begins as an ARN does.
        partition: such as ``aws``; None also where it is empty.
        region: such as ``us-east-1``.
        account: twelve digits.
        name: of the function.
        qualifier: version or alias.
    """

    text: str
    arn: bool
    partition: str | None
    region: str | None
    account: str | None
    name: str
    qualifier: str | None


class QualifierMismatch(ValueError):  # noqa: N818  the name says more than QualifierMismatchError
    """FunctionName and ?Qualifier= both name a qualifier, and not the same one."""

    def __init__(self, suffix: str, Qualifier: str) -> None:
        super().__init__(f"{suffix} in FunctionName, {Qualifier} as Qualifier")
        self.suffix = suffix
        self.Qualifier = Qualifier


def parse_name(text: str, parameter: Parameter) -> FunctionReference | None:
    """Take a FunctionName apart.

    Args:
        text: the value, percent-decoded.
        parameter: FunctionName of the contract, with its pattern and groups.

    Returns:
        The parts, or None when the pattern doesn't match. Lengths are not looked at.
    """
    match = re.fullmatch(parameter.pattern or "", text, re.ASCII)
    if match is None:
        return None
    part = {name: match[number] for name, number in parameter.groups.items()}
    return FunctionReference(
        text=text,
        arn=part["arn"] is not None,
        partition=part["partition"],
        region=_without_colon(part["region"]),
        account=_without_colon(part["account"]),
        name=part["name"],
        qualifier=part["qualifier"],
    )


def _without_colon(prefix: str | None) -> str | None:
    return prefix.removesuffix(":") if prefix else None


def combine(reference: FunctionReference, Qualifier: str | None) -> str | None:
    """Return the qualifier that a request asks for, None for none; QualifierMismatch when it asks for two."""
    suffix = reference.qualifier
    if suffix is not None and Qualifier is not None and suffix != Qualifier:
        raise QualifierMismatch(suffix, Qualifier)
    return suffix if suffix is not None else Qualifier


def form(reference: FunctionReference) -> str:
    """Return how a function is named: ``name``, ``partial ARN``, ``ARN`` or ``incomplete ARN``."""
    if reference.arn:
        whole = reference.partition and reference.region and reference.account
        return "ARN" if whole else "incomplete ARN"
    return "partial ARN" if reference.region or reference.account else "name"


def function_arn(partition: str, region: str, account: str, name: str, qualifier: str | None = None) -> str:
    """Return the ARN of a function, of a version or of an alias of it."""
    arn = f"arn:{partition}:lambda:{region}:{account}:function:{name}"
    return arn if qualifier is None else f"{arn}:{qualifier}"
