<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

/**
 * One thing that has to be right for events to arrive and payments to come back.
 */
interface Check
{
    /** What is looked at, in a word or two. */
    public function name(): string;

    /** Look at it. Nothing is changed. */
    public function look(): Finding;
}
