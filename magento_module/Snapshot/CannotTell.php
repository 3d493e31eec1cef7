<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

use RuntimeException;

/**
 * A snapshot could not be made. The message names no value: it is kept with the event and shown to people.
 */
final class CannotTell extends RuntimeException
{
}
