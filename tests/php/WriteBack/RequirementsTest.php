<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Framework\Exception\InputException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Body\CreditmemoRefund;
use Sidecar\Stripe\WriteBack\Body\Failure;
use Sidecar\Stripe\WriteBack\Body\Hold;
use Sidecar\Stripe\WriteBack\Body\Payment;
use Sidecar\Stripe\WriteBack\Body\PaymentLink;
use Sidecar\Stripe\WriteBack\Body\Refund;
use Sidecar\Stripe\WriteBack\Body\RefundItem;
use Sidecar\Stripe\WriteBack\Body\Reopen;
use Sidecar\Stripe\WriteBack\Requirements;

final class RequirementsTest extends TestCase
{
    private const BODIES = [
        'payment' => [Payment::class, 'payment', [
            'account' => 'main',
            'mode' => 'test',
            'payment_intent_id' => 'pi_1',
            'amount' => '87.48',
            'currency' => 'USD',
        ]],
        'failure' => [Failure::class, 'failure', [
            'payment_intent_id' => 'pi_1',
            'failure_id' => 'ch_1',
            'code' => 'card_declined',
            'message' => 'The card was declined.',
            'retryable' => true,
            'notify_shopper' => false,
        ]],
        'link' => [PaymentLink::class, 'link', ['reason' => 'unpaid', 'notify_shopper' => false]],
        'hold' => [Hold::class, 'hold', [
            'payment_intent_id' => 'pi_1',
            'reason' => 'amount_mismatch',
            'message' => 'Stripe received 1.00 USD.',
        ]],
        'reopen' => [Reopen::class, 'reopen', ['payment_intent_id' => 'pi_1', 'reason' => 'A payment landed.']],
        'refund' => [Refund::class, 'refund', [
            'account' => 'main',
            'mode' => 'live',
            'payment_intent_id' => 'pi_1',
            'refund_id' => 're_1',
            'order_id' => 42,
            'amount' => '1.23',
            'currency' => 'EUR',
            'status' => 'succeeded',
            'lines' => 'whole',
        ]],
        'creditmemo refund' => [CreditmemoRefund::class, 'creditmemoRefund', [
            'account' => 'main',
            'mode' => 'live',
            'refund_id' => 're_1',
            'amount' => '1.23',
            'currency' => 'EUR',
            'status' => 'failed',
            'code' => 'lost_or_stolen_card',
            'message' => 'The card was reported lost or stolen.',
        ]],
    ];

    /**
     * @return array<string, array{string}>
     */
    public static function bodies(): array
    {
        return array_map(static fn (string $name): array => [$name], array_combine(
            array_keys(self::BODIES),
            array_keys(self::BODIES)
        ));
    }

    /**
     * @dataProvider bodies
     */
    public function testTheLeastIsEnough(string $name): void
    {
        self::assertNull($this->problem($name, []));
    }

    /**
     * @dataProvider bodies
     */
    public function testOfTheLeastNothingMayBeMissing(string $name): void
    {
        foreach (array_keys(self::BODIES[$name][2]) as $field) {
            $problem = $this->problem($name, [$field => null]);
            self::assertSame('"%fieldName" is required. Enter and try again.', $problem?->getRawMessage(), $field);
            self::assertStringEndsWith(".$field", $problem->getParameters()['fieldName']);
        }
    }

