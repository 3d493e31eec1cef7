<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * Postal addresses: rows of `sales_order_address` and `customer_address_entity`, whose columns have the same names.
 */
final class Addresses
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * The contracts' address.
     *
     * @param array<string, string|int|null> $row
     * @return array<string, string|list<string>|null>
     */
    public function of(array $row): array
    {
        return [
            'prefix' => Texts::orNull($row['prefix']),
            'firstname' => Texts::of($row['firstname']),
            'middlename' => Texts::orNull($row['middlename']),
            'lastname' => Texts::of($row['lastname']),
            'suffix' => Texts::orNull($row['suffix']),
            'company' => Texts::orNull($row['company']),
            'street' => $this->lines($row['street']),
            'city' => Texts::orNull($row['city']),
            'region' => Texts::orNull($row['region']),
            'region_code' => $this->regionCode($row['region_id']),
            'postcode' => Texts::orNull($row['postcode']),
            'country_id' => Texts::of($row['country_id']),
            'telephone' => Texts::orNull($row['telephone']),
            'vat_id' => Texts::orNull($row['vat_id']),
        ];
    }

    /**
     * @return list<string>
     */
    private function lines(string|int|null $street): array
    {
        $lines = array_map('trim', preg_split('/\R/u', (string) $street) ?: []);
        return array_values(array_filter($lines, static fn (string $line): bool => $line !== ''));
    }

    private function regionCode(string|int|null $regionId): ?string
    {
        if ((int) $regionId === 0) {
            return null;
        }
        $region = $this->rows->find('directory_country_region', 'region_id', (int) $regionId);
        return $region === null ? null : Texts::orNull($region['code']);
    }
}
