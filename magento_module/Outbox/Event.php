<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

use Sidecar\Stripe\Publication\Happening;

/**
 * One event as it is written to the outbox.
 */
final class Event
{
    /**
     * @param string $id the CloudEvents id, a UUID
     * @param string $type the contract, for example `magento.order.placed.v1`
     * @param string $entityKey what it is about, for example `order/42`; events of one entity are published in order
     * @param string $body the finished message; of an event that could not be made, what it takes to make it
     * @param string|null $problem why it could not be made
     */
    private function __construct(
        public readonly string $id,
        public readonly string $type,
        public readonly string $entityKey,
        public readonly string $body,
        public readonly ?string $problem
    ) {
    }

    /** An event that is ready to be published. */
    public static function finished(string $id, string $type, string $entityKey, string $body): self
    {
        return new self($id, $type, $entityKey, $body, null);
    }

    /** An event that could not be made. Its body is what `remake` reads. */
    public static function unfinished(string $id, Happening $happening, string $problem): self
    {
        $body = json_encode(
            ['unfinished' => ['id' => $happening->id, 'context' => $happening->context]],
            JSON_THROW_ON_ERROR | JSON_INVALID_UTF8_SUBSTITUTE
        );
        return new self($id, $happening->type, $happening->entityKey, $body, $problem);
    }

    /**
     * What an unfinished event was to tell, or null for a finished one.
     */
    public static function unfinishedHappening(string $type, string $entityKey, string $body): ?Happening
    {
        $read = json_decode($body, true);
        $unfinished = is_array($read) ? $read['unfinished'] ?? null : null;
        return $unfinished === null
            ? null
            : new Happening($type, $unfinished['id'], $entityKey, $unfinished['context']);
    }
}
