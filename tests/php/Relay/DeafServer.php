<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Relay;

/**
 * A port that takes connections and never says a word: what a firewall makes of a broker.
 */
final class DeafServer
{
    /** @var resource */
    private $socket;
    public readonly int $port;

    public function __construct()
    {
        $this->socket = stream_socket_server('tcp://127.0.0.1:0');
        $this->port = (int) substr(strrchr(stream_socket_get_name($this->socket, false), ':'), 1);
    }

    /** A port that nobody listens on. */
    public static function closedPort(): int
    {
        $server = new self();
        fclose($server->socket);
        return $server->port;
    }
}
