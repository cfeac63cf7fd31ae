"""What of the contract is tried by which cases: each constraint, status, error type and header."""
