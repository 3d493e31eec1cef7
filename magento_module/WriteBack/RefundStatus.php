<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * How a refund stands in Stripe; `sidecar_refund.status`.
 */
enum RefundStatus: string
{
    case Pending = 'pending';
    case RequiresAction = 'requires_action';
    case Succeeded = 'succeeded';
    case Failed = 'failed';
    case Canceled = 'canceled';
    /** Not Stripe's word: it would not make a refund at all, so there is none to follow. */
    case Refused = 'refused';

    /**
     * Whether the money does not go back.
     */
    public function isFailure(): bool
    {
        return in_array($this, [self::Failed, self::Canceled, self::Refused], true);
    }

    /**
     * Whether this may follow what was known of the same refund: what comes late changes nothing.
     */
    public function follows(?self $known): bool
    {
        return match ($known) {
            null => true,
            self::Failed, self::Canceled, self::Refused => false,
            self::Succeeded => $this->isFailure(),
            self::Pending, self::RequiresAction => $this !== $known,
        };
    }
}
