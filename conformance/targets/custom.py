"""A target described by a YAML file, for functions that were made by hand."""

from __future__ import annotations

import json
import secrets
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from conformance.contract.source import check, read_yaml, spec_folder
from conformance.errors import UsageError
from conformance.exchange.endpoint import Endpoint
from conformance.fixtures.table import FIXTURES
from conformance.oracle.site import Site
from conformance.targets.endpoint import credentials_of, region_of
from conformance.targets.model import CAPABILITIES, Target

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping

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
    _known(document.path, document.line(("fixtures",)), "fixtures", data["fixtures"], FIXTURES)
    _known(
        document.path,
        document.line(("capabilities",)),
        "capabilities",
        data.get("capabilities", ()),
        CAPABILITIES,
    )
    fixtures = {name: _entry(value) for name, value in data["fixtures"].items()}
    url = options.endpoint_url or data.get("url") or next((one["url"] for one in fixtures.values() if "url" in one), "")
    if not url:
        raise UsageError("file-invalid", f"{document.path}:1: url: missing", "give a url, here or as --endpoint-url")
    endpoint = Endpoint.parse(url)
    region = options.region or data.get("region") or region_of(options)
    names = {name: entry["FunctionName"] for name, entry in fixtures.items()}
    yield Target(
        name=data.get("name", document.path.stem),
        version=str(data.get("version", "")),
        endpoint=endpoint,
        site=Site(region, data["account"], names, data.get("partition", "aws"), secrets.token_hex(4)),
        credentials=credentials_of(options, endpoint) if data.get("signed", True) else None,
        capabilities=frozenset(data.get("capabilities", ())),
        endpoints={name: Endpoint.parse(entry["url"]) for name, entry in fixtures.items() if "url" in entry},
    )


def _entry(value: str | Mapping[str, str]) -> Mapping[str, str]:
    return {"FunctionName": value} if isinstance(value, str) else value


def _known(path: Path, line: int, key: str, given: Any, known: Mapping[str, Any]) -> None:  # noqa: ANN401  a list or a mapping
    for name in given:
        if name not in known:
            raise UsageError("file-invalid", f"{path}:{line}: {key}: {name} is not known", f"known: {', '.join(known)}")
