<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Snapshot\Times;

/**
 * The CloudEvents envelope in structured mode (`schemas/envelope.py`).
 *
 * It is plain ASCII: Magento's connection speaks three-byte UTF-8 (`SET NAMES utf8`), which a name with a character
 * beyond that would not survive.
 */
final class Envelope
{
    public function __construct(
        private readonly GeneralConfig $config,
        private readonly Trace $trace
    ) {
    }

    /**
     * The message's body.
     *
     * @param array<string, mixed> $data
     */
    public function around(string $eventId, Happening $happening, array $data): string
    {
        $instance = $this->config->instance();
        return json_encode([
            'specversion' => '1.0',
            'id' => $eventId,
            'source' => "/magento/$instance",
            'type' => $happening->type,
            'subject' => $happening->entityKey,
            'time' => Times::now(),
            'datacontenttype' => 'application/json',
            'traceparent' => $this->trace->parent(),
            'data' => ['instance' => $instance] + $data,
        ], JSON_THROW_ON_ERROR | JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
    }
}
