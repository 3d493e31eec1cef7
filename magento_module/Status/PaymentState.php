<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

/**
 * Where a payment stands for the shopper.
 */
final class PaymentState
{
    /** The sidecar is at work, or a person has to look; nothing for the shopper to do. */
    public const WAITING = 'waiting';

    /** The shopper has to pay or to confirm. */
    public const ACTION_REQUIRED = 'action_required';

    /** The money is there. */
    public const PAID = 'paid';

    /** The money is reserved and is taken later. */
    public const AUTHORIZED = 'authorized';

    /** An attempt failed; the order may still be paid. */
    public const FAILED = 'failed';

    /** Nothing will be paid any more. */
    public const CANCELED = 'canceled';

    public const ALL = [
        self::WAITING,
        self::ACTION_REQUIRED,
        self::PAID,
        self::AUTHORIZED,
        self::FAILED,
        self::CANCELED,
    ];

    /** What may still change by itself. */
    public const OPEN = [self::WAITING, self::ACTION_REQUIRED, self::FAILED];
}
