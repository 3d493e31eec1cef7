<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Outbox\Outbox;
use Sidecar\Stripe\Outbox\State;

/**
 * Writes down what became of events that were in hand.
 */
final class Progress
{
    /** How many characters of a reason are kept: `sidecar_outbox.last_error`. */
    private const LONGEST_REASON = 255;

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly DueEvents $due
    ) {
    }

    /**
     * The broker has confirmed them. That is so even if another relay has taken them in hand meanwhile.
     *
     * @param list<int> $ids
     */
    public function published(array $ids): void
    {
        $this->update($ids, 'state = ?, published_at = ' . Outbox::NOW . ', last_error = NULL', [State::PUBLISHED]);
    }

    /**
     * The broker did not take it: it is tried again later.
     */
    public function refused(Claimed $event, string $reason): void
    {
        $this->update(
            [$event->id],
            'attempts = attempts + 1, available_at = ' . Outbox::NOW . ' + ?, last_error = ?',
            [Backoff::ofEvent($event->attempts), $this->short($reason)]
        );
    }

    /**
     * It can never be published as it is.
     */
    public function parked(int $id, string $reason): void
    {
        $this->update([$id], 'state = ?, last_error = ?', [State::PARKED, $this->short($reason)]);
    }

    /**
     * Nothing is known of them, or nothing was tried: the next relay may have them at once.
     *
     * @param list<int> $ids
     */
    public function released(array $ids): void
    {
        $this->update($ids, 'available_at = available_at', []);
    }

    /**
     * @param list<int> $ids
     * @param list<string|int> $values
     */
    private function update(array $ids, string $set, array $values): void
    {
        if ($ids === []) {
            return;
        }
        $this->resource->getConnection()->query(
            sprintf(
                "UPDATE %s SET %s, claimed_by = NULL, claimed_until = NULL WHERE id IN (%s) AND state = 'pending'",
                $this->due->table(),
                $set,
                implode(', ', $ids)
            ),
            $values
        );
    }

    private function short(string $reason): string
    {
        return mb_strcut($reason, 0, self::LONGEST_REASON);
    }
}
