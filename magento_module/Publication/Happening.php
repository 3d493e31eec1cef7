<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

/**
 * Something that happened in Magento and others are to know of.
 */
final class Happening
{
    /**
     * @param string $type the contract
     * @param int $id `entity_id` of what it happened to
     * @param string $entityKey in whose row of events it stands: a credit memo stands in its order's
     * @param array<string, mixed> $context what is known now and Magento's tables do not say
     */
    public function __construct(
        public readonly string $type,
        public readonly int $id,
        public readonly string $entityKey,
        public readonly array $context = []
    ) {
    }

    public static function ofOrder(string $type, int $orderId, array $context = []): self
    {
        return new self($type, $orderId, "order/$orderId", $context);
    }

    public static function ofCustomer(string $type, int $customerId, array $context = []): self
    {
        return new self($type, $customerId, "customer/$customerId", $context);
    }

    /**
     * This one after an earlier one of the same thing that nobody was told of yet: the newest state, with all that
     * changed.
     */
    public function after(self $earlier): self
    {
        $context = $this->context;
        if (array_key_exists('is_new', $context)) {
            $context['is_new'] = $context['is_new'] || $earlier->context['is_new'];
        }
        if (array_key_exists('changed_fields', $context)) {
            $fields = array_unique([...$earlier->context['changed_fields'], ...$context['changed_fields']]);
            $context['changed_fields'] = ($context['is_new'] ?? false) ? [] : array_values($fields);
        }
        return new self($this->type, $this->id, $this->entityKey, $context);
    }
}
