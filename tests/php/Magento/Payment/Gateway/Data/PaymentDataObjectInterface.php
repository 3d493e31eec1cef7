<?php

declare(strict_types=1);

namespace Magento\Payment\Gateway\Data;

interface PaymentDataObjectInterface
{
    public function getPayment();
}
