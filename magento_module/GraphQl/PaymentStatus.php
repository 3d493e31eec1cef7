<?php

declare(strict_types=1);

namespace Sidecar\Stripe\GraphQl;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Framework\GraphQl\Config\Element\Field;
use Magento\Framework\GraphQl\Query\ResolverInterface;
use Magento\Framework\GraphQl\Schema\Type\ResolveInfo;
use Sidecar\Stripe\Api\PaymentStatusInterface;

/**
 * `sidecarPaymentStatus`: the client secret is given if it is selected.
 */
class PaymentStatus implements ResolverInterface
{
    private const CLIENT_SECRET = 'client_secret';

    public function __construct(private readonly PaymentStatusInterface $status)
    {
    }

    /**
     * @param array<string, mixed>|null $value
     * @param array<string, mixed>|null $args
     * @return array<string, string|null>|null
     */
    public function resolve(
        Field $field,
        $context,
        ResolveInfo $info,
        ?array $value = null,
        ?array $args = null
    ): ?array {
        $isAskedFor = isset($info->getFieldSelection()[self::CLIENT_SECRET]);
        try {
            $status = $this->status->get((string) ($args['token'] ?? ''), $isAskedFor);
        } catch (NoSuchEntityException) {
            return null;
        }
        return [
            'state' => strtoupper($status->getState()),
            'url' => $status->getUrl(),
            'message' => $status->getMessage(),
            self::CLIENT_SECRET => $status->getClientSecret(),
        ];
    }
}
