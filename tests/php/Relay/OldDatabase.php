<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\DB\Adapter\AdapterInterface;
use Sidecar\Stripe\Tests\Fake\PdoAdapter;

/**
 * A database as MySQL 5.7 and MariaDB 10.5 are: `SKIP LOCKED` is a syntax error to it.
 */
final class OldDatabase extends ResourceConnection
{
    private ?AdapterInterface $adapter = null;

    public function __construct(private readonly ResourceConnection $resource)
    {
    }

    public function getConnection($resourceName = self::DEFAULT_CONNECTION)
    {
        $pdo = $this->resource->getConnection();
        return $this->adapter ??= new class ($pdo) extends PdoAdapter {
            public function __construct(private readonly PdoAdapter $other)
            {
            }

            public function query($sql, $bind = [])
            {
                // A word that no database knows, where the old one does not know these two.
                return $this->other->query(str_replace('SKIP LOCKED', 'SKIP_LOCKED', (string) $sql), $bind);
            }

            public function quoteIdentifier($ident, $auto = false)
            {
                return $this->other->quoteIdentifier($ident, $auto);
            }
        };
    }

    public function getTableName($modelEntity, $connectionName = self::DEFAULT_CONNECTION)
    {
        return $this->resource->getTableName($modelEntity, $connectionName);
    }
}
