<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order\Email\Sender;

use Magento\Sales\Model\Order\Invoice;

class InvoiceSender
{
    public function send(Invoice $invoice, $forceSyncMode = false)
    {
        throw new \LogicException('a fake gives it');
    }
}
