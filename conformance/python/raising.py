"""A module of a function whose loading fails: the exception is raised before there is a handler."""

raise Exception("Runtime startup fails")  # noqa: TRY002  a plain Exception is what is observed
