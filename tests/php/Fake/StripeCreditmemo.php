<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Sales\Model\Order\Creditmemo;

/**
 * A credit memo, as far as the payment method meets it.
 */
final class StripeCreditmemo extends Creditmemo
{
    public StripeOrder $order;

    public function getState()
    {
        return $this->getData('state');
    }

    public function setState($state)
    {
        return $this->setData('state', $state);
    }

    public function getGrandTotal()
    {
        return $this->getData('grand_total');
    }

    public function setTransactionId($transactionId)
    {
        return $this->setData('transaction_id', $transactionId);
    }

    public function getOrder()
    {
        return $this->order;
    }
}
