"""Where the services of a target are."""

from __future__ import annotations

import pytest

from conformance.exchange.endpoint import Endpoint
from conformance.targets.control_plane import service_url


@pytest.mark.parametrize(
    ("url", "service", "expected"),
    [
        ("http://127.0.0.1:4566", "lambda", "http://127.0.0.1:4566"),
        ("http://127.0.0.1:4566/base", "sqs", "http://127.0.0.1:4566/base"),
        ("http://127.0.0.1:4566", "iam", "http://127.0.0.1:4566"),
        ("https://lambda.eu-west-1.amazonaws.com", "lambda", "https://lambda.eu-west-1.amazonaws.com"),
        ("https://lambda.eu-west-1.amazonaws.com", "sqs", "https://sqs.eu-west-1.amazonaws.com"),
        ("https://lambda.cn-north-1.amazonaws.com.cn", "sqs", "https://sqs.cn-north-1.amazonaws.com.cn"),
        ("https://lambda.eu-west-1.amazonaws.com", "iam", None),
        ("https://lambda.eu-west-1.amazonaws.com.example", "sqs", "https://lambda.eu-west-1.amazonaws.com.example"),
    ],
)
def test_a_service_is_where_its_target_has_it(url: str, service: str, expected: str | None) -> None:
    """An emulator has all services at one URL; on AWS each has a host, that of IAM as botocore knows it."""
    assert service_url(Endpoint.parse(url), service) == expected
