"""The target ``endpoint``: whatever speaks the Lambda control plane at a URL."""

from __future__ import annotations

import ipaddress
import os
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

from conformance.errors import TargetUnreachable, UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.exchange.sigv4 import Credentials, load_credentials
from conformance.oracle.site import Site
from conformance.targets.model import CAPABILITIES, Target

if TYPE_CHECKING:
    from collections.abc import Generator

    from conformance.targets.options import TargetOptions

DEFAULT_REGION = "us-east-1"
UNCLAIMED = frozenset({"signatures", "tenancy", "function-states"})
"""What an endpoint is not taken to claim: most emulators leave signatures unchecked on purpose and isolate no tenants,
and none is told to keep a function from becoming Active."""
PLACEHOLDER = Credentials("test", "test")
"""What emulators on this machine are signed for when no credentials are configured."""


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Make the fixtures at ``--endpoint-url`` and remove them in the end.

    Raises:
        UsageError: there is no URL.
        TargetUnreachable: nothing listens there, no credentials are to be had, or a fixture can't be made.
    """
    if not options.endpoint_url:
        raise UsageError("endpoint-missing", "--target endpoint needs --endpoint-url")
    with at(options, "endpoint", "", frozenset(CAPABILITIES) - UNCLAIMED) as target:
        yield target


@contextmanager
def at(options: TargetOptions, name: str, version: str, capabilities: frozenset[str]) -> Generator[Target]:
    """Make the fixtures at a URL for a target of any name and yield it."""
    from conformance.targets.control_plane import service_url  # noqa: PLC0415  boto3 is slow to import
    from conformance.targets.provisioning import provisioned  # noqa: PLC0415  the same

    endpoint = Endpoint.parse(options.endpoint_url)
    region = region_of(options)
    credentials = credentials_of(options, endpoint)
    run = secrets.token_hex(4)
    with provisioned(endpoint, credentials, region, run, options.timeout, options.needed, keep=options.keep) as made:
        site = Site(made.region, made.account, made.names, made.partition, run)
        yield Target(
            name,
            version,
            endpoint,
            site,
            credentials,
            capabilities,
            endpoints={"sqs": Endpoint.parse(service_url(endpoint, "sqs") or endpoint.url)},
            missing=made.missing,
        )


def region_of(options: TargetOptions) -> str:
    """Return the region that the user or the environment names, or us-east-1."""
    named = (options.region, os.environ.get("AWS_REGION"), os.environ.get("AWS_DEFAULT_REGION"))
    return next((one for one in named if one), DEFAULT_REGION)


def credentials_of(options: TargetOptions, endpoint: Endpoint) -> Credentials:
    """Return the credentials of botocore's chain; for this machine alone, placeholders where there are none.

    Raises:
        TargetUnreachable: there are none, and the endpoint is elsewhere.
    """
    found = load_credentials(options.profile or None)
    if found is not None:
        return found
    if _on_this_machine(endpoint.host):
        return PLACEHOLDER
    raise TargetUnreachable(
        "credentials-missing", f"no AWS credentials for {endpoint.url}", "set AWS_PROFILE or pass --profile"
    )


def _on_this_machine(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
