<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Console;

/**
 * What the commands end with.
 */
final class ExitCode
{
    public const WELL = 0;

    /** Something is to be mended, or events are left. */
    public const NOT_WELL = 1;

    /** The command was called wrongly. */
    public const USAGE = 2;
}
