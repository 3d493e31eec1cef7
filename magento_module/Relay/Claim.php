<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

/**
 * Takes events in hand, so that of any number of relays one publishes them.
 *
 * Of each entity there is at most one event in hand, its oldest that is not published: a later one cannot overtake an
 * earlier one that fails. A parked event therefore holds back those after it.
 */
interface Claim
{
    /**
     * The oldest events that are due, in their order; nothing if there are none, or if others have them.
     *
     * @param int $leaseSeconds for how long they are this relay's; then others may take them, because it must have died
     * @return list<Claimed>
     */
    public function next(int $limit, int $leaseSeconds): array;
}
