<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order;

use Magento\Framework\Model\AbstractModel;
use Magento\Sales\Api\Data\CreditmemoInterface;

class Creditmemo extends AbstractModel implements CreditmemoInterface
{
    public const STATE_OPEN = 1;
    public const STATE_REFUNDED = 2;
    public const STATE_CANCELED = 3;

    public function getState()
    {
        throw new \LogicException('a fake gives it');
    }

    public function setState($state)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getGrandTotal()
    {
        throw new \LogicException('a fake gives it');
    }

    public function setTransactionId($transactionId)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getOrder()
    {
        throw new \LogicException('a fake gives it');
    }
}
