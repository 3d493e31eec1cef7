<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use Magento\Framework\App\ResourceConnection;
use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Outbox\Unsettled;
use Sidecar\Stripe\Outbox\Wake;
use Throwable;

/**
 * Publishes a request's events when the request is over: everything is committed or rolled back by then, and under
 * PHP-FPM the shopper has the answer already. Elsewhere it costs the budget of `sidecar_stripe/relay` at most.
 *
 * What it does not manage is published by cron or by `bin/magento sidecar:outbox:relay`.
 */
final class AfterResponse implements Wake
{
    private const SERVERS_WAYS_TO_FINISH = [
        'fastcgi_finish_request',
        'litespeed_finish_request',
        'frankenphp_finish_request',
    ];

    private bool $isPlanned = false;

    public function __construct(
        private readonly RelayConfig $config,
        private readonly ResourceConnection $resource,
        private readonly Unsettled $unsettled,
        private readonly Breaker $breaker,
        private readonly Relay $relay,
        private readonly LoggerInterface $logger
    ) {
    }

    public function call(): void
    {
        if ($this->isPlanned) {
            return;
        }
        $this->isPlanned = true;
        // Twice, to come after what Magento has registered: the session has to be written before the answer is ended,
        // or the shopper's next request waits for it.
        register_shutdown_function(fn () => register_shutdown_function([$this, 'run']));
    }

    /**
     * Nothing is thrown from here: the request is over.
     */
    public function run(): void
    {
        try {
            $this->finishResponse();
            if ($this->resource->getConnection()->getTransactionLevel() > 0) {
                return; // the request died, and its transaction with it
            }
            $this->unsettled->settle();
            $budget = $this->config->afterCommitBudgetMs();
            if ($budget === 0 || !$this->breaker->letsTry()) {
                return;
            }
            $report = $this->relay->run(Deadline::in($budget / 1000), $this->config->batch());
            $this->relay->close();
            if ($report->failure !== null) {
                $this->logger->warning("sidecar: events wait in the outbox: {$report->failure}");
            }
        } catch (Throwable $error) {
            $this->logger->warning('sidecar: events wait in the outbox: ' . get_class($error));
        }
    }

    private function finishResponse(): void
    {
        if (session_status() === PHP_SESSION_ACTIVE) {
            session_write_close();
        }
        foreach (self::SERVERS_WAYS_TO_FINISH as $finish) {
            if (function_exists($finish)) {
                $finish();
                return;
            }
        }
    }
}
