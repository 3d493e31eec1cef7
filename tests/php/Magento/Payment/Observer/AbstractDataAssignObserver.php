<?php

declare(strict_types=1);

namespace Magento\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;

abstract class AbstractDataAssignObserver implements ObserverInterface
{
    public const METHOD_CODE = 'method';
    public const DATA_CODE = 'data';
    public const MODEL_CODE = 'payment_model';

    protected function readPaymentModelArgument(Observer $observer)
    {
        return $observer->getData(self::MODEL_CODE);
    }

    protected function readDataArgument(Observer $observer)
    {
        return $observer->getData(self::DATA_CODE);
    }
}
