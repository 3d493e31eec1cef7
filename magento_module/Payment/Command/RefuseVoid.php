<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Command;

use Magento\Framework\Exception\LocalizedException;
use Magento\Payment\Gateway\CommandInterface;

/**
 * "Void" without cancelling the order: no event of the outbox asks for that, so it must not look done.
 */
class RefuseVoid implements CommandInterface
{
    /**
     * @param array<string, mixed> $commandSubject
     * @throws LocalizedException always
     */
    public function execute(array $commandSubject): void
    {
        throw new LocalizedException(__('Cancel the order instead: then the sidecar releases the money at Stripe.'));
    }
}
