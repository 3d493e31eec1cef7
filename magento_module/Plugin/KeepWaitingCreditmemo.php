<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Magento\Sales\Model\Order\Creditmemo;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * A saved memo that is open waits for its refund. For Magento it is one that may still be refunded or cancelled:
 * the buttons of its page lead nowhere, and to register it again would count its amounts twice.
 */
class KeepWaitingCreditmemo
{
    public function afterCanRefund(Creditmemo $creditmemo, bool $result): bool
    {
        return $result && !$this->waits($creditmemo);
    }

    public function afterCanCancel(Creditmemo $creditmemo, bool $result): bool
    {
        return $result && !$this->waits($creditmemo);
    }

    private function waits(Creditmemo $creditmemo): bool
    {
        return $creditmemo->getId()
            && (int) $creditmemo->getState() === Creditmemo::STATE_OPEN
            && $creditmemo->getOrder()->getPayment()->getMethod() === PaymentConfig::CODE;
    }
}
