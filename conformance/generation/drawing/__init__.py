"""Requests drawn at random: each drawn part follows from a sequence of small numbers, whoever chooses them."""
