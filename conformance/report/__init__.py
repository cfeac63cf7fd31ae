"""One typed report and its writers."""
