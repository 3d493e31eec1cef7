<?php

declare(strict_types=1);

namespace Magento\Framework\App;

use Magento\Framework\DB\Adapter\AdapterInterface;

class ResourceConnection
{
    public const DEFAULT_CONNECTION = 'default';

    /**
     * @param string $resourceName
     * @return AdapterInterface
     */
    public function getConnection($resourceName = self::DEFAULT_CONNECTION)
    {
        throw new \LogicException('a fake gives the connection');
    }

    /**
     * @param string|string[] $modelEntity
     * @param string $connectionName
     * @return string
     */
    public function getTableName($modelEntity, $connectionName = self::DEFAULT_CONNECTION)
    {
        throw new \LogicException('a fake gives the name');
    }

    public function closeConnection($resourceName = self::DEFAULT_CONNECTION)
    {
        throw new \LogicException('a fake closes the connection');
    }
}
