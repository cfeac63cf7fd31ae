"""The examples of a search: the same on every machine, of every kind, and harmless to what is not ours."""

from __future__ import annotations

import hashlib
import json
import os
import re
import subprocess
import sys
from collections import Counter
from difflib import get_close_matches
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from conformance.cases.model import Sized, call_as_data
from conformance.cases.rendering import render
from conformance.contract.reader import load_contract
from conformance.fixtures.table import FIXTURES
from conformance.generation.drafts import NEUTRAL, NOWHERE, clauses_of
from conformance.generation.drawing.calls import CALLED, LATER, scope_of
from conformance.generation.drawing.examples import examples, maker
from conformance.generation.drawing.payloads import AROUND, LONG
from conformance.oracle.asked import read_request
from conformance.search.kinds import cell_of
from conformance.targets.model import CAPABILITIES

if TYPE_CHECKING:
    from conformance.cases.model import Call

DIGEST = Path(__file__).parents[2] / "data" / "drawn.sha256"
CONTRACT = load_contract()
MAKE = maker(scope_of(CONTRACT, frozenset(FIXTURES), frozenset(CAPABILITIES)))
DRAWN = tuple(islice(examples(MAKE, 1), 6000))
PROGRAM = """
import hashlib, json
from itertools import islice
from conformance.cases.model import call_as_data
from conformance.contract.reader import load_contract
from conformance.fixtures.table import FIXTURES
from conformance.generation.drawing.calls import scope_of
from conformance.generation.drawing.examples import examples, maker
from conformance.targets.model import CAPABILITIES
make = maker(scope_of(load_contract(), frozenset(FIXTURES), frozenset(CAPABILITIES)))
calls = [call_as_data(one.call) for one in islice(examples(make, 1), 6000)]
print(hashlib.sha256(json.dumps(calls).encode()).hexdigest())
"""


def digest() -> str:
    """Return the digest of the first examples of seed 1 as data."""
    return hashlib.sha256(json.dumps([call_as_data(one.call) for one in DRAWN]).encode()).hexdigest()


def requests() -> list[Call]:
    """Return those that are requests."""
    return [one.call for one in DRAWN if not one.call.wire]


@pytest.mark.parametrize("seed", ["0", "4711"])
def test_another_process_draws_the_same(seed: str) -> None:
    """The same seed draws the same requests, in whatever order a process hashes texts."""
    environment = {**os.environ, "PYTHONHASHSEED": seed}

    ended = subprocess.run(
        [sys.executable, "-c", PROGRAM], capture_output=True, text=True, timeout=60, check=True, env=environment
    )

    assert ended.stdout.strip() == digest()


def test_what_is_drawn_stays_the_same() -> None:
    """What is drawn is what was drawn when it was last changed on purpose, on every machine and Python.

    A change of the grammar, the contract or the fixtures makes it anew: write the digest into the file.
    """
    assert digest() == DIGEST.read_text(encoding="ascii").strip()


def test_an_example_can_be_drawn_by_itself() -> None:
    """Number and seed are enough to draw an example again; another seed draws others."""
    alone = next(examples(MAKE, 1, (43, 1)))

    assert alone == DRAWN[42]
    assert [one.call for one in islice(examples(MAKE, 2), 50)] != [one.call for one in DRAWN[:50]]


def test_shards_share_the_work() -> None:
    """The shards of a search draw what the whole draws, each example in one of them."""
    shards = [list(islice(examples(MAKE, 1, (index, 3)), 20)) for index in (1, 2, 3)]

    assert sorted((one for shard in shards for one in shard), key=lambda one: one.number) == list(DRAWN[:60])


