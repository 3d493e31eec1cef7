<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * Events that never came, once more: the resource `/V1/sidecar/orders/{id}/republish`.
 *
 * @api
 */
interface RepublicationInterface
{
    /**
     * The order's events and those of its credit memos are published again: new events, of things as they are now.
     *
     * @param int $orderId
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     */
    public function republish($orderId);
}
