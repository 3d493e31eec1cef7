<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;

/**
 * The group `sidecar_stripe/relay`: how the outbox is emptied. One value for the whole installation.
 */
final class RelayConfig
{
    private const GROUP = 'sidecar_stripe/relay/';

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    /**
     * How long a shopper's request may take at most to publish its own events after its commit, in milliseconds.
     *
     * 0: it does not try, and the command or cron publishes them.
     */
    public function afterCommitBudgetMs(): int
    {
        return max(0, $this->number('after_commit_budget_ms'));
    }

    /**
     * After how many days a published event is deleted from the outbox; 0: it is kept for ever.
     */
    public function pruneAfterDays(): int
    {
        return max(0, $this->number('prune_days'));
    }

    /**
     * How many events the relay takes in hand at once; 1 at least.
     */
    public function batch(): int
    {
        return max(1, $this->number('batch'));
    }

    private function number(string $field): int
    {
        return (int) $this->scopeConfig->getValue(self::GROUP . $field);
    }
}
