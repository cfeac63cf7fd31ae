"""The embedded endpoint: a correct Invoke API to try the suite on."""
