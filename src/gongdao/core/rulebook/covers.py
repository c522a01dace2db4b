"""Which claims a book answers for (适用诉求): the words it keeps of the built-in list `claim`."""

from __future__ import annotations

from gongdao.core.kernel.words import Claim
from gongdao.core.rulebook.model import Rulebook

CLAIM = "claim"


def claims_of(book: Rulebook) -> frozenset[str]:
    """Return the claims that the book's tables are proven for: those it keeps, else all."""
    listed = book.enums.get(CLAIM)
    return frozenset(Claim if listed is None else listed.members)


def covers(book: Rulebook, claim: str) -> bool:
    """Whether the book's tables answer for `claim`; where not, they are not asked."""
    return claim in claims_of(book)
