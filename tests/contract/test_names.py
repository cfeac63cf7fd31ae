"""The grammar of function names, against what AWS was recorded to answer and against itself."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conformance.contract.names import (
    FunctionReference,
    QualifierMismatch,
    combine,
    form,
    function_arn,
    parse_name,
)
from conformance.contract.reader import load_contract

if TYPE_CHECKING:
    from conformance.contract.model import Contract

GROUPS = dict.fromkeys(("arn", "partition", "region", "account", "name", "qualifier"), 1)
FUNCTION_NAME = load_contract().operations["Invoke"].parameter("FunctionName")
REGION, ACCOUNT = "us-east-1", "123456789012"
ARN = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function"

REFUSED = {
    # recorded on AWS 2025-11-25: 400 ValidationException, at functionName
    "star": "*",
    "bang": "my-function!",
    "account-of-letters": "invalid-account:function:my-function",
    "invalid-region": f"arn:aws:lambda:invalid-region:{ACCOUNT}:function:my-function",
    "invalid-region-and-long": f"arn:aws:lambda:invalid-region:{ACCOUNT}:function:my-function{'a' * 170}",
    "other-service": f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance:i-1234567890abcdef0",
    "two-qualifiers": f"{ARN}:my-function:1:2",
    "latest-and-more": "function:my-function:$LATEST:extra",
    "no-region": f"arn:aws:lambda::{ACCOUNT}:function:my-function",
    "no-account": f"arn:aws:lambda:{REGION}::function:my-function",
    "misspelled-latest": f"{ARN}:my-function:$LATES",
    "at-sign": f"arn:aws:lambda:{REGION}:123400000000@function:myfn",
    # documented
    "white-space": "     ",
    # by the pattern
    "empty": "",
    "lower-case-latest": "my-function:$latest",
    "empty-qualifier": "my-function:",
    "nothing-after-function": "function:",
    "prefix-alone": "arn:aws:lambda:",
    "two-accounts": f"{ACCOUNT}:{ACCOUNT}:function:my-function",
    "short-account": f"{ARN.replace(ACCOUNT, ACCOUNT[1:])}:my-function",
    "upper-case-region": f"{ARN.replace(REGION, REGION.upper())}:my-function",
    "two-digit-region": f"{ARN.replace(REGION, 'us-east-10')}:my-function",
    "other-cloud": f"{ARN.replace('aws', 'gcp')}:my-function",
    "newline": "my-function\n",
    "arabic-digits": "٣٣٣٣٣٣٣٣٣٣٣٣:function:my-function",
    "letter-with-accent": "fonction-générale",
}

Parts = tuple[str, str | None, str | None, str | None, str, str | None]

READ: dict[str, Parts] = {
    # documented: the three forms, and a qualifier after each
    "my-function": ("name", None, None, None, "my-function", None),
    "my-function:v1": ("name", None, None, None, "my-function", "v1"),
    f"{ACCOUNT}:function:my-function": ("partial ARN", None, None, ACCOUNT, "my-function", None),
    f"{ACCOUNT}:function:my-function:v1": ("partial ARN", None, None, ACCOUNT, "my-function", "v1"),
    f"{ARN}:my-function": ("ARN", "aws", REGION, ACCOUNT, "my-function", None),
    f"{ARN}:my-function:v1": ("ARN", "aws", REGION, ACCOUNT, "my-function", "v1"),
    f"{ARN}:my-function:$LATEST": ("ARN", "aws", REGION, ACCOUNT, "my-function", "$LATEST"),
    # recorded on AWS 2025-11-24 and -25: each reaches the lookup
    "u": ("name", None, None, None, "u", None),
    "a" * 65: ("name", None, None, None, "a" * 65, None),
    ARN: ("ARN", "aws", REGION, ACCOUNT, "function", None),
    # by the pattern: prefixes are taken where they can be, and given back where they must be
    "function": ("name", None, None, None, "function", None),
    "function:1": ("name", None, None, None, "1", None),
    "function:$LATEST": ("name", None, None, None, "function", "$LATEST"),
    "function:function": ("name", None, None, None, "function", None),
    "function:function:function": ("name", None, None, None, "function", "function"),
    ACCOUNT: ("name", None, None, None, ACCOUNT, None),
    f"{ACCOUNT}:live": ("partial ARN", None, None, ACCOUNT, "live", None),
    f"{ACCOUNT}:$LATEST": ("name", None, None, None, ACCOUNT, "$LATEST"),
    f"{ACCOUNT[1:]}:live": ("name", None, None, None, ACCOUNT[1:], "live"),
    f"{REGION}:live": ("partial ARN", None, REGION, None, "live", None),
    "arn:aws": ("name", None, None, None, "arn", "aws"),
    "arn::lambda:f": ("incomplete ARN", None, None, None, "f", None),
    "arn:aws:lambda:f": ("incomplete ARN", "aws", None, None, "f", None),
    f"arn:aws:lambda:{ACCOUNT}:f": ("incomplete ARN", "aws", None, ACCOUNT, "f", None),
    f"arn:aws:lambda:{REGION}:f": ("incomplete ARN", "aws", REGION, None, "f", None),
    f"arn::lambda:{REGION}:{ACCOUNT}:f": ("incomplete ARN", None, REGION, ACCOUNT, "f", None),
    f"{ARN.removesuffix(':function')}:f": ("ARN", "aws", REGION, ACCOUNT, "f", None),
    "..": ("name", None, None, None, "..", None),
    "my.function:$LATEST.PUBLISHED": ("name", None, None, None, "my.function", "$LATEST.PUBLISHED"),
}

partitions = st.sampled_from(
    ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-iso-e", "aws-iso-f", "aws-eusc"]
)
regions = st.sampled_from(
    [
        "us-east-1",
        "eu-central-2",
        "cn-northwest-1",
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "us-isof-south-1",
        "eusc-de-east-1",
    ]
)
accounts = st.from_regex("[0-9]{12}", fullmatch=True)
names = st.from_regex("[A-Za-z0-9_.-]{1,64}", fullmatch=True) | st.sampled_from(["function", "arn", "aws", ACCOUNT])
qualifiers = (
    st.none()
    | st.sampled_from(["$LATEST", "$LATEST.PUBLISHED", "1", "function"])
    | st.from_regex("[A-Za-z0-9_-]{1,128}", fullmatch=True)
)


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in REFUSED.items()])
def test_refused(text: str) -> None:
    """What AWS refuses for its pattern has no parts, and is a violation of the pattern."""
    assert parse_name(text, FUNCTION_NAME) is None
    assert "pattern" in {violation.keyword for violation in FUNCTION_NAME.violations(text)}


@pytest.mark.parametrize(("text", "parts"), READ.items())
def test_read(text: str, parts: Parts) -> None:
    """What the pattern matches is read as the essay of the module says, and violates nothing."""
    reference = parse_name(text, FUNCTION_NAME)
    assert reference is not None
    found = (reference.partition, reference.region, reference.account, reference.name, reference.qualifier)
    assert (form(reference), *found) == parts
    assert FUNCTION_NAME.violations(text) == ()


def test_long_arn_violates_the_pattern_only() -> None:
    """A long ARN of an invalid region is refused for its pattern alone (recorded 2025-11-25: one error)."""
    text = REFUSED["invalid-region-and-long"]
    assert [violation.keyword for violation in FUNCTION_NAME.violations(text)] == ["pattern"]


def test_length_is_not_grammar() -> None:
    """A name beyond the longest is read all the same: its length is a violation, not a matter of its parts."""
    text = "a" * ((FUNCTION_NAME.max_length or 0) + 1)
    reference = parse_name(text, FUNCTION_NAME)
    assert reference is not None
    assert reference.name == text
    assert [violation.keyword for violation in FUNCTION_NAME.violations(text)] == ["maxLength"]


def test_all_operations_share_the_grammar(contract: Contract) -> None:
    """FunctionName means the same to the three operations."""
    parameters = {operation.parameter("FunctionName") for operation in contract.operations.values()}
    assert parameters == {FUNCTION_NAME}


@given(partition=partitions, region=regions, account=accounts, name=names, qualifier=qualifiers)
def test_an_arn_gives_back_its_parts(
    partition: str, region: str, account: str, name: str, qualifier: str | None
) -> None:
    """An ARN made of parts is read as these parts, whatever the name: with all prefixes there is no doubt."""
    text = function_arn(partition, region, account, name, qualifier)
    parts = FunctionReference(text, True, partition, region, account, name, qualifier)
    assert parse_name(text, FUNCTION_NAME) == parts
    assert form(parts) == "ARN"


@given(account=accounts, name=names, qualifier=qualifiers)
def test_a_partial_arn_gives_back_its_parts(account: str, name: str, qualifier: str | None) -> None:
    """A partial ARN made of parts is read as these parts."""
    text = f"{account}:function:{name}" + (f":{qualifier}" if qualifier else "")
    parts = FunctionReference(text, False, None, None, account, name, qualifier)
    assert parse_name(text, FUNCTION_NAME) == parts
    assert form(parts) == "partial ARN"


@given(name=names)
def test_a_text_without_colons_is_a_name(name: str) -> None:
    """Without a colon there is no prefix and no suffix, even if the name looks like a part of an ARN."""
    parts = FunctionReference(name, False, None, None, None, name, None)
    assert parse_name(name, FUNCTION_NAME) == parts
    assert form(parts) == "name"


@given(text=st.from_regex(FUNCTION_NAME.pattern or "", fullmatch=True))
def test_nothing_is_lost(text: str) -> None:
    """The parts of whatever the pattern matches, put together, are the text again."""
    reference = parse_name(text, FUNCTION_NAME)
    assert reference is not None
    prefix = f"arn:{reference.partition or ''}:lambda:" if reference.arn else ""
    places = "".join(f"{place}:" for place in (reference.region, reference.account) if place)
    end = reference.name + (f":{reference.qualifier}" if reference.qualifier else "")
    assert text in {f"{prefix}{places}{end}", f"{prefix}{places}function:{end}"}


@pytest.mark.parametrize(
    ("text", "Qualifier", "combined"),
    [
        ("f", None, None),
        ("f", "1", "1"),
        ("f:1", None, "1"),
        ("f:1", "1", "1"),
        (f"{ARN}:f:$LATEST", "$LATEST", "$LATEST"),
        ("f", "$latest", "$latest"),
    ],
)
def test_qualifiers_combine(text: str, Qualifier: str | None, combined: str | None) -> None:
    """One qualifier counts wherever it stands; two equal ones count as one (recorded 2025-11-25)."""
    reference = parse_name(text, FUNCTION_NAME)
    assert reference is not None
    assert combine(reference, Qualifier) == combined


@pytest.mark.parametrize(
    ("text", "Qualifier"), [(f"{ARN}:my-function:$LATEST", "1"), ("f:2", "1"), ("f:live", "LIVE"), ("f:1", "")]
)
def test_different_qualifiers_mismatch(text: str, Qualifier: str) -> None:
    """Two qualifiers that differ as text are refused, and the error keeps both (recorded 2025-11-25)."""
    reference = parse_name(text, FUNCTION_NAME)
    assert reference is not None
    with pytest.raises(QualifierMismatch) as raised:
        combine(reference, Qualifier)
    assert (raised.value.suffix, raised.value.Qualifier) == (reference.qualifier, Qualifier)
    assert str(raised.value) == f"{reference.qualifier} in FunctionName, {Qualifier} as Qualifier"


def test_a_digit_is_one_of_ten() -> None:
    """Classes of a pattern mean ASCII, as they do to the real service."""
    digits = replace(FUNCTION_NAME, pattern=r"^()()()()(\d+)()$", groups={**GROUPS, "name": 5})
    assert parse_name("3", digits) is not None
    assert parse_name("٣", digits) is None
