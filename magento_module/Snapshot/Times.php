<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

use DateTimeImmutable;
use DateTimeZone;

/**
 * Times as the contracts write them: RFC 3339 in UTC.
 */
final class Times
{
    /**
     * A column of Magento's, which is UTC and does not say so: `2026-11-23 09:15:02`.
     *
     * @throws CannotTell it is no time
     */
    public static function ofColumn(?string $column): string
    {
        if ($column === null || preg_match('/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/', $column) !== 1) {
            throw new CannotTell('a column that has to be a time is none');
        }
        return substr($column, 0, 10) . 'T' . substr($column, 11, 8) . 'Z';
    }

    /** This moment, to the microsecond. */
    public static function now(): string
    {
        return (new DateTimeImmutable('now', new DateTimeZone('UTC')))->format('Y-m-d\TH:i:s.u\Z');
    }
}
