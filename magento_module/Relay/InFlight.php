<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Relay;

use PhpAmqpLib\Message\AMQPMessage;

/**
 * Messages that were sent, and what the broker has said of them so far.
 *
 * A message that no queue takes is returned first and confirmed then; only the two together tell.
 */
final class InFlight
{
    private const UNROUTABLE = 'no queue takes it: run `sidecar topology apply`';
    private const NACKED = 'the broker did not accept it';

    /** @var array<string, int> place in the outbox, by message id, of those that nothing was said of */
    private array $unknown = [];

    /** @var array<string, true> */
    private array $returned = [];

    /** @var list<int> */
    private array $confirmed = [];

    /** @var array<int, string> */
    private array $refused = [];

    /**
     * @param array<int, AMQPMessage> $messages by place in the outbox
     */
    public function __construct(private readonly array $messages)
    {
        foreach ($messages as $id => $message) {
            $this->unknown[$message->get('message_id')] = $id;
        }
    }

    /**
     * @return list<AMQPMessage>
     */
    public function messages(): array
    {
        return array_values($this->messages);
    }

    public function isOver(): bool
    {
        return $this->unknown === [];
    }

    public function isUnknown(int $id): bool
    {
        return in_array($id, $this->unknown, true);
    }

    public function confirmed(AMQPMessage $message): void
    {
        $id = $this->take($message);
        if (isset($this->returned[$message->get('message_id')])) {
            $this->refused[$id] = self::UNROUTABLE;
        } else {
            $this->confirmed[] = $id;
        }
    }

    public function nacked(AMQPMessage $message): void
    {
        $this->refused[$this->take($message)] = self::NACKED;
    }

    public function returned(int $code, string $text, string $exchange, string $key, AMQPMessage $message): void
    {
        $this->returned[$message->get('message_id')] = true;
    }

    /**
     * @param array<int, string> $unfit what was not sent, and why
     */
    public function delivery(array $unfit, ?string $failure): Delivery
    {
        return new Delivery($this->confirmed, $this->refused, $unfit, $failure);
    }

    private function take(AMQPMessage $message): int
    {
        $messageId = $message->get('message_id');
        $id = $this->unknown[$messageId];
        unset($this->unknown[$messageId]);
        return $id;
    }
}
