<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order\Email\Sender;

use Magento\Sales\Model\Order;

class OrderSender
{
    public function send(Order $order, $forceSyncMode = false)
    {
        throw new \LogicException('a fake gives it');
    }
}
