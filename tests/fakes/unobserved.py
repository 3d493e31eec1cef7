"""Nobody watches."""

from schemas.contract import Frozen
from sidecar.effects.effect import Effect
from sidecar.errors import UpstreamError


class Unobserved:
    """`sidecar.executor.EffectObserver` that keeps nothing."""

    def effect_done(self, effect: Effect, result: Frozen, seconds: float) -> None: ...
    def effect_failed(self, effect: Effect, error: UpstreamError, seconds: float) -> None: ...