def test_every_kind_of_answer_is_asked_for() -> None:
    """About half are taken, the others refused for every reason that one request alone can have, each often enough."""
    cells = Counter(cell_of_call(one.call) for one in DRAWN)
    taken = sum(cells[f"fuzz/{one}"] for one in ("Invoke/200", "Invoke/202", "Invoke/204", "InvokeAsync/202"))

    assert 0.3 < taken / len(DRAWN) < 0.6
    assert cells["fuzz/no-request"] > 100
    for cell, least in {
        "Invoke/200": 600,
        "Invoke/202": 200,
        "Invoke/204": 200,
        "Invoke/400-ValidationException": 300,
        "Invoke/400-InvalidRequestContentException": 100,
        "Invoke/400-InvalidParameterValueException": 30,
        "Invoke/404-ResourceNotFoundException": 100,
        "Invoke/429-TooManyRequestsException": 20,
        "Invoke/403-AccessDeniedException": 5,
        "Invoke/403": 20,
        "Invoke/one-of-several": 100,
        "InvokeWithResponseStream/200": 150,
        "InvokeWithResponseStream/400-ValidationException": 80,
        "InvokeWithResponseStream/404-ResourceNotFoundException": 15,
        "InvokeAsync/202": 80,
        "InvokeAsync/400-ValidationException": 10,
        "InvokeAsync/404-ResourceNotFoundException": 5,
    }.items():
        assert cells[f"fuzz/{cell}"] >= least, cell


def cell_of_call(call: Call) -> str:
    """Return of which kind a request is by what is expected of it."""
    return cell_of(call, clauses_of(call, CONTRACT))


def test_little_is_drawn_of_which_nothing_is_known() -> None:
    """The oracle has more to say than that of every answer of nine requests in ten."""
    cells = Counter(cell_of_call(one.call) for one in DRAWN)

    assert sum(count for cell, count in cells.items() if cell.endswith("/anything")) < len(DRAWN) / 10


def test_names_are_ours_or_nobodys() -> None:
    """A name that may reach a function is that of a fixture, or of none, or looks like another part of an ARN.

    On a real account there are other functions, and a search must not call them.
    """
    parts = [
        "arn",
        "aws-neutral",
        "lambda",
        "zz-neutral-0",
        "709070907090",
        "function",
        "us-east-1",
        "no.such.function",
    ]
    qualifiers = ["live", "split", "1", "2", "LATEST", "no-such-alias", "latest", "Live", "LIVE", "99", "a.b"]
    for call in requests():
        asked = read_request(render(call, NEUTRAL, CONTRACT, NOWHERE), CONTRACT)
        if asked is None or asked.reference is None or asked.violations:
            continue
        name = asked.reference.name
        ours = re.search("(?i)neutral|fixture|invoke|conformance", name) or len(name) > 100
        assert ours or get_close_matches(name, [*parts, *qualifiers], cutoff=0.5), (call.FunctionName, name)


def test_only_what_never_fails_is_called_asynchronously() -> None:
    """An Event and InvokeAsync call functions that are not retried, in whatever way they are called."""
    events = [
        call
        for call in requests()
        if call.operation == "InvokeAsync" or ("x-amz-invocation-type", "event") in lowered(call)
    ]

    assert len(events) > 500
    assert {call.fixture for call in events} <= LATER


def lowered(call: Call) -> set[tuple[str, str]]:
    """Return the headers of a call in lower case."""
    return {(name.lower(), value.lower()) for name, value in call.headers}


def test_what_is_called_is_there() -> None:
    """Only fixtures and operations that a target has are drawn; echo alone is enough."""
    make = maker(scope_of(CONTRACT, frozenset({"echo"}), frozenset()))
    drawn = [one.call for one in islice(examples(make, 1), 500) if not one.call.wire]

    assert set(CALLED) <= FIXTURES.keys()
    assert {call.operation for call in drawn} == {"Invoke"}
    assert {call.fixture for call in drawn} == {"echo"}


def test_bodies_at_the_limits_are_drawn() -> None:
    """Few bodies are long, and some of them as long as can be, a byte longer or shorter."""
    sizes = [call.body.size for call in requests() if isinstance(call.body, Sized)]
    limits = {limit for operation in CONTRACT.operations.values() for limit in operation.body_limits.values()}

    assert 10 < len(sizes) < 200
    longest = {size for size in sizes if size > max(LONG)}
    assert longest
    assert longest <= {limit + more for limit in limits for more in AROUND}
