"""Who the reference is: its account, region and the only credentials it knows.

The values are public and of no use anywhere else; AWS's documentation uses the same account and key.
"""

from __future__ import annotations

from conformance.exchange.sigv4 import Credentials

PARTITION = "aws"
REGION = "us-east-1"
ACCOUNT = "123456789012"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
