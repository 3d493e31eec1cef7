<?php

declare(strict_types=1);

namespace Magento\Sales\Model\Order;

use Magento\Framework\Model\AbstractModel;

class Payment extends AbstractModel
{
    public function setTransactionId($transactionId)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setParentTransactionId($txnId)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setIsTransactionClosed($isClosed)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setAmountAuthorized($amountAuthorized)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setCcType($ccType)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setCcLast4($ccLast4)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getLastTransId()
    {
        throw new \LogicException('a fake gives it');
    }

    public function registerAuthorizationNotification($amount)
    {
        throw new \LogicException('a fake gives it');
    }

    public function registerCaptureNotification($amount, $skipFraudDetection = false)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setTransactionAdditionalInfo($key, $value)
    {
        throw new \LogicException('a fake gives it');
    }
}
