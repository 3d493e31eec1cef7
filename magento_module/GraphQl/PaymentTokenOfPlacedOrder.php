<?php

declare(strict_types=1);

namespace Sidecar\Stripe\GraphQl;

use Magento\Framework\GraphQl\Config\Element\Field;
use Magento\Framework\GraphQl\Query\ResolverInterface;
use Magento\Framework\GraphQl\Schema\Type\ResolveInfo;
use Magento\Sales\Model\ResourceModel\Order\CollectionFactory;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Status\Token;

/**
 * `placeOrder { order { sidecar_payment_token } }`.
 *
 * Of the order that it has just placed, Magento hands on the number only, which is unique in a store view.
 */
class PaymentTokenOfPlacedOrder implements ResolverInterface
{
    public function __construct(
        private readonly Token $token,
        private readonly CollectionFactory $orders
    ) {
    }

    /**
     * @param array<string, mixed>|null $value
     * @param array<string, mixed>|null $args
     */
    public function resolve(
        Field $field,
        $context,
        ResolveInfo $info,
        ?array $value = null,
        ?array $args = null
    ): ?string {
        $number = (string) ($value['order_number'] ?? '');
        if ($number === '') {
            return null;
        }
        $storeId = (int) $context->getExtensionAttributes()->getStore()->getId();
        $order = $this->orders->create()
            ->addFieldToFilter('increment_id', $number)
            ->addFieldToFilter('store_id', $storeId)
            ->setPageSize(1)
            ->getFirstItem();
        if (!$order->getId() || $order->getPayment()?->getMethod() !== PaymentConfig::CODE) {
            return null;
        }
        return $this->token->sign((int) $order->getId(), $storeId);
    }
}
