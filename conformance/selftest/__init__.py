"""The suite proves itself: every fault against the cases, and the unbroken reference against chance."""
