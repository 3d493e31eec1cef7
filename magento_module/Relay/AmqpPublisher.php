<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use PhpAmqpLib\Exception\AMQPProtocolChannelException;
use PhpAmqpLib\Exception\AMQPTimeoutException;
use PhpAmqpLib\Message\AMQPMessage;
use PhpAmqpLib\Wire\AMQPTable;
use Sidecar\Stripe\Config\BrokerConfig;
use Sidecar\Stripe\Publication\EventType;
use Throwable;

/**
 * Publishes on RabbitMQ: persistent, with the broker's confirm, and `mandatory`, so that a message that no queue takes
 * comes back instead of vanishing (rabbitmq.com/docs/publishers).
 *
 * Many are sent before the first confirm is waited for.
 */
final class AmqpPublisher implements Publisher
{
    private const CONTENT_TYPE = 'application/cloudevents+json';

    /** Messages that are sent with one write. */
    private const WRITE = 50;

    /** Seconds; to the library 0 means without an end. */
    private const BLINK = 0.005;

    private const NOT_FOUND = 404;
    private const PRECONDITION_FAILED = 406;
    private const APPLY_TOPOLOGY = 'run `sidecar topology apply`';

    public function __construct(
        private readonly Line $line,
        private readonly BrokerConfig $config
    ) {
    }

    public function publish(array $events, Deadline $deadline): Delivery
    {
        $unfit = [];
        $messages = [];
        foreach ($events as $event) {
            $message = $this->message($event);
            if ($message === null) {
                $unfit[$event->id] = 'the body is no message';
            } else {
                $messages[$event->id] = $message;
            }
        }
        if ($messages === []) {
            return new Delivery([], [], $unfit, null);
        }
        $inFlight = new InFlight($messages);
        try {
            $this->send($inFlight, $deadline);
        } catch (AMQPProtocolChannelException $problem) {
            $this->line->forgetChannel();
            return $this->afterRefusal($problem, $inFlight, $events, $unfit, $deadline);
        } catch (AMQPTimeoutException) {
            $this->line->drop();
            return $inFlight->delivery($unfit, 'the broker did not answer in time');
        } catch (Throwable $problem) {
            $this->line->drop();
            return $inFlight->delivery($unfit, $this->said($problem));
        }
        return $inFlight->delivery($unfit, null);
    }

    public function close(): void
    {
        $this->line->close();
    }

    private function send(InFlight $inFlight, Deadline $deadline): void
    {
        $channel = $this->line->channel($deadline);
        $channel->set_ack_handler([$inFlight, 'confirmed']);
        $channel->set_nack_handler([$inFlight, 'nacked']);
        $channel->set_return_listener([$inFlight, 'returned']);
        foreach (array_chunk($inFlight->messages(), self::WRITE) as $messages) {
            foreach ($messages as $message) {
                [$exchange, $key] = EventType::address($message->get('type'));
                $channel->batch_basic_publish($message, $this->config->exchangePrefix() . $exchange, $key, true);
            }
            $channel->publish_batch();
        }
        while (!$inFlight->isOver()) {
            if ($deadline->isOver()) {
                throw new AMQPTimeoutException('no confirm');
            }
            $channel->wait(null, false, max(self::BLINK, $deadline->left()));
        }
    }

    /**
     * The broker closed the channel: for a missing exchange, or for one of the messages. Which one it was is found out
     * by sending them one at a time.
     *
     * @param list<Claimed> $events
     * @param array<int, string> $unfit
     */
    private function afterRefusal(
        AMQPProtocolChannelException $problem,
        InFlight $inFlight,
        array $events,
        array $unfit,
        Deadline $deadline
    ): Delivery {
        if ($problem->amqp_reply_code === self::NOT_FOUND) {
            return $inFlight->delivery($unfit, $this->said($problem) . '; ' . self::APPLY_TOPOLOGY);
        }
        if ($problem->amqp_reply_code !== self::PRECONDITION_FAILED) {
            return $inFlight->delivery($unfit, $this->said($problem));
        }
        $left = array_values(array_filter(
            $events,
            static fn (Claimed $event): bool => $inFlight->isUnknown($event->id)
        ));
        if (count($left) === 1) {
            return $inFlight->delivery($unfit + [$left[0]->id => $this->said($problem)], null);
        }
        $delivery = $inFlight->delivery($unfit, null);
        foreach ($left as $event) {
            $delivery = $delivery->with($this->publish([$event], $deadline));
            if ($delivery->failure !== null) {
                break;
            }
        }
        return $delivery;
    }

    private function message(Claimed $event): ?AMQPMessage
    {
        $envelope = json_decode($event->body, true);
        if (
            !is_array($envelope)
            || ($envelope['id'] ?? null) !== $event->eventId
            || ($envelope['type'] ?? null) !== $event->type
            || !is_array($envelope['data'] ?? null)
        ) {
            return null;
        }
        $trace = $envelope['traceparent'] ?? null;
        return new AMQPMessage($event->body, [
            'content_type' => self::CONTENT_TYPE,
            'delivery_mode' => AMQPMessage::DELIVERY_MODE_PERSISTENT,
            'message_id' => $event->eventId,
            'type' => $event->type,
            'application_headers' => new AMQPTable(is_string($trace) ? ['traceparent' => $trace] : []),
        ]);
    }

    /**
     * What went wrong, in the broker's or the system's words. Neither repeats a password.
     */
    private function said(Throwable $problem): string
    {
        return trim(preg_replace('/\s+/', ' ', $problem->getMessage())) ?: get_class($problem);
    }
}
