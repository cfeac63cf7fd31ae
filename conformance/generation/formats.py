"""Strategies for the formats of views: values that a target takes, most of the time."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING

from hypothesis import strategies as st

from conformance.generation.views import FORMAT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from conformance.generation.views import View
    from conformance.oracle.site import Site

UNKNOWN = ("invoke-conformance-no-such-function", "no.such", "no_such")
"""Names of no function, of each kind of character some."""
MOSTLY = 8
"""Of so many values, about one is of something that isn't there."""
ASCII = st.characters(min_codepoint=32, max_codepoint=126)
LEAVES = st.none() | st.booleans() | st.integers(-(2**31), 2**31) | st.text(st.characters(codec="utf-8"), max_size=12)
CUSTOM = st.dictionaries(st.text(ASCII, min_size=1, max_size=8), LEAVES, max_size=4)
"""The part of a client context that a function sees as it was sent."""


def formats_of(view: View, site: Site) -> Mapping[str, st.SearchStrategy[str]]:
    """Return the strategies of a view's formats, by the name of the format.

    Args:
        view: says which functions are called.
        site: says what they are called there.
    """
    names, qualifiers = st.sampled_from(view.function_names(site)), st.sampled_from(view.qualifiers)
    return {
        FORMAT + "FunctionName": _mostly(names, _qualified(names, qualifiers), st.sampled_from(UNKNOWN)),
        FORMAT + "Qualifier": _mostly(qualifiers, st.from_regex(r"\A[A-Za-z][A-Za-z0-9_-]{0,20}\Z")),
        FORMAT + "X-Amz-Client-Context": CUSTOM.map(_context),
    }


def _qualified(names: st.SearchStrategy[str], qualifiers: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds("{}:{}".format, names, qualifiers)


def _mostly(usual: st.SearchStrategy[str], *others: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Return a strategy of the usual and, now and then, one of the others."""
    return st.integers(1, MOSTLY).flatmap(lambda number: usual if number > 1 else st.one_of(others))


def _context(custom: object) -> str:
    return base64.b64encode(json.dumps({"custom": custom}, ensure_ascii=False).encode()).decode()
