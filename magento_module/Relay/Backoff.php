<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * How long to wait before the next try: twice as long each time, up to a limit, a fifth more or less by chance so that
 * what failed together does not come back together.
 */
final class Backoff
{
    private const EVENT_SECONDS = 1;
    private const EVENT_MOST_SECONDS = 600;
    private const BROKER_SECONDS = 5;
    private const BROKER_MOST_SECONDS = 300;

    /**
     * For an event that the broker did not take, in microseconds.
     *
     * @param int $attempts before this one
     */
    public static function ofEvent(int $attempts): int
    {
        return self::microseconds(self::EVENT_SECONDS, self::EVENT_MOST_SECONDS, $attempts);
    }

    /**
     * For a broker that is away, in microseconds.
     *
     * @param int $failures in a row, this one not counted
     */
    public static function ofBroker(int $failures): int
    {
        return self::microseconds(self::BROKER_SECONDS, self::BROKER_MOST_SECONDS, $failures);
    }

    private static function microseconds(int $first, int $most, int $exponent): int
    {
        $seconds = min($most, $first * 2 ** min($exponent, 30));
        return (int) ($seconds * random_int(800_000, 1_200_000));
    }
}
