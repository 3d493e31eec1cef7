<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Sidecar\Stripe\Snapshot\CustomerState;
use WeakMap;

/**
 * Finds out what a save changes of a customer, by the tables before and after it.
 *
 * Neither Magento's events nor its models would tell: the default addresses are written by SQL
 * (Magento\Customer\Model\ResourceModel\Address\Relation), which says nothing when only they change.
 */
final class CustomerChanges
{
    /** @var array<int, array<string, mixed>|null> by customer, the state before; null: there was none */
    private array $before = [];

    /** @var array<int, int> by customer, how many saves are going on, one within the other */
    private array $depth = [];

    /** @var WeakMap<object, true> customers that are being saved for the first time and have no id yet */
    private WeakMap $new;

    public function __construct(
        private readonly CustomerState $customers,
        private readonly Announcement $announcement
    ) {
        $this->new = new WeakMap();
    }

    /**
     * Do something that may change this customer.
     *
     * @template T
     * @param int $customerId 0 if the customer has none yet
     * @param object $model whose save it is
     * @param callable(): T $save
     * @return T
     */
    public function during(int $customerId, object $model, callable $save): mixed
    {
        $this->begin($customerId, $model);
        try {
            return $save();
        } finally {
            $this->end($customerId, $model);
        }
    }

    /**
     * Everything is written; the transaction is still open. Of saves within each other the outermost tells.
     *
     * @param object $model whose save it is
     */
    public function tell(int $customerId, object $model): void
    {
        $isNew = isset($this->new[$model]);
        if (!$isNew && ($this->depth[$customerId] ?? 0) !== 1) {
            return;
        }
        $after = $this->customers->find($customerId);
        if ($after === null) {
            return;
        }
        $before = $isNew ? null : $this->before[$customerId];
        $changed = $before === null ? [] : CustomerState::changes($before, $after);
        if ($before === null || $changed !== []) {
            $this->announcement->ofUpdate(Happening::ofCustomer(EventType::CUSTOMER_SAVED, $customerId, [
                'is_new' => $before === null,
                'changed_fields' => $changed,
            ]));
        }
        if (!$isNew) {
            $this->before[$customerId] = $after;
        }
    }

    private function begin(int $customerId, object $model): void
    {
        if ($customerId === 0) {
            $this->new[$model] = true;
            return;
        }
        $this->depth[$customerId] = ($this->depth[$customerId] ?? 0) + 1;
        if ($this->depth[$customerId] === 1) {
            $this->before[$customerId] = $this->customers->find($customerId);
        }
    }

    private function end(int $customerId, object $model): void
    {
        unset($this->new[$model]);
        if ($customerId !== 0 && --$this->depth[$customerId] === 0) {
            unset($this->depth[$customerId], $this->before[$customerId]);
        }
    }
}
