"""A module of a function that imports what is not there, so that it has no handler either."""

import invoke_conformance_no_such_module  # type: ignore[import-not-found]  # noqa: F401  it is not there on purpose
