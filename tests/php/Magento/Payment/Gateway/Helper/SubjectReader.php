<?php

declare(strict_types=1);

namespace Magento\Payment\Gateway\Helper;

class SubjectReader
{
    public static function readPayment(array $subject)
    {
        return $subject['payment'];
    }

    public static function readStateObject(array $subject)
    {
        return $subject['stateObject'];
    }
}
