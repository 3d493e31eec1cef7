<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * How the payment of an order stands, for whoever holds the order's token.
 *
 * @api
 */
interface PaymentStatusInterface
{
    /**
     * Says how a payment stands; a headless front asks for the client secret too, to confirm with Stripe's own script.
     *
     * @param string $token
     * @param bool $clientSecret
     * @return \Sidecar\Stripe\Api\Data\PaymentStatusInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException
     */
    public function get(string $token, bool $clientSecret = false): Data\PaymentStatusInterface;
}
