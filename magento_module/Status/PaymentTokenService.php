<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Magento\Framework\App\ResourceConnection;
use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Quote\Model\MaskedQuoteIdToQuoteIdInterface;
use Sidecar\Stripe\Api\PaymentTokenInterface;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * @inheritdoc
 */
class PaymentTokenService implements PaymentTokenInterface
{
    private const CONNECTION = 'sales';

    public function __construct(
        private readonly Token $token,
        private readonly ResourceConnection $resource,
        private readonly MaskedQuoteIdToQuoteIdInterface $maskedQuoteId
    ) {
    }

    public function ofGuestCart(string $maskedQuoteId): string
    {
        // A customer's cart has a masked id too, in GraphQL; its order is given to that customer only.
        $quoteId = $this->maskedQuoteId->execute($maskedQuoteId);
        return $this->first('o.quote_id = ? AND o.customer_id IS NULL', [$quoteId]);
    }

    public function ofCustomersOrder(int $customerId, int $orderId): string
    {
        return $this->first('o.customer_id = ? AND o.entity_id = ?', [$customerId, $orderId]);
    }

    /**
     * @param list<int> $values
     */
    private function first(string $condition, array $values): string
    {
        $connection = $this->resource->getConnection(self::CONNECTION);
        $row = $connection->fetchRow(
            sprintf(
                'SELECT o.entity_id, o.store_id FROM %s o JOIN %s p ON p.parent_id = o.entity_id'
                . ' WHERE p.method = ? AND %s ORDER BY o.entity_id DESC LIMIT 1',
                $connection->quoteIdentifier($this->resource->getTableName('sales_order', self::CONNECTION)),
                $connection->quoteIdentifier($this->resource->getTableName('sales_order_payment', self::CONNECTION)),
                $condition
            ),
            [PaymentConfig::CODE, ...$values]
        );
        if (!$row) {
            throw new NoSuchEntityException(__('There is no order that is paid with this method.'));
        }
        return $this->token->sign((int) $row['entity_id'], (int) $row['store_id']);
    }
}
