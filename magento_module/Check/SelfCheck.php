<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use Throwable;

/**
 * All checks, one after the other: `bin/magento sidecar:check`, and the button among the settings.
 */
class SelfCheck
{
    /**
     * @param Check[] $checks in the order in which they are shown
     */
    public function __construct(private readonly array $checks)
    {
    }

    /**
     * Look at everything. Nothing is changed.
     *
     * @return array<string, Finding> by the name of the check
     */
    public function run(): array
    {
        $findings = [];
        foreach ($this->checks as $check) {
            $findings[$check->name()] = $this->look($check);
        }
        return $findings;
    }

    private function look(Check $check): Finding
    {
        try {
            return $check->look();
        } catch (Throwable $problem) {
            return Finding::wrong(get_class($problem), 'the check itself failed; see the database and var/log');
        }
    }
}
