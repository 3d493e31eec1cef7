<?php

declare(strict_types=1);

namespace Sidecar\Stripe\GraphQl;

use Magento\QuoteGraphQl\Model\Cart\Payment\AdditionalDataProviderInterface;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Hands the input `sidecar_stripe` of a payment method on, as REST's `additional_data`.
 */
class AdditionalDataProvider implements AdditionalDataProviderInterface
{
    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    public function getData(array $data): array
    {
        return (array) ($data[PaymentConfig::CODE] ?? []);
    }
}
