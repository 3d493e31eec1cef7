<?php

/**
 * A relay in a process of its own, on the database and the broker of the test.
 *
 * Arguments: how it takes events in hand (`skip_locked` or `token`); how many at once; `die`, to be killed after the
 * broker has confirmed and before that is written down. It says how many events it published.
 */

declare(strict_types=1);

use Sidecar\Stripe\Relay\Claim;
use Sidecar\Stripe\Relay\ClaimBySkipLocked;
use Sidecar\Stripe\Relay\ClaimByToken;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Publisher;
use Sidecar\Stripe\Relay\Relay;
use Sidecar\Stripe\Tests\Relay\DyingPublisher;
use Sidecar\Stripe\Tests\Relay\Scene;

require dirname(__DIR__) . '/bootstrap.php';

[, $claim, $batch, $end] = $argv + [3 => ''];
$scene = new Scene();
$objects = $scene->objects();
$given = [Claim::class => $objects->get($claim === 'token' ? ClaimByToken::class : ClaimBySkipLocked::class)];
if ($end === 'die') {
    $given[Publisher::class] = new DyingPublisher($objects->get(Publisher::class));
}
$relay = $scene->objects([], $given)->get(Relay::class);
$published = 0;
// As the command does: what another relay has in hand is there again in a moment.
for ($idle = 0; $idle < 20; $idle++) {
    $report = $relay->run(Deadline::in(10.0), (int) $batch);
    if ($report->failure !== null) {
        fwrite(STDERR, $report->failure);
        exit(1);
    }
    if ($report->published > 0) {
        $published += $report->published;
        $idle = 0;
    }
    usleep(10_000);
}
$relay->close();
echo $published;
