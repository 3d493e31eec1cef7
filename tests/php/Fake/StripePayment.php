<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Payment\Gateway\Data\PaymentDataObjectInterface;
use Magento\Sales\Model\Order\Payment;

/**
 * The payment of an order, as far as the payment method's commands and observers meet it; also its own data object.
 */
final class StripePayment extends Payment implements PaymentDataObjectInterface
{
    public StripeOrder $order;
    public ?StripeCreditmemo $creditmemo = null;

    /** @var array<string, mixed> */
    public array $information = [];

    /**
     * @param array<string, mixed> $data columns of `sales_order_payment`
     */
    public function __construct(array $data = [])
    {
        parent::__construct($data + ['method' => 'sidecar_stripe']);
    }

    public function getPayment()
    {
        return $this;
    }

    public function getMethod(): string
    {
        return $this->getData('method');
    }

    public function getOrder(): StripeOrder
    {
        return $this->order;
    }

    public function getEntityId(): ?int
    {
        return $this->getData('entity_id');
    }

    public function getParentId(): ?int
    {
        return $this->getData('parent_id');
    }

    public function getTransactionId(): ?string
    {
        return $this->getData('transaction_id');
    }

    public function getCreditmemo(): ?StripeCreditmemo
    {
        return $this->creditmemo;
    }

    public function setSkipTransactionCreation(bool $skip): void
    {
        $this->setData('skip_transaction_creation', $skip);
    }

    public function setMessage(string|\Stringable $message): void
    {
        $this->setData('message', (string) $message);
    }

    public function getAdditionalInformation(?string $key = null): mixed
    {
        return $key === null ? $this->information : $this->information[$key] ?? null;
    }

    public function setAdditionalInformation(string $key, mixed $value): void
    {
        $this->information[$key] = $value;
    }

    public function unsAdditionalInformation(string $key): void
    {
        unset($this->information[$key]);
    }
}
