<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;

/**
 * Gives the one connection, and names of tables with a prefix as `db/table_prefix` of env.php puts it before them.
 */
final class PdoResourceConnection extends ResourceConnection
{
    public function __construct(private readonly AdapterInterface $adapter, private readonly string $prefix = '')
    {
    }

    public function getConnection($resourceName = self::DEFAULT_CONNECTION)
    {
        return $this->adapter;
    }

    public function closeConnection($resourceName = self::DEFAULT_CONNECTION)
    {
    }

    public function getTableName($modelEntity, $connectionName = self::DEFAULT_CONNECTION)
    {
        return $this->prefix . $modelEntity;
    }
}
