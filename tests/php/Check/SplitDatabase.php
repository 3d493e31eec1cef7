<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Check;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;

/**
 * Sales in a database of their own, as Adobe Commerce once could.
 */
final class SplitDatabase extends ResourceConnection
{
    public function __construct(private readonly AdapterInterface $default, private readonly AdapterInterface $sales)
    {
    }

    public function getConnection($resourceName = self::DEFAULT_CONNECTION)
    {
        return $resourceName === 'sales' ? $this->sales : $this->default;
    }
}
