<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * Amounts as Magento's columns have them: decimals in strings, with four places. No float is counted with.
 */
final class Decimal
{
    /** The places of Magento's columns, `decimal(20,4)`. */
    public const PLACES = 4;

    private const PLAIN = '/^\d{1,15}(\.\d{1,4})?$/D';

    /**
     * Whether a text is an amount: plain digits with up to four places, no sign and no exponent.
     */
    public static function isAmount(string $text): bool
    {
        return preg_match(self::PLAIN, $text) === 1;
    }

    /**
     * A value of one of Magento's models, which may be a column's text, a sum that PHP made of it, or null for nothing.
     *
     * @return string with four places
     */
    public static function of(string|float|int|null $value): string
    {
        // A float of an amount is off by less than half of the last place, so that printing it finds the amount again.
        return is_float($value) ? sprintf('%.4F', $value) : bcadd((string) ($value ?? '0'), '0', self::PLACES);
    }

    /**
     * -1, 0 or 1, as the first is less than the second, the same, or more.
     */
    public static function compare(string $one, string $other): int
    {
        return bccomp($one, $other, self::PLACES);
    }

    public static function plus(string $one, string $other): string
    {
        return bcadd($one, $other, self::PLACES);
    }

    public static function minus(string $one, string $other): string
    {
        return bcsub($one, $other, self::PLACES);
    }

    /**
     * The quotient of two amounts that are not negative, rounded half away from zero.
     *
     * @param int $places how many to keep
     */
    public static function divided(string $dividend, string $divisor, int $places): string
    {
        return self::rounded(bcdiv($dividend, $divisor, $places + 8), $places);
    }

    /**
     * An amount that is not negative, rounded half away from zero.
     *
     * @param int $places how many to keep
     */
    public static function rounded(string $amount, int $places): string
    {
        return bcadd($amount, '0.' . str_repeat('0', $places) . '5', $places);
    }
}
