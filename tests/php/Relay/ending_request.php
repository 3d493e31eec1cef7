<?php

/**
 * A request that writes an event and ends. It says in which order things happen at its end.
 */

declare(strict_types=1);

use Psr\Log\LoggerInterface;
use Sidecar\Stripe\Relay\AfterResponse;
use Sidecar\Stripe\Tests\Relay\DeafServer;
use Sidecar\Stripe\Tests\Relay\Scene;
use Sidecar\Stripe\Tests\Relay\SpokenLog;

require dirname(__DIR__) . '/bootstrap.php';

$scene = new Scene();
$objects = $scene->objects(['port' => DeafServer::closedPort()], [LoggerInterface::class => new SpokenLog()]);
$wake = $objects->get(AfterResponse::class);
$wake->call();
$wake->call();
$scene->event('order/42');
register_shutdown_function(static function (): void {
    echo "the session is written\n";
});
echo "the answer is made\n";
