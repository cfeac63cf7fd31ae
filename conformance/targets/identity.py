"""Who the reference is: its account, region and the only credentials it knows, and how fast its time goes.

The values are public and of no use anywhere else; AWS's documentation uses the same account and key.
"""

from __future__ import annotations

from conformance.exchange.sigv4 import Credentials

PARTITION = "aws"
REGION = "us-east-1"
ACCOUNT = "123456789012"
CREDENTIALS = Credentials("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
TIME_SCALE = 0.01
"""Seconds on it for a second of AWS's waiting times: a minute before a retry is 0.6 s."""
