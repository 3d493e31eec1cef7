<?php

declare(strict_types=1);

namespace Magento\Sales\Model;

use Magento\Framework\Model\AbstractModel;
use Magento\Sales\Api\Data\OrderInterface;

class Order extends AbstractModel implements OrderInterface
{
    public const STATE_NEW = 'new';
    public const STATE_PENDING_PAYMENT = 'pending_payment';
    public const STATE_PROCESSING = 'processing';
    public const STATE_COMPLETE = 'complete';
    public const STATE_CLOSED = 'closed';
    public const STATE_CANCELED = 'canceled';
    public const STATE_HOLDED = 'holded';
    public const STATE_PAYMENT_REVIEW = 'payment_review';

    public function getEntityId()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getIncrementId()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getStoreId()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getStore()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getState()
    {
        throw new \LogicException('a fake gives it');
    }

    public function setState($state)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getStatus()
    {
        throw new \LogicException('a fake gives it');
    }

    public function setStatus($status)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getConfig()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getPayment()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getAllItems()
    {
        throw new \LogicException('a fake gives it');
    }

    public function hold()
    {
        throw new \LogicException('a fake gives it');
    }

    public function unhold()
    {
        throw new \LogicException('a fake gives it');
    }

    public function addCommentToStatusHistory($comment, $status = false, $isVisibleOnFront = false)
    {
        throw new \LogicException('a fake gives it');
    }

    public function getTotalDue()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseTotalDue()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getTotalPaid()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getTotalRefunded()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseTotalPaid()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseTotalRefunded()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseToOrderRate()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getShippingAmount()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseShippingAmount()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getBaseShippingInclTax()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getCustomerEmail()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getCustomerName()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getOrderCurrency()
    {
        throw new \LogicException('a fake gives it');
    }

    public function getEmailSent()
    {
        throw new \LogicException('a fake gives it');
    }
}
