<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Outbox\Outbox;

/**
 * Leaves a broker alone that is away. All PHP workers share what is known of it, in one row: `sidecar_relay`.
 */
final class Breaker
{
    public const TABLE = 'sidecar_relay';

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    /**
     * Whether a request may try. While the broker is away, one request in each wait may, and it pays for all.
     */
    public function letsTry(): bool
    {
        $connection = $this->resource->getConnection();
        $row = $connection->fetchRow(sprintf('SELECT failures FROM %s WHERE id = 1', $this->table()));
        if (!$row || (int) $row['failures'] === 0) {
            return true;
        }
        // The wait begins anew before the try, so that whoever comes during it finds it begun.
        return $connection->query(
            sprintf('UPDATE %s SET retry_at = %2$s + ? WHERE id = 1 AND retry_at <= %2$s', $this->table(), Outbox::NOW),
            [Backoff::ofBroker((int) $row['failures'])]
        )->rowCount() === 1;
    }

    /**
     * The broker could not be reached.
     *
     * @param string $reason without a secret in it
     */
    public function failed(string $reason): void
    {
        $connection = $this->resource->getConnection();
        $failures = (int) $connection->fetchOne(sprintf('SELECT failures FROM %s WHERE id = 1', $this->table()));
        $connection->query(
            sprintf(
                'INSERT INTO %s (id, failures, retry_at, last_error) VALUES (1, 1, %2$s + ?, ?)'
                . ' ON DUPLICATE KEY UPDATE failures = failures + 1, retry_at = VALUES(retry_at),'
                . ' last_error = VALUES(last_error)',
                $this->table(),
                Outbox::NOW
            ),
            [Backoff::ofBroker($failures), mb_strcut($reason, 0, 255)]
        );
    }

    /**
     * The broker has answered.
     */
    public function succeeded(): void
    {
        $this->resource->getConnection()->query(sprintf(
            'INSERT INTO %s (id, failures, retry_at, succeeded_at) VALUES (1, 0, 0, %2$s)'
            . ' ON DUPLICATE KEY UPDATE failures = 0, retry_at = 0, last_error = NULL,'
            . ' succeeded_at = VALUES(succeeded_at)',
            $this->table(),
            Outbox::NOW
        ));
    }

    public function state(): BrokerState
    {
        $row = $this->resource->getConnection()->fetchRow(
            sprintf('SELECT failures, last_error, succeeded_at FROM %s WHERE id = 1', $this->table())
        );
        return new BrokerState(
            (int) ($row['failures'] ?? 0),
            $row['last_error'] ?? null,
            isset($row['succeeded_at']) ? (int) $row['succeeded_at'] : null
        );
    }

    private function table(): string
    {
        $connection = $this->resource->getConnection();
        return $connection->quoteIdentifier($this->resource->getTableName(self::TABLE));
    }
}
