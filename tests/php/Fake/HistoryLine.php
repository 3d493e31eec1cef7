<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

/**
 * A line of an order's history.
 */
final class HistoryLine
{
    public ?int $isCustomerNotified = 1;

    public function __construct(
        public readonly ?int $id,
        public ?string $comment,
        public readonly string|bool $status = false
    ) {
    }

    public function getEntityId(): ?int
    {
        return $this->id;
    }

    public function setComment(string $comment): void
    {
        $this->comment = $comment;
    }

    public function setIsCustomerNotified(int $flag): void
    {
        $this->isCustomerNotified = $flag;
    }
}
