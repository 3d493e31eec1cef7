<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Outbox\Event;
use Sidecar\Stripe\Outbox\Outbox;
use Sidecar\Stripe\Snapshot\CannotTell;
use Throwable;

/**
 * Writes events to the outbox. It is called inside the transaction of what happened.
 *
 * Magento saves some things in several steps: a customer's addresses one by one, each in a transaction of its own. An
 * `update` replaces what this process wrote of the same thing before, as long as nobody has taken that in hand, so that
 * one save is one event.
 */
final class Announcement
{
    /** How many things are remembered, so that an import of a million customers does not remember each. */
    private const REMEMBERED = 200;

    /** @var array<string, array{Event, Happening}> by entity, the last that this process wrote */
    private array $last = [];

    public function __construct(
        private readonly GeneralConfig $config,
        private readonly Outbox $outbox,
        private readonly Snapshots $snapshots,
        private readonly Envelope $envelope,
        private readonly LoggerInterface $logger
    ) {
    }

    /**
     * Say that something happened, once for each call.
     */
    public function of(Happening $happening): void
    {
        if (!$this->config->isEnabled()) {
            return;
        }
        $event = $this->made(EventId::next(), $happening);
        $this->outbox->append($event);
        $this->remember($event, $happening);
    }

    /**
     * Say that something changed; together with an earlier change of the same kind that was not published yet.
     */
    public function ofUpdate(Happening $happening): void
    {
        if (!$this->config->isEnabled()) {
            return;
        }
        [$earlier, $what] = $this->last[$happening->entityKey] ?? [null, null];
        if ($earlier !== null && $earlier->type === $happening->type) {
            $both = $happening->after($what);
            $event = $this->made($earlier->id, $both);
            if ($this->outbox->replace($event)) {
                $this->remember($event, $both);
                return;
            }
        }
        $event = $this->made(EventId::next(), $happening);
        $this->outbox->appendUnsettled($event);
        $this->remember($event, $happening);
    }

    /**
     * The event, finished; or, where it cannot be finished, what is needed to try again, for a person to see.
     *
     * An order must not fail because its event does. It is parked and can be made later: see
     * Sidecar\Stripe\Outbox\Replay.
     */
    public function made(string $id, Happening $happening): Event
    {
        try {
            $body = $this->envelope->around(
                $id,
                $happening,
                $this->snapshots->of($happening->type, $happening->id, $happening->context)
            );
            $problem = $this->config->isReady() ? null : 'this Magento has no instance name yet';
        } catch (Throwable $error) {
            $body = null;
            // The words of other errors may hold values.
            $problem = $error instanceof CannotTell ? $error->getMessage() : get_class($error);
        }
        if ($problem === null) {
            return Event::finished($id, $happening->type, $happening->entityKey, $body);
        }
        return Event::unfinished($id, $happening, $problem);
    }

    private function remember(Event $event, Happening $happening): void
    {
        if ($event->problem !== null) {
            $this->logger->error("sidecar: {$event->type} of {$event->entityKey} is parked: {$event->problem}");
        }
        unset($this->last[$happening->entityKey]);
        $this->last[$happening->entityKey] = [$event, $happening];
        if (count($this->last) > self::REMEMBERED) {
            unset($this->last[array_key_first($this->last)]);
        }
    }
}
