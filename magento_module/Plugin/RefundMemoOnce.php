<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Api\CreditmemoManagementInterface;
use Magento\Sales\Api\Data\CreditmemoInterface;
use Magento\Sales\Model\Order\Creditmemo;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * A saved memo is not registered a second time: Magento lets an open one through, and ours stay open while they wait.
 */
class RefundMemoOnce
{
    /**
     * @throws LocalizedException the memo is there already
     */
    public function beforeRefund(CreditmemoManagementInterface $subject, CreditmemoInterface $creditmemo): void
    {
        if (
            $creditmemo instanceof Creditmemo
            && $creditmemo->getId()
            && $creditmemo->getOrder()->getPayment()->getMethod() === PaymentConfig::CODE
        ) {
            throw new LocalizedException(__('This credit memo waits for its refund at Stripe already.'));
        }
    }
}
