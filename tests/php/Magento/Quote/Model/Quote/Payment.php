<?php

declare(strict_types=1);

namespace Magento\Quote\Model\Quote;

use Magento\Payment\Model\Info;

class Payment extends Info
{
    public function getQuote()
    {
        throw new \LogicException('a fake gives it');
    }
}
