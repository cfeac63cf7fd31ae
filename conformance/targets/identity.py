"""Who the reference is: its account, region and the only credentials it knows, and how fast its time goes.

The values are public and of no use anywhere else; AWS's documentation uses the same account and key.
"""

from __future__ import annotations

from dataclasses import dataclass

from conformance.exchange.sigv4 import Credentials

PARTITION = "aws"
REGION = "us-east-1"
ACCOUNT = "123456789012"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")


@dataclass(frozen=True, slots=True)
class Pace:
    """How fast a target's time goes: seconds on it for a second on AWS.

    Attributes:
        waits: of the platform's waiting times, such as that before a retry.
        functions: of the time that functions take. It can't be as short, since calls have to arrive while one runs.
    """

    waits: float = 1.0
    functions: float = 1.0


UNSCALED = Pace()
PACE = Pace(waits=0.0002, functions=0.1)
"""That of the reference: a minute before a retry is 12 ms, a timeout of a second 0.1 s."""