    /**
     * @return array<string, array{string, array<string, mixed>, string}> body, what differs, the field that is refused
     */
    public static function wrong(): array
    {
        return [
            'another mode' => ['payment', ['mode' => 'sandbox'], 'payment.mode'],
            'an amount with a comma' => ['payment', ['amount' => '87,48'], 'payment.amount'],
            'no amount at all' => ['payment', ['amount' => '0.00'], 'payment.amount'],
            'a negative amount' => ['payment', ['amount' => '-1'], 'payment.amount'],
            'a currency in small letters' => ['payment', ['currency' => 'usd'], 'payment.currency'],
            'an id that is too long' => ['payment', ['charge_id' => str_repeat('c', 256)], 'payment.charge_id'],
            'an id over two lines' => ['payment', ['charge_id' => "ch_1\n"], 'payment.charge_id'],
            'an unknown reason of a link' => ['link', ['reason' => 'because'], 'link.reason'],
            'a script for an address' => ['link', ['url' => 'javascript:alert(1)'], 'link.url'],
            'an address with markup' => ['link', ['url' => 'https://x.example/"><script>'], 'link.url'],
            'a time without an offset' => ['link', ['expires_at' => '2026-11-24T12:00:00'], 'link.expires_at'],
            'an unknown reason of a hold' => ['hold', ['reason' => 'bad_feeling'], 'hold.reason'],
            'a refund that failed' => ['refund', ['status' => 'failed'], 'refund.status'],
            'unknown lines' => ['refund', ['lines' => 'some'], 'refund.lines'],
            'no order' => ['refund', ['order_id' => 0], 'refund.order_id'],
            'shipping that is no amount' => [
                'refund',
                ['lines' => 'items', 'items' => [['order_item_id' => 1, 'qty' => '1']], 'shipping_amount' => '-1'],
                'refund.shipping_amount',
            ],
            'none of an item' => [
                'refund',
                ['lines' => 'items', 'items' => [['order_item_id' => 1, 'qty' => '0']]],
                'refund.items.0.qty',
            ],
            'an item without its id' => [
                'refund',
                ['lines' => 'items', 'items' => [['order_item_id' => 1, 'qty' => '1'], ['qty' => '1']]],
                'refund.items.1.order_item_id',
            ],
            'no items' => ['refund', ['lines' => 'items', 'items' => []], 'refund.items'],
            'items that are not given' => ['refund', ['lines' => 'items'], 'refund.items'],
            'an unknown status' => ['creditmemo refund', ['status' => 'lost'], 'refund.status'],
            'refused without a code' => [
                'creditmemo refund',
                ['status' => 'refused', 'refund_id' => null, 'code' => null],
                'refund.code',
            ],
        ];
    }

    /**
     * @dataProvider wrong
     * @param array<string, mixed> $differs
     */
    public function testAFieldThatIsWrongIsNamed(string $name, array $differs, string $field): void
    {
        self::assertSame($field, $this->problem($name, $differs)?->getParameters()['fieldName'] ?? null);
    }

    /**
     * @return array<string, array{string, array<string, mixed>}>
     */
    public static function right(): array
    {
        return [
            'a refund of items' => [
                'refund',
                [
                    'lines' => 'items',
                    'items' => [['order_item_id' => 1, 'qty' => '1.5']],
                    'shipping_amount' => '0',
                    'back_to_stock' => true,
                ],
            ],
            'what Stripe refused has no id' => [
                'creditmemo refund',
                ['status' => 'refused', 'refund_id' => null, 'code' => 'charge_disputed', 'message' => 'Disputed.'],
            ],
            'a refund that waits has no reason' => [
                'creditmemo refund',
                ['status' => 'pending', 'code' => null, 'message' => null],
            ],
            'a refund of shipping only' => ['refund', ['lines' => 'items', 'shipping_amount' => '25.00']],
            'a time in another zone' => ['link', ['expires_at' => '2026-11-24T12:00:00.123+02:00']],
            'a hosted page' => ['link', ['url' => 'https://checkout.stripe.com/c/pay/cs_test_1#fid%2B']],
        ];
    }

    /**
     * @dataProvider right
     * @param array<string, mixed> $differs
     */
    public function testMoreThanTheLeastIsTaken(string $name, array $differs): void
    {
        self::assertNull($this->problem($name, $differs));
    }

    public function testASecretIsNeverRepeated(): void
    {
        self::assertNull($this->problem('link', ['client_secret' => str_repeat("pi_1_secret\n", 100)]));
    }

    /**
     * @param array<string, mixed> $differs
     */
    private function problem(string $name, array $differs): ?InputException
    {
        [$class, $method, $fields] = self::BODIES[$name];
        $fields = $differs + $fields;
        if (isset($fields['items'])) {
            $fields['items'] = array_map(
                static fn (array $item): RefundItem => Exchange::body(RefundItem::class, $item),
                $fields['items']
            );
        }
        try {
            (new Requirements())->$method(Exchange::body($class, $fields));
        } catch (InputException $problem) {
            return $problem;
        }
        return null;
    }
}
