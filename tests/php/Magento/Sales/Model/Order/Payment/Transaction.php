<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order\Payment;

use Magento\Framework\Model\AbstractModel;

class Transaction extends AbstractModel
{
    public const RAW_DETAILS = 'raw_details_info';
    public const TYPE_CAPTURE = 'capture';
    public const TYPE_REFUND = 'refund';
}
