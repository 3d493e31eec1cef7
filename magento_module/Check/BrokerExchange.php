<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Check;

use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use Sidecar\Stripe\Config\BrokerConfig;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Relay\Deadline;
use Sidecar\Stripe\Relay\Line;
use Throwable;

/**
 * The broker answers, lets us in, and has the exchange that events go to.
 */
final class BrokerExchange implements Check
{
    private const PATIENCE = 5.0;

    public function __construct(
        private readonly BrokerConfig $config,
        private readonly Line $line
    ) {
    }

    public function name(): string
    {
        return 'broker';
    }

    public function look(): Finding
    {
        $where = sprintf('%s:%d%s', $this->config->host(), $this->config->port(), $this->config->virtualHost());
        [$name] = EventType::address(EventType::ORDER_PLACED);
        $exchange = $this->config->exchangePrefix() . $name;
        try {
            $this->line->channel(Deadline::in(self::PATIENCE))->exchange_declare($exchange, 'topic', true);
            $this->line->close();
        } catch (AMQPProtocolChannelException $problem) {
            $this->line->close();
            return Finding::wrong("$where has no exchange $exchange", 'run `sidecar topology apply`');
        } catch (Throwable $problem) {
            $this->line->drop();
            return Finding::wrong(
                "$where: " . trim(preg_replace('/\s+/', ' ', $problem->getMessage())),
                'check queue/amqp of app/etc/env.php, or sidecar_stripe/broker where that is used'
            );
        }
        return Finding::well("$where has $exchange");
    }
}
