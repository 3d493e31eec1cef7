<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * Magento's decimal columns as the contracts write them: strings of plain digits with four places (docs/contracts.md).
 */
final class Decimals
{
    private const PLACES = 4;

    /**
     * A column's text, exactly; what has more places than Magento's own columns (a shop may have widened them) is
     * rounded half away from zero. An empty column is zero.
     *
     * @throws CannotTell it is no decimal
     */
    public static function exact(?string $column): string
    {
        return self::exactOrNull($column) ?? '0.0000';
    }

    /**
     * The same, for a column whose being empty means something else than zero.
     *
     * @throws CannotTell it is no decimal
     */
    public static function exactOrNull(?string $column): ?string
    {
        if ($column === null) {
            return null;
        }
        if (preg_match('/^(-?)\d{1,16}(\.\d+)?$/D', $column, $parts) !== 1) {
            throw new CannotTell('a column that has to be a decimal is none');
        }
        $rounded = bcadd($column, $parts[1] . '0.00005', self::PLACES);
        return bccomp($rounded, '0', self::PLACES) === 0 ? '0.0000' : $rounded;
    }

    /**
     * The sum of several columns.
     *
     * @throws CannotTell one is no decimal
     */
    public static function sum(?string ...$columns): string
    {
        $sum = '0.0000';
        foreach ($columns as $column) {
            $sum = bcadd($sum, self::exact($column), self::PLACES);
        }
        return $sum;
    }
}
