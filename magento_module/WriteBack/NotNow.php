<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\DB\Adapter\DeadlockException;
use Magento\Framework\DB\Adapter\DuplicateException;
use Magento\Framework\DB\Adapter\LockWaitException;
use Magento\Framework\Phrase;
use Magento\Framework\Webapi\Exception as WebapiException;

/**
 * 503: somebody else holds what is needed, nothing was written, and asking again is safe.
 *
 * It is not tried again in the same request: Magento keeps what it loaded and saved, also when that was rolled back.
 */
final class NotNow extends WebapiException
{
    private const UNAVAILABLE = 503;

    /** MySQL's and MariaDB's: a deadlock, a lock that did not come, a row that is newer than the snapshot. */
    private const TRANSIENT = [1213, 1205, 1020];
    private const DUPLICATE = 1062;

    /**
     * Whether a problem is of this kind, whatever it is wrapped in.
     */
    public static function isIt(\Throwable $problem): bool
    {
        for ($cause = $problem; $cause !== null; $cause = $cause->getPrevious()) {
            $code = $cause instanceof \PDOException ? ($cause->errorInfo[1] ?? 0) : 0;
            if (
                $cause instanceof DeadlockException
                || $cause instanceof LockWaitException
                || in_array($code, self::TRANSIENT, true)
            ) {
                return true;
            }
        }
        return false;
    }

    /**
     * Whether a row was refused because another request wrote the same one just now.
     */
    public static function isDuplicate(\Throwable $problem): bool
    {
        return $problem instanceof DuplicateException
            || ($problem instanceof \PDOException && ($problem->errorInfo[1] ?? 0) === self::DUPLICATE);
    }

    public static function because(\Throwable $problem): self
    {
        if ($problem instanceof self) {
            return $problem;
        }
        return new self(new Phrase('The order is in use. Try again.'), 0, self::UNAVAILABLE);
    }
}
