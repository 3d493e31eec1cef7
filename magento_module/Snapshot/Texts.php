<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

/**
 * Magento's texts: an empty one says the same as none at all.
 */
final class Texts
{
    public static function of(string|int|null $column): string
    {
        return (string) $column;
    }

    public static function orNull(string|int|null $column): ?string
    {
        $text = (string) $column;
        return $text === '' ? null : $text;
    }
}
