"""Where object ids come from: Stripe's prefixes, random tails, repeatable from a seed."""

import random
import string

_ALPHABET = (string.ascii_letters + string.digits).encode()
_LETTER_OF_BYTE = bytes(_ALPHABET[value % len(_ALPHABET)] for value in range(256))


class IdSource:
    """Makes ids such as `pi_3Nf…`.

    Args:
        seed: the same seed gives the same ids in the same order; without one they differ from run to run.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._random = random.Random(seed)  # noqa: S311  # names and chance, never secrets

    def new(self, prefix: str, length: int = 24) -> str:
        """Make one, `prefix_` followed by `length` letters and digits."""
        return f"{prefix}_{self.tail(length)}"

    def tail(self, length: int) -> str:
        """Make the random part alone."""
        return self._random.randbytes(length).translate(_LETTER_OF_BYTE).decode()

    def share(self) -> float:
        """A number in [0, 1), from the same seed: whether a random disorder strikes."""
        return self._random.random()
