<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Command;

use Magento\Framework\Exception\LocalizedException;
use Magento\Payment\Gateway\CommandInterface;

/**
 * "Capture Online" in the admin, and any other capture that Magento starts: there is none.
 *
 * A reserved amount is captured in Stripe, by a person or by the sidecar's rules; the sidecar then records the capture
 * and makes the invoice. An invoice that came first would say that money was taken which was not.
 */
class RefuseCapture implements CommandInterface
{
    /**
     * @param array<string, mixed> $commandSubject
     * @throws LocalizedException always
     */
    public function execute(array $commandSubject): void
    {
        throw new LocalizedException(__(
            'This payment is captured in Stripe, not in Magento. Its invoice is made when Stripe has the money.'
        ));
    }
}
