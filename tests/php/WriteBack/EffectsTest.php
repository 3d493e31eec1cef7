<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\Fake\PaperOrder;
use Sidecar\Stripe\Tests\Fake\PaperShop;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * What the writes leave in the order besides its state, and whom they tell.
 */
final class EffectsTest extends TestCase
{
    private PaperShop $shop;
    private int $orderId;

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
        $this->shop = new PaperShop(TestDatabase::resource());
        $this->orderId = $this->shop->orders->place();
    }

    public function testByWhatAnOrderWasPaidStandsInItsPayment(): void
    {
        $payment = $this->play('capture-wallet')->payment;
        self::assertSame([
            'account' => 'main',
            'mode' => 'test',
            'payment_intent_id' => 'pi_3QxSidecarExample0001',
            'charge_id' => 'ch_3QxSidecarExample0001',
            'method_type' => 'card',
            'card_brand' => 'visa',
            'card_last4' => '4242',
            'wallet' => 'apple_pay',
            'risk_level' => 'normal',
            'risk_score' => 12,
        ], $payment->information);
        self::assertSame(['visa', '4242'], [$payment->getData('cc_type'), $payment->getData('cc_last_4')]);
    }

    public function testWhatIsNotKnownOfAPaymentIsNotWritten(): void
    {
        $payment = $this->play('capture-least')->payment;
        self::assertSame(['account', 'mode', 'payment_intent_id'], array_keys($payment->information));
        self::assertFalse($payment->hasData('cc_type'));
    }

    public function testTheFirstMoneyIsConfirmedAndInvoicedByMagentosOwnMails(): void
    {
        $this->play('capture-applied');
        self::assertSame(['order confirmed', 'invoice sent'], $this->shop->done);
        $this->play('capture-again');
        self::assertSame(['order confirmed', 'invoice sent'], $this->shop->done);
    }

    public function testReservedMoneyIsConfirmedWithoutAnInvoice(): void
    {
        $this->play('authorization-applied');
        self::assertSame(['order confirmed'], $this->shop->done);
    }

    public function testAnOrderInReviewIsPaid(): void
    {
        $this->orderId = $this->shop->orders->place(['state' => 'payment_review', 'status' => 'payment_review']);
        self::assertSame('processing', $this->play('capture-applied')->getState());
    }

    public function testAFailedAttemptIsWrittenDownInWords(): void
    {
        $order = $this->play('payment-failure-applied');
        $reason = 'The card has insufficient funds to complete the purchase.';
        self::assertSame([[
            'comment' => "Payment failed: $reason (insufficient_funds)",
            'status' => 'payment_failed',
            'notified' => true,
        ]], $order->history);
        self::assertSame(['last_failure' => [
            'payment_intent_id' => 'pi_3QxSidecarExample0001',
            'failure_id' => 'ch_3QxSidecarExample0001',
            'code' => 'card_declined',
            'decline_code' => 'insufficient_funds',
            'message' => $reason,
            'retryable' => true,
        ]], $order->payment->information);
    }

    public function testAFailedAttemptIsToldToTheShopperOnceWithTheWayToPay(): void
    {
        $this->play('payment-failure-applied');
        $this->play('payment-failure-again');
        self::assertCount(1, $this->shop->mailbox->mails);
        $mail = $this->shop->mailbox->mails[0];
        self::assertSame('sidecar_stripe_email_payment_failed_template', $mail['template']);
        self::assertSame(['ada@example.com', 'sales', 1], [$mail['to'], $mail['sender'], $mail['store']]);
        self::assertSame('The card has insufficient funds to complete the purchase.', $mail['variables']['reason']);
        self::assertSame(['000000042', '$87.48', 'Ada Byron'], [
            $mail['variables']['increment_id'],
            $mail['variables']['total'],
            $mail['variables']['customer_name'],
        ]);
        self::assertStringStartsWith('https://shop.example/sidecar/payment/show/token/', $mail['variables']['pay_url']);
    }

    public function testThatTheShopperHasToConfirmIsTold(): void
    {
        $this->play('payment-link-action-required');
        self::assertSame('sidecar_stripe_email_payment_link_template', $this->shop->mailbox->mails[0]['template']);
        self::assertStringNotContainsString('_secret_', serialize($this->shop->mailbox->mails));
    }

    public function testAWayToPayThatIsOnlyShownIsNotMailed(): void
    {
        $order = $this->play('payment-link-unpaid');
        self::assertSame([], $this->shop->mailbox->mails);
        self::assertSame([], $order->history);
        self::assertSame([
            'payment_intent_id' => 'pi_3QxSidecarExample0001',
            'checkout_session_id' => 'cs_test_SidecarExample0001',
            'url' => 'https://checkout.stripe.com/c/pay/cs_test_SidecarExample0001',
            'client_secret' => 'encrypted:elpmaxE_terces_1000elpmaxEracediSxQ3_ip',
            'expires_at' => '2026-11-24T12:00:00Z',
            'reason' => 'unpaid',
        ], $order->payment->information['payment_link']);
    }

    public function testAShopThatSendsNoMailsSaysThatNobodyWasTold(): void
    {
        $this->shop->settings->set('sidecar_stripe/email/enabled', '0');
        self::assertFalse($this->play('payment-failure-applied')->history[0]['notified']);
        self::assertSame([], $this->shop->mailbox->mails);
    }

    public function testAnOrderWithoutAnAddressIsNotMailed(): void
    {
        $this->orderId = $this->shop->orders->place(['customer_email' => null]);
        $this->play('payment-failure-applied');
        self::assertSame([], $this->shop->mailbox->mails);
    }

    public function testAMailServerThatIsDownDoesNotUndoTheWriteAndNoAddressIsLogged(): void
    {
        $this->shop->mailbox->works = false;
        self::assertSame('payment_failed', $this->play('payment-failure-applied')->getStatus());
        self::assertCount(1, $this->shop->log->lines);
        self::assertStringNotContainsString('ada@', $this->shop->log->lines[0]);
    }

    public function testAReopenedOrderTakesItsStockAndItsCouponAgainOnce(): void
    {
        $order = $this->shop->orders->load($this->orderId);
        $order->setState('canceled')->setStatus('canceled');
        $this->shop->orders->save($order);
        $order = $this->play('reopen-applied');
        $this->play('reopen-again');
        self::assertSame(['stock taken', 'coupon used'], $this->shop->done);
        self::assertSame('A payment landed after the order had been cancelled.', $order->history[0]['comment']);
    }

    public function testAHeldOrderGetsTheReasonOnceMore(): void
    {
        $order = $this->shop->orders->load($this->orderId);
        $order->hold();
        $this->shop->orders->save($order);
        $order = $this->play('hold-applied');
        self::assertSame('pending_payment', $order->getData('hold_before_state'));
        self::assertSame('Stripe received 1.00 USD for an order of 87.48 USD.', $order->history[0]['comment']);
    }

    /**
     * @return PaperOrder as it was saved last
     */
    private function play(string $exchange): PaperOrder
    {
        [$status, $body] = Exchange::all()[$exchange]->play($this->shop, $this->orderId);
        self::assertSame(200, $status, (string) ($body['message'] ?? ''));
        return $this->shop->orders->saved;
    }
}
