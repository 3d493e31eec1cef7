<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * Empties the outbox: takes events in hand, publishes them, and marks those that the broker has confirmed.
 *
 * A relay that dies between the confirm and the mark publishes its events twice; none is lost.
 */
final class Relay
{
    /** Seconds for which events are in hand beyond the time that the relay has. */
    private const SLACK = 30;

    public function __construct(
        private readonly Claim $claim,
        private readonly Publisher $publisher,
        private readonly Progress $progress,
        private readonly Breaker $breaker
    ) {
    }

    /**
     * Publish what is due, until nothing is, the time is over, or the broker is away.
     *
     * @param int $batch how many to have in hand at once
     * @param int $limit how many at most
     */
    public function run(Deadline $deadline, int $batch, int $limit = PHP_INT_MAX): Report
    {
        $report = new Report();
        while (!$deadline->isOver() && $report->handled() < $limit) {
            $events = $this->claim->next(
                min($batch, $limit - $report->handled()),
                (int) ceil($deadline->left()) + self::SLACK
            );
            if ($events === []) {
                break;
            }
            $delivery = $this->publisher->publish($events, $deadline);
            $this->settle($events, $delivery);
            $report = $report->with($delivery);
            if ($delivery->failure !== null) {
                $this->breaker->failed($delivery->failure);
                break;
            }
            $this->breaker->succeeded();
        }
        return $report;
    }

    /**
     * Hang up.
     */
    public function close(): void
    {
        $this->publisher->close();
    }

    /**
     * @param list<Claimed> $events
     */
    private function settle(array $events, Delivery $delivery): void
    {
        $this->progress->published($delivery->confirmed);
        $unknown = [];
        foreach ($events as $event) {
            if (isset($delivery->unfit[$event->id])) {
                $this->progress->parked($event->id, $delivery->unfit[$event->id]);
            } elseif (isset($delivery->refused[$event->id])) {
                $this->progress->refused($event, $delivery->refused[$event->id]);
            } elseif (!in_array($event->id, $delivery->confirmed, true)) {
                $unknown[] = $event->id;
            }
        }
        $this->progress->released($unknown);
    }
}
