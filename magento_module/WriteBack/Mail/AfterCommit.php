<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Mail;

use Magento\Sales\Model\Order;
use Magento\Sales\Model\ResourceModel\Order as OrderResource;
use Psr\Log\LoggerInterface;

/**
 * Sends mails once what they tell is committed, and not at all if it is rolled back.
 *
 * A mail that cannot be sent is logged; the write that it tells of stands. What is told is told at most once: a process
 * that dies between the commit and the mail sends none, and the repeat of its request finds everything written.
 */
final class AfterCommit
{
    public function __construct(
        private readonly OrderResource $resource,
        private readonly LoggerInterface $logger
    ) {
    }

    /**
     * @param callable(): mixed $send
     */
    public function send(Order $order, callable $send): void
    {
        $this->resource->addCommitCallback(function () use ($order, $send): void {
            try {
                $send();
            } catch (\Throwable $problem) {
                // Its message may name the shopper.
                $this->logger->error('sidecar: a mail about an order was not sent', [
                    'order_id' => (int) $order->getId(),
                    'problem' => get_class($problem),
                    'at' => basename($problem->getFile()) . ':' . $problem->getLine(),
                ]);
            }
        });
    }
}
