"""Says whether an HTTP endpoint is a faithful AWS Lambda Invoke API, and proves it exchange by exchange."""

DISTRIBUTION = "lambda-invoke-conformance"
"""The name under which this package is installed."""
