<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Framework\DataObject;
use Magento\Framework\Event\Observer;
use Magento\Store\Model\StoreManagerInterface;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Payment\Command\AwaitPayment;
use Sidecar\Stripe\Payment\Observer\FillInReturnAddress;
use Sidecar\Stripe\Payment\Observer\SayNobodyWasTold;
use Sidecar\Stripe\Status\PaymentPage;
use Sidecar\Stripe\Status\Token;
use Sidecar\Stripe\Tests\Fake\Environment;
use Sidecar\Stripe\Tests\Fake\HistoryLine;
use Sidecar\Stripe\Tests\Fake\PaperStore;
use Sidecar\Stripe\Tests\Fake\StripeOrder;
use Sidecar\Stripe\Tests\Fake\StripePayment;

/**
 * What becomes of an order when it is placed.
 */
final class PlacingTest extends TestCase
{
    public function testDoesANewOrderWaitForItsPaymentAndItsMail(): void
    {
        $payment = self::payment();
        $state = new DataObject();

        (new AwaitPayment())->execute(['payment' => $payment, 'stateObject' => $state]);

        self::assertSame('pending_payment', $state->getData('state'));
        self::assertSame('pending_payment', $state->getData('status'));
        self::assertFalse($payment->order->canSendNewEmail);
    }

    public function testIsWhatBecameOfAnotherOrdersPaymentForgotten(): void
    {
        $payment = self::payment();
        $payment->information = [
            'payment_method' => 'pm_1',
            'save_card' => true,
            'method_title' => 'Card',
            'another_modules' => 'word',
            'account' => 'main',
            'mode' => 'live',
            'payment_intent_id' => 'pi_old',
            'charge_id' => 'ch_old',
            'method_type' => 'card',
            'card_brand' => 'visa',
            'card_last4' => '4242',
            'wallet' => 'link',
            'risk_level' => 'normal',
            'risk_score' => 3,
            'payment_link' => ['url' => 'https://checkout.stripe.com/old'],
            'last_failure' => ['message' => 'No.'],
        ];

        (new AwaitPayment())->execute(['payment' => $payment, 'stateObject' => new DataObject()]);

        self::assertSame(
            ['payment_method' => 'pm_1', 'save_card' => true, 'method_title' => 'Card', 'another_modules' => 'word'],
            $payment->information
        );
    }

    public function testDoesTheShopperComeBackToTheOrdersPage(): void
    {
        $payment = self::payment(['parent_id' => 42]);

        self::fillIn($payment);

        self::assertSame([42, 3], self::token()->read(basename($payment->information['return_url'])));
    }

    public function testDoesTheShopperComeBackToWhereTheirFrontWantsThem(): void
    {
        $payment = self::payment(['parent_id' => 42]);
        $payment->information['return_url'] = 'https://app.example.com/done';

        self::fillIn($payment);

        self::assertSame('https://app.example.com/done', $payment->information['return_url']);
    }

    public function testIsThePageOfAnotherOrderReplaced(): void
    {
        $payment = self::payment(['parent_id' => 42]);
        $payment->information['return_url'] = self::page()->address(41, 3);

        self::fillIn($payment);

        self::assertSame(self::page()->address(42, 3), $payment->information['return_url']);
    }

    /**
     * @dataProvider leftAlone
     * @param array<string, int|string> $columns
     */
    public function testWhichPaymentsAreLeftAlone(array $columns): void
    {
        $payment = self::payment($columns);

        self::fillIn($payment);

        self::assertSame([], $payment->information);
    }

    /**
     * @return iterable<string, array{array<string, int|string>}>
     */
    public static function leftAlone(): iterable
    {
        yield 'saved before' => [['parent_id' => 42, 'entity_id' => 7]];
        yield 'of another method' => [['parent_id' => 42, 'method' => 'checkmo']];
        yield 'of an order that has no id yet' => [[]];
    }

    public function testDoesTheHistoryOfANewOrderSayThatNobodyWasTold(): void
    {
        $payment = self::payment();
        $payment->order->history = [new HistoryLine(7, 'told long ago'), new HistoryLine(null, null)];

        (new SayNobodyWasTold())->execute(new Observer(['payment' => $payment]));

        self::assertSame(
            [1, 0],
            array_map(static fn (HistoryLine $line): ?int => $line->isCustomerNotified, $payment->order->history)
        );
    }

    public function testIsTheHistoryOfAnotherMethodsOrderLeftAlone(): void
    {
        $payment = self::payment(['method' => 'checkmo']);
        $payment->order->history = [new HistoryLine(null, null)];

        (new SayNobodyWasTold())->execute(new Observer(['payment' => $payment]));

        self::assertSame(1, $payment->order->history[0]->isCustomerNotified);
    }

    /**
     * @param array<string, int|string> $columns
     */
    private static function payment(array $columns = []): StripePayment
    {
        $payment = new StripePayment($columns);
        $payment->order = new StripeOrder();
        return $payment;
    }

    private static function fillIn(StripePayment $payment): void
    {
        (new FillInReturnAddress(self::page()))->execute(new Observer(['payment' => $payment]));
    }

    private static function page(): PaymentPage
    {
        return new PaymentPage(self::token(), new class implements StoreManagerInterface {
            public function getStore($storeId = null)
            {
                return new PaperStore();
            }
        });
    }

    private static function token(): Token
    {
        return new Token(new Environment(['crypt/key' => 'a-key']));
    }
}
