"""The facts about a target on which requests and expectations depend."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_PLACEHOLDER = re.compile(r"\{([a-z_]+)\}")
_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Site:
    """What a target calls things.

    Attributes:
        region: the region that the target says it is.
        account: its 12-digit account.
        names: the FunctionName of each fixture that is there, by fixture.
        partition: of its ARNs.
        run: a word that no other run on this target uses; marks left by functions carry it.
    """

    region: str
    account: str
    names: Mapping[str, str]
    partition: str = "aws"
    run: str = "run"
    words: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        other_region = "us-west-2" if self.region != "us-west-2" else "us-east-1"
        words = {
            **self.names,
            "partition": self.partition,
            "region": self.region,
            "account": self.account,
            "other_region": other_region,
            "other_account": "".join(str((int(digit) + 1) % 10) for digit in self.account),
            "missing": "invoke-conformance-no-such-function",
            "run": self.run,
        }
        object.__setattr__(self, "words", MappingProxyType(words))


def fill(text: str, site: Site, quote: Callable[[str], str] = str) -> str:
    """Put the site's words in the place of ``{word}``; other braces stay as they are.

    Args:
        text: may hold ``{echo}`` and the other fixtures' names, ``{region}``, ``{account}``, ``{run}`` and so on.
        site: says what the words stand for.
        quote: applied to each word, such as :func:`re.escape` where the text is a pattern.
    """
    if "{" not in text:
        return text

    def word(match: re.Match[str]) -> str:
        found = site.words.get(match[1])
        return match[0] if found is None else quote(found)

    return _PLACEHOLDER.sub(word, text)


def placeholders(text: str) -> frozenset[str]:
    """Return the words that stand in braces in a text."""
    return frozenset(_PLACEHOLDER.findall(text)) if "{" in text else _NONE
