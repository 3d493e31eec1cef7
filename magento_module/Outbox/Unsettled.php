<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Magento\Framework\App\ResourceConnection;

/**
 * Events of this process that wait a little, because more of the same save may be added to them.
 */
final class Unsettled
{
    /** @var array<string, true> */
    private array $ids = [];

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function add(string $eventId): void
    {
        $this->ids[$eventId] = true;
    }

    /**
     * Nothing more will be added: they may be published now.
     */
    public function settle(): void
    {
        if ($this->ids === []) {
            return;
        }
        $connection = $this->resource->getConnection();
        $connection->query(
            sprintf(
                'UPDATE %s SET available_at = 0 WHERE attempts = 0 AND event_id IN (%s)',
                $connection->quoteIdentifier($this->resource->getTableName(Outbox::TABLE)),
                implode(', ', array_fill(0, count($this->ids), '?'))
            ),
            array_keys($this->ids)
        );
        $this->ids = [];
    }
}
