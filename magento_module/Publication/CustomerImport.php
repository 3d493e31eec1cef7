<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Magento\Framework\App\ResourceConnection;
use Sidecar\Stripe\Snapshot\CustomerState;
use Sidecar\Stripe\Snapshot\Times;

/**
 * Follows Magento's import of customers, which writes tables and saves no model
 * (Magento\CustomerImportExport\Model\Import\Customer::_importData).
 *
 * It reads its rows a bunch at a time. From one bunch to the next is one transaction here, so that what a bunch changes
 * and the events of it are there together; the import itself has none.
 */
final class CustomerImport
{
    /** Columns that name the customer: those of the customers' file, those of the addresses' file. */
    private const EMAIL_COLUMNS = ['email', '_email'];

    /** How many imports are going on: that of customers with addresses has one within the other. */
    private int $depth = 0;

    /** @var list<string>|null whom the bunch in hand is about; null: none is in hand */
    private ?array $emails = null;

    /** @var array<int, array<string, mixed>> those of them that were there before the bunch */
    private array $before = [];

    public function __construct(
        private readonly ResourceConnection $resource,
        private readonly CustomerState $customers,
        private readonly Announcement $announcement
    ) {
    }

    /**
     * @template T
     * @param callable(): T $import
     * @return T
     */
    public function during(callable $import): mixed
    {
        $this->depth++;
        try {
            $result = $import();
            $this->finishBunch();
            return $result;
        } finally {
            $this->depth--;
            if ($this->emails !== null) {
                $this->emails = null;
                $this->resource->getConnection()->rollBack();
            }
        }
    }

    /**
     * The import has read a bunch, and so has written the one before.
     *
     * @param array<array<string, mixed>>|null $rows null: there are no more
     */
    public function read(?array $rows): void
    {
        if ($this->depth === 0) {
            return;
        }
        $this->finishBunch();
        if ($rows) {
            $this->resource->getConnection()->beginTransaction();
            $this->emails = $this->emails($rows);
            $this->before = $this->pictures($this->ids($this->emails));
        }
    }

    private function finishBunch(): void
    {
        if ($this->emails === null) {
            return;
        }
        $ids = array_unique([...array_keys($this->before), ...$this->ids($this->emails)]);
        $after = $this->pictures($ids);
        foreach ($ids as $id) {
            $this->tell($id, $this->before[$id] ?? null, $after[$id] ?? null);
        }
        $this->resource->getConnection()->commit();
        $this->emails = null;
    }

    /**
     * @param array<string, mixed>|null $before
     * @param array<string, mixed>|null $after
     */
    private function tell(int $id, ?array $before, ?array $after): void
    {
        if ($after === null) {
            $this->announcement->of(Happening::ofCustomer(EventType::CUSTOMER_DELETED, $id, [
                'store_id' => $before['store']['store_id'] ?? null,
                'website_id' => $before['store']['website_id'] ?? null,
                'deleted_at' => Times::now(),
            ]));
            return;
        }
        $changed = $before === null ? [] : CustomerState::changes($before, $after);
        if ($before === null || $changed !== []) {
            $this->announcement->ofUpdate(Happening::ofCustomer(EventType::CUSTOMER_SAVED, $id, [
                'is_new' => $before === null,
                'changed_fields' => $changed,
            ]));
        }
    }

    /**
     * @param array<array<string, mixed>> $rows
     * @return list<string>
     */
    private function emails(array $rows): array
    {
        $emails = [];
        foreach ($rows as $row) {
            foreach (self::EMAIL_COLUMNS as $column) {
                $emails[] = trim((string) ($row[$column] ?? ''));
            }
        }
        return array_values(array_filter(array_unique($emails), static fn (string $email): bool => $email !== ''));
    }

    /**
     * @param list<string> $emails
     * @return list<int> in every website that they have an account in
     */
    private function ids(array $emails): array
    {
        if ($emails === []) {
            return [];
        }
        $connection = $this->resource->getConnection();
        return array_map('intval', $connection->fetchCol(
            sprintf(
                'SELECT entity_id FROM %s WHERE email IN (%s)',
                $connection->quoteIdentifier($this->resource->getTableName('customer_entity')),
                implode(', ', array_fill(0, count($emails), '?'))
            ),
            $emails
        ));
    }

    /**
     * @param list<int> $ids
     * @return array<int, array<string, mixed>>
     */
    private function pictures(array $ids): array
    {
        $pictures = [];
        foreach ($ids as $id) {
            $picture = $this->customers->find($id);
            if ($picture !== null) {
                $pictures[$id] = $picture;
            }
        }
        return $pictures;
    }
}
