<?php

declare(strict_types=1);

namespace Magento\Quote\Api\Data;

interface PaymentInterface
{
    public const KEY_ADDITIONAL_DATA = 'additional_data';
}
