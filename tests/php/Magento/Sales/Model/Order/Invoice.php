<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order;

use Magento\Framework\Model\AbstractModel;

class Invoice extends AbstractModel
{
    public const CAPTURE_ONLINE = 'online';
    public const CAPTURE_OFFLINE = 'offline';
    public const NOT_CAPTURE = 'not_capture';

    public function getOrder()
    {
        throw new \LogicException('a fake gives it');
    }
}
