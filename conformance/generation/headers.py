"""Cases about headers that are no parameters, and about how those that are may be spelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from conformance.cases.model import Call
from conformance.generation.drafts import Draft

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

BODY = b'{"headed": "yes"}'
ID = "6d1f2b1e-3c0a-4c54-9a53-0f6f6d0b8a11"
ROOT = "1-3152b799-8954dae64eda91bc9a23a7e"
OTHERS: Mapping[str, Mapping[str, str]] = {
    "Content-Type": {
        "json": "application/json",
        "octets": "application/octet-stream",
        "binary": "binary/octet-stream",
        "empty": "",
        "json-with-charset": "application/json; charset=utf-8",
        "text": "text/plain",
        "form": "application/x-www-form-urlencoded",
        "amz-json": "application/x-amz-json-1.1",
    },
    "Accept": {
        "json": "application/json",
        "everything": "*/*",
        "image": "image/png",
        "nothing": "application/json;q=0",
        "event-stream": "application/vnd.amazon.eventstream",
    },
    "Accept-Language": {"several": "de, en;q=0.5"},
    "Cache-Control": {"none": "no-cache"},
    "Cookie": {"some": "a=b; c=d"},
    "amz-sdk-invocation-id": {"id": "0b6a2410-385d-4069-be9f-2e5d987f7dc2"},
    "amz-sdk-request": {"attempt": "attempt=1; max=3"},
    "X-Amz-Source-Arn": {"api": "arn:{partition}:execute-api:{region}:{account}:abcdef0123/prod/GET/"},
    "x-amzn-apigateway-api-id": {"api": "abcdef0123"},
    "x-amzn-lambda-integration-tag": {"request": "Request"},
    "X-Unknown": {"empty": "", "text": "anything", "long": "a" * 2000},
    "x-amzn-RequestId": {
        "uuid": ID,
        "word": "not-a-uuid",
        "digit-missing": ID[:-1],
        "digit-more": f"{ID}1",
        "no-hyphens": ID.replace("-", ""),
        "no-hexadecimal": ID.replace("6", "g"),
    },
}
"""Header -> part of an id -> value."""
SPELLED: Mapping[str, tuple[str, tuple[str, str]]] = {
    "Event": ("{echo}", ("X-Amz-Invocation-Type", "Event")),
    "DryRun": ("{echo}", ("X-Amz-Invocation-Type", "DryRun")),
    "Tail": ("{nothing}", ("X-Amz-Log-Type", "Tail")),
    "ClientContext": ("{context}", ("X-Amz-Client-Context", "eyJjdXN0b20iOnsiZm9vIjoiYmFyIn19")),
    "TenantId": ("{tenant}", ("X-Amz-Tenant-Id", "blue")),
}
"""Part of an id -> FunctionName, header."""
TWIN = "headers/x-amzn-RequestId/uuid"


def headers() -> Iterator[Draft]:
    """Yield the cases."""
    for name, values in OTHERS.items():
        for part, value in values.items():
            call = Call(headers=((name, value),), body=BODY)
            yield Draft(f"headers/{name}/{part}", f"A request with {name}: {value[:60]}", call, TWIN)
    for part, (function, (name, value)) in SPELLED.items():
        for case, spelled in (("lower", name.lower()), ("upper", name.upper())):
            call = Call(function, headers=((spelled, value),), body=BODY)
            yield Draft(f"headers/{case}-case/{part}", f"{name}: {value}, its name in {case} case", call, TWIN)
    for number, sampled in enumerate((1, 0, 1, 0)):
        trace = f"Root={ROOT}{number};Parent=7fa8c0f79203be7{number};Sampled={sampled}"
        call = Call("{context}", headers=(("X-Amzn-Trace-Id", trace),))
        yield Draft(f"headers/X-Amzn-Trace-Id/{number}", f"A request with the trace {trace}", call, TWIN)
