<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Outbox;

/**
 * What may have become of an event: `sidecar_outbox.state`.
 */
final class State
{
    /** It waits to be published. */
    public const PENDING = 'pending';

    /** The broker has confirmed it. */
    public const PUBLISHED = 'published';

    /** It cannot be published as it is; a person has to look. It holds back the later events of its entity. */
    public const PARKED = 'parked';
}
