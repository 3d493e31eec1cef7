<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * Refunds, whichever side made them: `/V1/sidecar/refunds` and `/V1/sidecar/creditmemos/{id}/refund`.
 *
 * A refund in Stripe and a credit memo are linked one to one, durably; docs/magento-rest.md has the rules.
 *
 * @api
 */
interface RefundWriteBackInterface
{
    /**
     * Money went back in Stripe: a credit memo is made for it, offline, since it is already done.
     *
     * @param \Sidecar\Stripe\Api\Data\RefundInterface $refund
     * @return \Sidecar\Stripe\Api\Data\RefundAnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function refund(\Sidecar\Stripe\Api\Data\RefundInterface $refund);

    /**
     * What became of a credit memo's money: its refund waits, came through, or failed.
     *
     * @param int $creditmemoId
     * @param \Sidecar\Stripe\Api\Data\CreditmemoRefundInterface $refund
     * @return \Sidecar\Stripe\Api\Data\RefundAnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such credit memo
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function recordResult($creditmemoId, \Sidecar\Stripe\Api\Data\CreditmemoRefundInterface $refund);
}
