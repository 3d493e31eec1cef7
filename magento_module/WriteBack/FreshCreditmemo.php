<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Sales\Api\Data\CreditmemoInterfaceFactory;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\ResourceModel\Order\Creditmemo as CreditmemoResource;

/**
 * Loads a credit memo as it is now, past the repository, which gives what it loaded or saved before.
 */
final class FreshCreditmemo
{
    public function __construct(
        private readonly CreditmemoInterfaceFactory $factory,
        private readonly CreditmemoResource $resource,
        private readonly ResourceConnection $connection
    ) {
    }

    /**
     * Whose row has to be locked before the memo is looked at.
     *
     * @throws NoSuchEntityException there is no such memo
     */
    public function orderId(int $creditmemoId): int
    {
        $connection = $this->connection->getConnection('sales');
        $orderId = $connection->fetchOne(
            sprintf(
                'SELECT order_id FROM %s WHERE entity_id = ?',
                $connection->quoteIdentifier($this->connection->getTableName('sales_creditmemo', 'sales'))
            ),
            [$creditmemoId]
        );
        return $orderId === false ? throw OrderLock::missing() : (int) $orderId;
    }

    /**
     * @throws NoSuchEntityException there is no such memo
     */
    public function load(int $creditmemoId): Creditmemo
    {
        /** @var Creditmemo $creditmemo */
        $creditmemo = $this->factory->create();
        $this->resource->load($creditmemo, $creditmemoId);
        return $creditmemo->getId() ? $creditmemo : throw OrderLock::missing();
    }
}
