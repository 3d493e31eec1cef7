<?php

declare(strict_types=1);

namespace Sidecar\Stripe\GraphQl;

use Magento\Framework\GraphQl\Config\Element\Field;
use Magento\Framework\GraphQl\Query\ResolverInterface;
use Magento\Framework\GraphQl\Schema\Type\ResolveInfo;
use Magento\Sales\Api\Data\OrderInterface;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Status\Token;

/**
 * `CustomerOrder.sidecar_payment_token`. Who is given such an order by Magento, may see how its payment stands.
 */
class PaymentTokenOfOrder implements ResolverInterface
{
    public function __construct(private readonly Token $token)
    {
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
        $order = $value['model'] ?? null;
        if (!$order instanceof OrderInterface || $order->getPayment()?->getMethod() !== PaymentConfig::CODE) {
            return null;
        }
        return $this->token->sign((int) $order->getEntityId(), (int) $order->getStoreId());
    }
}
