<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Sales\Model\Order\Invoice;

/**
 * An invoice in the making, as far as the payment method meets it.
 */
final class StripeInvoice extends Invoice
{
    public function __construct(public readonly StripeOrder $order, private readonly ?string $captureCase)
    {
        parent::__construct();
    }

    public function getOrder()
    {
        return $this->order;
    }

    public function getRequestedCaptureCase(): ?string
    {
        return $this->captureCase;
    }
}
