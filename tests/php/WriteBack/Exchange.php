<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Exception\NoSuchEntityException;
use Sidecar\Stripe\Api\OrderWriteBackInterface;
use Sidecar\Stripe\Tests\Fake\PaperShop;
use Sidecar\Stripe\WriteBack\Body\Failure;
use Sidecar\Stripe\WriteBack\Body\Hold;
use Sidecar\Stripe\WriteBack\Body\Payment;
use Sidecar\Stripe\WriteBack\Body\PaymentLink;
use Sidecar\Stripe\WriteBack\Body\Reopen;

/**
 * A written exchange (tests/contracts/magento_rest) as Magento's REST plays it: the body becomes objects, null is left
 * out of the answer, and an exception becomes its status.
 */
final class Exchange
{
    /** By the last word of the address: the method, the name of the body's parameter, and its class. */
    private const RESOURCES = [
        'authorization' => ['authorize', 'payment', Payment::class],
        'capture' => ['capture', 'payment', Payment::class],
        'payment-failure' => ['recordPaymentFailure', 'failure', Failure::class],
        'payment-link' => ['showPaymentLink', 'link', PaymentLink::class],
        'hold' => ['hold', 'hold', Hold::class],
        'reopen' => ['reopen', 'reopen', Reopen::class],
    ];

    /**
     * @param array<string, mixed> $document
     */
    private function __construct(public readonly array $document)
    {
    }

    /**
     * All that are about the payment of an order and that the module's own code answers.
     *
     * @return array<string, self> by name
     */
    public static function all(): array
    {
        $found = [];
        foreach (glob(dirname(__DIR__, 2) . '/contracts/magento_rest/*.json') as $path) {
            $document = json_decode(file_get_contents($path), true, flags: JSON_THROW_ON_ERROR);
            $byMagento = ($document['credentials'] ?? '') === 'none' || ($document['request']['body'] ?? []) === [];
            if (str_contains($document['request']['path'], '/V1/sidecar/orders/') && !$byMagento) {
                $found[basename($path, '.json')] = new self($document);
            }
        }
        return $found;
    }

    /**
     * @return array{int, array<string, mixed>} status and body of the answer
     */
    public function play(PaperShop $shop, int $orderId): array
    {
        $request = $this->document['request'];
        $words = explode('/', $request['path']);
        [$method, $name, $class] = self::RESOURCES[end($words)];
        $id = (int) strtr($words[4], ['{order_id}' => (string) $orderId]);
        try {
            $body = self::body($class, $request['body'][$name]);
            $answer = $shop->get(OrderWriteBackInterface::class)->$method($id, $body);
            $shop->orders->committed();
        } catch (LocalizedException $problem) {
            $shop->orders->rolledBack();
            return [
                $problem instanceof NoSuchEntityException ? 404 : 400,
                array_filter(['message' => $problem->getRawMessage(), 'parameters' => $problem->getParameters()]),
            ];
        }
        return [200, array_filter([
            'outcome' => $answer->getOutcome(),
            'order_id' => $answer->getOrderId(),
            'state' => $answer->getState(),
            'status' => $answer->getStatus(),
            'invoice_id' => $answer->getInvoiceId(),
            'transaction_id' => $answer->getTransactionId(),
        ], static fn ($value): bool => $value !== null)];
    }

    /**
     * @template T of object
     * @param class-string<T> $class
     * @param array<string, mixed> $fields
     * @return T
     */
    public static function body(string $class, array $fields): object
    {
        $body = new $class();
        foreach ($fields as $field => $value) {
            $body->{'set' . str_replace('_', '', ucwords($field, '_'))}($value);
        }
        return $body;
    }
}
