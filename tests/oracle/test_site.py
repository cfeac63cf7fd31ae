"""Words in braces, put in for a target."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from conformance.oracle.clause import Clause, bind
from conformance.oracle.site import fill, placeholders

if TYPE_CHECKING:
    from conformance.oracle.site import Site


def test_words_are_put_in(site: Site) -> None:
    """The site's words stand where their names stood in braces."""
    text = "arn:{partition}:lambda:{region}:{account}:function:{echo}"

    assert fill(text, site) == "arn:aws:lambda:eu-west-1:210987654321:function:my-echo"


def test_other_braces_stay(site: Site) -> None:
    """Braces that name nothing, JSON for example, stay as they are."""
    assert fill('{"a": {}} {nobody} a{3}', site) == '{"a": {}} {nobody} a{3}'


def test_other_region_and_account_are_others(site: Site) -> None:
    """The other region and the other account differ from the site's own, and look like ones."""
    assert fill("{other_region}", site) != site.region
    assert re.fullmatch(r"\d{12}", fill("{other_account}", site))
    assert fill("{other_account}", site) != site.account


def test_patterns_get_escaped_words(site: Site) -> None:
    """In a pattern the words are escaped, in any other value they are not."""
    pattern = bind(Clause("a/b", "text", "matches", "^{echo}$"), site)
    plain = bind(Clause("a/b", "json", "equals", {"name": ["{echo}"]}), site)

    assert pattern.value == r"^my\-echo$"
    assert plain.value == {"name": ["my-echo"]}


def test_placeholders_are_found() -> None:
    """The words in braces of a text are found, others are not."""
    assert placeholders("{echo}:{account} {Not} {3}") == {"echo", "account"}
