"""A target described by a YAML file, for functions that were made by hand."""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.names import form, function_arn, parse_name
from conformance.contract.reader import load_contract
from conformance.contract.source import check, read_yaml, spec_folder
from conformance.errors import UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.oracle.site import Site
from conformance.targets.endpoint import credentials_of, region_of
from conformance.targets.model import CAPABILITIES, Target

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

    from conformance.contract.source import Document, Pointer
    from conformance.targets.options import TargetOptions


def target_schema() -> Mapping[str, Any]:
    """Return the published JSON Schema of a target file."""
    text = (spec_folder() / "schemas" / "target.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Any] = json.loads(text)
    return schema


@contextmanager
def opened(options: TargetOptions) -> Generator[Target]:
    """Read the file; nothing is made and nothing removed.

    Raises:
        UsageError: the file is not as it must be (names file, line and key), or names no URL.
        TargetUnreachable: it wants signed requests and there are no credentials.
    """
    document = read_yaml(Path(options.name))
    check(document, target_schema())
    data: Mapping[str, Any] = document.data
    entries = {name: _entry(value) for name, value in data["fixtures"].items()}
    for name in entries:
        _known(document, ("fixtures", name), name, FIXTURES)
    for index, name in enumerate(data.get("capabilities", ())):
        _known(document, ("capabilities", index), name, CAPABILITIES)
    site = _site(document, options, {name: entry["FunctionName"] for name, entry in entries.items()})
    endpoints = {
        name: _endpoint(document, ("fixtures", name, "url"), entry["url"])
        for name, entry in entries.items()
        if "url" in entry
    }
    endpoint = _where(document, options, endpoints)
    yield Target(
        name=data.get("name", document.path.stem),
        version=str(data.get("version", "")),
        endpoint=endpoint,
        site=site,
        credentials=credentials_of(options, endpoint) if data.get("signed", True) else None,
        capabilities=frozenset(data.get("capabilities", ())),
        endpoints=endpoints,
    )


def _entry(value: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"FunctionName": value} if isinstance(value, str) else value


def _known(document: Document, pointer: Pointer, name: str, known: Mapping[str, Any]) -> None:
    if name not in known:
        raise document.blame(pointer, f"{name} is not known", f"known: {', '.join(known)}")


def _site(document: Document, options: TargetOptions, names: Mapping[str, str]) -> Site:
    """Return what the target calls things, of which cases are going to make names and ARNs in all forms."""
    data: Mapping[str, Any] = document.data
    partition, account = data.get("partition", "aws"), data["account"]
    region = options.region or data.get("region") or region_of(options)
    parameter = load_contract().operations["Invoke"].parameter("FunctionName")
    for fixture, name in names.items():
        found = parse_name(name, parameter)
        if found is None or form(found) != "name" or found.qualifier:
            raise document.blame(("fixtures", fixture), f"{name} is not a plain function name", "no ARN, no qualifier")
        arn = parse_name(function_arn(partition, region, account, name), parameter)
        if arn is None or arn.region != region:
            raise document.blame(("region",), f"{region} can't be the region of an ARN", "give one such as us-east-1")
    return Site(region, account, names, partition, secrets.token_hex(4))


def _where(document: Document, options: TargetOptions, endpoints: Mapping[str, Endpoint]) -> Endpoint:
    """Return where requests go that no fixture's own URL says anything about."""
    if options.endpoint_url:
        return Endpoint.parse(options.endpoint_url)
    if "url" in document.data:
        return _endpoint(document, ("url",), document.data["url"])
    if not endpoints:
        raise document.blame(("url",), "is missing", "give a url, here or as --endpoint-url")
    return next(iter(endpoints.values()))


def _endpoint(document: Document, pointer: Pointer, url: str) -> Endpoint:
    try:
        return Endpoint.parse(url)
    except UsageError as error:
        raise document.blame(pointer, error.message, error.hint) from error
