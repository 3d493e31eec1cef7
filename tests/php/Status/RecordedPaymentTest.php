<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\RecordedPayment;

final class RecordedPaymentTest extends TestCase
{
    /**
     * @dataProvider ways
     * @param array<string, mixed> $information
     */
    public function testHowIsTheWayToPayWritten(array $information, ?string $expected): void
    {
        self::assertSame($expected, (new RecordedPayment($information))->way());
    }

    /**
     * @return iterable<array{array<string, mixed>, string|null}>
     */
    public static function ways(): iterable
    {
        yield [[], null];
        yield [['card_brand' => 'visa', 'card_last4' => '4242'], 'Visa •••• 4242'];
        yield [
            ['card_brand' => 'amex', 'card_last4' => '0005', 'wallet' => 'apple_pay', 'method_type' => 'card'],
            'American Express •••• 0005, Apple Pay',
        ];
        yield [['method_type' => 'sepa_debit'], 'Sepa debit'];
        yield [['card_last4' => '4242'], '•••• 4242'];
        yield [['wallet' => 'link'], 'Link'];
        yield [['card_brand' => ['visa'], 'card_last4' => true], null];
    }

    /**
     * @dataProvider pages
     * @param array<string, mixed> $information
     */
    public function testWhichPageOfTheDashboardIsThePayments(array $information, ?string $expected): void
    {
        self::assertSame($expected, (new RecordedPayment($information))->dashboard());
    }

    /**
     * @return iterable<array{array<string, mixed>, string|null}>
     */
    public static function pages(): iterable
    {
        $page = 'https://dashboard.stripe.com/payments/pi_1';
        yield [['payment_intent_id' => 'pi_1', 'mode' => 'live'], $page];
        yield [['payment_intent_id' => 'pi_1', 'mode' => 'test'], 'https://dashboard.stripe.com/test/payments/pi_1'];
        yield [['payment_link' => ['payment_intent_id' => 'pi_1'], 'mode' => 'live'], $page];
        yield [['last_failure' => ['payment_intent_id' => 'pi_1'], 'mode' => 'live'], $page];
        yield [['payment_intent_id' => '../x?y', 'mode' => 'live'], 'https://dashboard.stripe.com/payments/..%2Fx%3Fy'];
        yield [['payment_intent_id' => 'pi_1'], null];
        yield [['payment_intent_id' => 'pi_1', 'mode' => 'else'], null];
        yield [['mode' => 'live'], null];
    }

    public function testIsThePaymentThatTheMoneyCameByShownBeforeTheOneThatWasTried(): void
    {
        $payment = new RecordedPayment([
            'payment_intent_id' => 'pi_paid',
            'payment_link' => ['payment_intent_id' => 'pi_tried'],
        ]);

        self::assertSame('pi_paid', $payment->paymentIntent());
    }

    /**
     * @dataProvider failures
     * @param array<string, mixed> $failure
     */
    public function testHowIsAFailureWritten(array $failure, ?string $expected): void
    {
        self::assertSame($expected, (new RecordedPayment(['last_failure' => $failure]))->failure());
    }

    /**
     * @return iterable<array{array<string, mixed>, string|null}>
     */
    public static function failures(): iterable
    {
        yield [[], null];
        yield [
            ['message' => 'Your card was declined.', 'code' => 'card_declined', 'decline_code' => 'lost_card'],
            'Your card was declined. (lost_card)',
        ];
        yield [['message' => 'It has expired.', 'code' => 'expired_card'], 'It has expired. (expired_card)'];
        yield [['message' => 'No.'], 'No.'];
        yield [['code' => 'processing_error'], 'processing_error'];
    }

    public function testIsTheRiskGivenWithItsScoreEvenIfThatIsZero(): void
    {
        self::assertSame('normal, 0', (new RecordedPayment(['risk_level' => 'normal', 'risk_score' => 0]))->risk());
        self::assertSame('highest', (new RecordedPayment(['risk_level' => 'highest']))->risk());
        self::assertNull((new RecordedPayment([]))->risk());
    }
}
