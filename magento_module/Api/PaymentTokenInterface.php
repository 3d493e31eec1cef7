<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * Gives shoppers the token that asks for the status of their own order's payment.
 *
 * @api
 */
interface PaymentTokenInterface
{
    /**
     * Of the order that a guest's cart became.
     *
     * @param string $maskedQuoteId
     * @return string
     * @throws \Magento\Framework\Exception\NoSuchEntityException
     */
    public function ofGuestCart(string $maskedQuoteId): string;

    /**
     * Of an order of a customer's own.
     *
     * @param int $customerId
     * @param int $orderId
     * @return string
     * @throws \Magento\Framework\Exception\NoSuchEntityException
     */
    public function ofCustomersOrder(int $customerId, int $orderId): string;
}
