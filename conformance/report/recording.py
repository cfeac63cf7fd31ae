def header_record(event: Started, suite: str, requirement_set: str) -> Header:
    """Return the beginning of a report."""
    target = event.target
    cited = dict.fromkeys(id_ for planned in event.plan for id_ in planned.case.requirements)
    return Header(
        schema=SCHEMA_VERSION,
        suite=suite,
        requirement_set=requirement_set,
        target={
            "name": target.name if target else event.options.target.name or "endpoint",
            "version": target.version if target else "",
            "url": target.endpoint.url if target else event.options.target.endpoint_url,
            "region": target.site.region if target else event.options.target.region,
            "capabilities": sorted(target.capabilities) if target else [],
        },
        tier=event.options.tier.value,
        command=event.options.command,
        started=event.at.isoformat(timespec="seconds"),
        planned=len(event.plan),
        requirements={id_: _requirement(event.requirements[id_]) for id_ in cited},
    )


def _requirement(requirement: Requirement) -> dict[str, Any]:
    data = asdict(requirement)
    return {key: data[key] for key in ("area", "tier", "text", "evidence", "conflict")}


def case_record(event: Judged, command: str, target: Target) -> CaseRecord:
    """Return what came of a case of a target; ``command`` repeats the whole run."""
    case = event.planned.case
    return CaseRecord(
        id=case.id,
        area=case.area,
        purpose=case.purpose,
        tier=event.planned.tier.value,
        outcome=event.outcome,
        reason=event.reason,
        seconds=round(event.seconds, 6),
        requirements=case.requirements,
        twin=case.twin,
        checks=tuple(map(_check, event.checks)),
        exchanges=tuple(map(_exchange, event.exchanges)),
        curl=tuple(
            _curl(step.call, exchange, target) for step, exchange in zip(case.steps, event.exchanges, strict=False)
        ),
        again=again_line(command, case.id),
    )


def _curl(call: Call, exchange: Exchange, target: Target) -> str:
    signed = target.credentials is not None and call.signing == "valid"
    return curl_line(exchange.request, target.endpoint_of(call.fixture).origin, target.site.region if signed else "")


def _check(check: Check) -> CheckRecord:
    clause = check.clause
    return CheckRecord(clause.requirement, check.outcome, clause.subject, check.expected, check.observed, check.step)


def _exchange(exchange: Exchange) -> ExchangeRecord:
    request, response, failure = exchange.request, exchange.response, exchange.failure
    line = b" ".join((request.method, request.target, request.version))
    return ExchangeRecord(
        sent=_message(line, request.headers, request.body),
        received=_response(response) if response else None,
        failure=f"{failure.kind.value}: {failure.detail}" if failure else "",
        seconds=round(exchange.seconds, 6),
    )


def _response(response: Response) -> Message:
    line = b" ".join((response.version, str(response.status).encode(), response.reason))
    return _message(line, response.headers, response.body)


def _message(line: bytes, headers: Headers, body: bytes) -> Message:
    shown = [line, *(name + b": " + _safe(name, value) for name, value in headers)]
    text, encoding = _shown(body[:SHOWN_BODY])
    digest = hashlib.sha256(body).hexdigest() if len(body) > SHOWN_BODY else ""
    return Message(b"\n".join(shown).decode("latin-1"), text, encoding, len(body), digest)


def _safe(name: bytes, value: bytes) -> bytes:
    return b"[not shown]" if name.lower() in SECRET_HEADERS else value


def _shown(body: bytes) -> tuple[str, str]:
    try:
        return body.decode("utf-8"), "text"
    except UnicodeDecodeError:
        return base64.b64encode(body).decode(), "base64"


def footer_record(event: Summary, meaning: str) -> Footer:
    """Return the end of a report."""
    totals = {outcome.value: event.totals.get(outcome, 0) for outcome in Outcome}
    return Footer(
        exit_code=int(event.exit_code),
        meaning=meaning,
        totals=totals,
        judged=sum(count for outcome, count in event.totals.items() if outcome.judged),
        brackets=tuple(asdict(bracket) for bracket in event.ended.brackets),
        interrupted=event.ended.interrupted,
        stopped=event.ended.stopped,
        error=event.error,
        seconds=round(event.seconds, 3),
    )
