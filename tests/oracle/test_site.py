"""Words in braces, put in for a target."""

from __future__ import annotations

import re

import pytest

from conformance.fixtures.table import PREFIX
from conformance.oracle.clause import Clause, bind
from conformance.oracle.site import Site, fill, placeholders


def test_words_are_put_in(site: Site) -> None:
    """The site's words stand where their names stood in braces."""
    text = "arn:{partition}:lambda:{region}:{account}:function:{echo}"

    assert fill(text, site) == "arn:aws:lambda:eu-west-1:210987654321:function:my-echo"


def test_other_braces_stay(site: Site) -> None:
    """Braces that name nothing, JSON for example, stay as they are."""
    assert fill('{"a": {}} {nobody} a{3}', site) == '{"a": {}} {nobody} a{3}'


@pytest.mark.parametrize(
    ("region", "account", "other_region", "other_account"),
    [
        ("eu-west-1", "210987654321", "us-west-2", "321098765432"),
        ("us-west-2", "000000000000", "us-east-1", "111111111111"),
    ],
)
def test_other_region_and_account_are_others(region: str, account: str, other_region: str, other_account: str) -> None:
    """The other region and the other account differ from the site's own, in every digit, and are real ones."""
    assert fill("{other_region} {other_account}", Site(region, account, {})) == f"{other_region} {other_account}"


def test_what_is_missing_would_be_ours(site: Site) -> None:
    """The function that is not there has a name that no function of anybody else has."""
    assert re.fullmatch(f"{PREFIX}[a-z-]+", fill("{missing}", site))


def test_a_run_has_its_word(site: Site) -> None:
    """The word of the run stands where its name stood, the default one where none is given."""
    assert fill("{run}", site) == "one"
    assert fill("{run}", Site("eu-west-1", "210987654321", {})) == "run"


def test_patterns_get_escaped_words(site: Site) -> None:
    """In a pattern the words are escaped, in any other value they are not."""
    pattern = bind(Clause("a/b", "text", "matches", "^{echo}$"), site)
    plain = bind(Clause("a/b", "json", "equals", {"name": ["{echo}"]}), site)

    assert pattern.value == r"^my\-echo$"
    assert plain.value == {"name": ["my-echo"]}


def test_placeholders_are_found() -> None:
    """The words in braces of a text are found, others are not."""
    assert placeholders("{echo}:{account} {Not} {3}") == {"echo", "account"}
