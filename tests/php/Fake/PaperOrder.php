<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Config;
use Magento\Sales\Model\Order\Status\History;

/**
 * An order with as much of Magento's own behaviour as the write-back of payments meets. tests/magento plays the same
 * exchanges against a real one.
 */
final class PaperOrder extends Order
{
    /** @var list<array{comment: string, status: string, notified: bool}> */
    public array $history = [];

    public PaperPayment $payment;

    /** @var array<string, mixed> as it was loaded or saved last */
    public array $original = [];

    public function getOrigData($key = null)
    {
        return $this->original[$key] ?? null;
    }

    public function getEntityId()
    {
        return $this->getId();
    }

    public function getIncrementId()
    {
        return $this->getData('increment_id');
    }

    public function getStoreId()
    {
        return $this->getData('store_id');
    }

    public function getStore()
    {
        return new PaperStore();
    }

    public function getState()
    {
        return $this->getData('state');
    }

    public function setState($state)
    {
        return $this->setData('state', $state);
    }

    public function getStatus()
    {
        return $this->getData('status');
    }

    public function setStatus($status)
    {
        return $this->setData('status', $status);
    }

    public function getConfig()
    {
        return new class extends Config {
            public function getStateDefaultStatus($state): ?string
            {
                return $state;
            }
        };
    }

    public function getPayment()
    {
        return $this->payment;
    }

    public function getAllItems()
    {
        return [];
    }

    public function hold()
    {
        $holdable = [self::STATE_NEW, self::STATE_PENDING_PAYMENT, self::STATE_PROCESSING];
        if (!in_array($this->getState(), $holdable, true)) {
            throw new LocalizedException(new Phrase('A hold action is not available.'));
        }
        $this->setData('hold_before_state', $this->getState());
        $this->setData('hold_before_status', $this->getStatus());
        return $this->setState(self::STATE_HOLDED)->setStatus(self::STATE_HOLDED);
    }

    public function unhold()
    {
        if ($this->getState() !== self::STATE_HOLDED) {
            throw new LocalizedException(new Phrase('You cannot remove the hold.'));
        }
        $this->setState($this->getData('hold_before_state'))->setStatus($this->getData('hold_before_status'));
        $this->setData('hold_before_state', null);
        return $this->setData('hold_before_status', null);
    }

    public function addCommentToStatusHistory($comment, $status = false, $isVisibleOnFront = false)
    {
        $place = count($this->history);
        $this->history[] = ['comment' => (string) $comment, 'status' => $this->getStatus(), 'notified' => false];
        return new class ($this, $place) extends History {
            public function __construct(private readonly PaperOrder $order, private readonly int $place)
            {
            }

            public function setIsCustomerNotified($flag = null)
            {
                $this->order->history[$this->place]['notified'] = $flag;
                return $this;
            }
        };
    }

    public function getTotalDue()
    {
        return round((float) $this->getData('grand_total') - (float) $this->getData('total_paid'), 2);
    }

    public function getBaseTotalDue()
    {
        return round((float) $this->getData('base_grand_total') - (float) $this->getData('base_total_paid'), 2);
    }

    public function getCustomerEmail()
    {
        return $this->getData('customer_email');
    }

    public function getCustomerName()
    {
        return 'Ada Byron';
    }

    public function getOrderCurrency()
    {
        return new class extends \Magento\Directory\Model\Currency {
            public function formatTxt($price, $options = [])
            {
                return '$' . number_format($price, 2);
            }
        };
    }

    public function getEmailSent()
    {
        return null;
    }
}
