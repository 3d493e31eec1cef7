<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Config;

/**
 * An order with its history, as far as the payment method's commands and observers meet it.
 */
final class StripeOrder extends Order
{
    public bool $canSendNewEmail = true;

    public StripePayment $payment;

    /** @var list<HistoryLine> */
    public array $history = [];

    /**
     * @param array<string, mixed> $data columns of `sales_order`
     */
    public function __construct(array $data = [])
    {
        parent::__construct($data + ['state' => self::STATE_PENDING_PAYMENT, 'store_id' => 3]);
    }

    public function setCanSendNewEmailFlag(bool $flag): void
    {
        $this->canSendNewEmail = $flag;
    }

    public function getCanSendNewEmailFlag(): bool
    {
        return $this->canSendNewEmail;
    }

    public function getState()
    {
        return $this->getData('state');
    }

    public function setState($state)
    {
        return $this->setData('state', $state);
    }

    public function getStoreId()
    {
        return $this->getData('store_id');
    }

    public function getPayment()
    {
        return $this->payment;
    }

    /**
     * @return list<HistoryLine>
     */
    public function getStatusHistories(): array
    {
        return $this->history;
    }

    public function formatPriceTxt(mixed $price): string
    {
        return "$$price";
    }

    public function addCommentToStatusHistory($comment, $status = false, $isVisibleOnFront = false)
    {
        $this->history[] = new HistoryLine(null, $comment, $status);
    }

    public function getConfig()
    {
        return new class extends Config {
            public function getStateDefaultStatus($state): ?string
            {
                return "default of $state";
            }
        };
    }
}
