"""Where object ids come from: Stripe's prefixes, random tails, repeatable from a seed."""

import random
import string

_ALPHABET = string.ascii_letters + string.digits


class IdSource:
    """Makes ids such as `pi_3Nf…`.

    Args:
        seed: the same seed gives the same ids in the same order; without one they are unpredictable.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.SystemRandom() if seed is None else random.Random(seed)  # noqa: S311  # repeatable on purpose

    def new(self, prefix: str, length: int = 24) -> str:
        """Make one, `prefix_` followed by `length` letters and digits."""
        return f"{prefix}_{self.tail(length)}"

    def tail(self, length: int) -> str:
        """Make the random part alone."""
        return "".join(self._random.choices(_ALPHABET, k=length))

    def share(self) -> float:
        """A number in [0, 1), from the same seed: whether a random disorder strikes."""
        return self._random.random()
