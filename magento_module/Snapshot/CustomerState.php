<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * A customer with their addresses, as the contracts say it: `customer_entity`, `customer_address_entity`.
 *
 * Date of birth, gender and whatever else Magento keeps stay in it. A company of the account's own is kept by
 * extensions of Magento only, each in its own way; none of them is asked.
 */
final class CustomerState
{
    /** What says nothing of the customer: a save that changes no more than these changes nothing. */
    private const OWN_TIMES = ['created_at' => true, 'updated_at' => true];

    public function __construct(
        private readonly Rows $rows,
        private readonly Stores $stores,
        private readonly Addresses $addresses
    ) {
    }

    /**
     * The customer, or null if there is none.
     *
     * @return array<string, mixed>|null
     */
    public function find(int $customerId): ?array
    {
        $customer = $this->rows->find('customer_entity', 'entity_id', $customerId);
        if ($customer === null) {
            return null;
        }
        $storeId = $customer['store_id'] === null ? null : (int) $customer['store_id'];
        $websiteId = $customer['website_id'] === null ? null : (int) $customer['website_id'];
        return [
            'store' => $this->stores->of($storeId, $websiteId),
            'customer_id' => $customerId,
            'email' => Texts::of($customer['email']),
            'prefix' => Texts::orNull($customer['prefix']),
            'firstname' => Texts::of($customer['firstname']),
            'middlename' => Texts::orNull($customer['middlename']),
            'lastname' => Texts::of($customer['lastname']),
            'suffix' => Texts::orNull($customer['suffix']),
            'company' => null,
            'group_id' => (int) $customer['group_id'],
            'taxvat' => Texts::orNull($customer['taxvat']),
            'locale' => $this->stores->locale($storeId),
            'addresses' => array_map(fn (array $address): array => [
                'address_id' => (int) $address['entity_id'],
                'address' => $this->addresses->of($address),
                'is_default_billing' => (int) $address['entity_id'] === (int) $customer['default_billing'],
                'is_default_shipping' => (int) $address['entity_id'] === (int) $customer['default_shipping'],
            ], $this->rows->all('customer_address_entity', 'parent_id', $customerId, 'entity_id')),
            'created_at' => Times::ofColumn($customer['created_at']),
            // Now, and not the column: it does not move when an address changes, and knows no fractions of a second.
            // Of two events the one with the later is the newer.
            'updated_at' => Times::now(),
        ];
    }

    /**
     * Names of the fields in which two states differ.
     *
     * @param array<string, mixed> $before
     * @param array<string, mixed> $after
     * @return list<string>
     */
    public static function changes(array $before, array $after): array
    {
        return array_keys(array_filter(
            array_diff_key($after, self::OWN_TIMES),
            static fn (mixed $value, string $name): bool => $value !== $before[$name],
            ARRAY_FILTER_USE_BOTH
        ));
    }
}
