<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Sales\Model\Order;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Outcome;
use Sidecar\Stripe\WriteBack\Resource;
use Sidecar\Stripe\WriteBack\Rules;
use Sidecar\Stripe\WriteBack\Standing;

final class RulesTest extends TestCase
{
    private const STATES = [
        Order::STATE_NEW,
        Order::STATE_PENDING_PAYMENT,
        Order::STATE_PAYMENT_REVIEW,
        Order::STATE_PROCESSING,
        Order::STATE_COMPLETE,
        Order::STATE_CLOSED,
        Order::STATE_CANCELED,
        Order::STATE_HOLDED,
    ];

    /**
     * The table of docs/magento-rest.md: by resource, the states that take it.
     *
     * @return array<string, array{Resource, list<string>}>
     */
    public static function takers(): array
    {
        $waiting = ['new', 'pending_payment', 'payment_review'];
        return [
            'authorization' => [Resource::Authorization, $waiting],
            'capture' => [Resource::Capture, $waiting],
            'payment-failure' => [Resource::PaymentFailure, $waiting],
            'payment-link' => [Resource::PaymentLink, $waiting],
            'hold' => [Resource::Hold, ['new', 'pending_payment', 'processing', 'holded']],
            'reopen' => [Resource::Reopen, ['canceled']],
        ];
    }

    /**
     * @dataProvider takers
     * @param list<string> $states
     */
    public function testAWriteIsTakenInTheseStatesAndInNoOther(Resource $resource, array $states): void
    {
        $taken = array_filter(
            self::STATES,
            fn (string $state): bool => $this->decide($resource, $this->order($state)) === Outcome::Applied
        );
        self::assertSame(array_values(array_intersect(self::STATES, $states)), array_values($taken));
    }

    /**
     * @dataProvider takers
     */
    public function testWhatWasDoneIsNotDoneAgainInAnyState(Resource $resource): void
    {
        foreach (self::STATES as $state) {
            self::assertSame(
                Outcome::AlreadyApplied,
                $this->decide($resource, $this->order($state), done: true),
                $state
            );
        }
    }

    /**
     * @dataProvider takers
     */
    public function testOnlyACancelledOrderIsSaidToBeCancelled(Resource $resource): void
    {
        foreach (self::STATES as $state) {
            $outcome = $this->decide($resource, $this->order($state));
            if ($outcome === Outcome::OrderCanceled) {
                self::assertSame(Order::STATE_CANCELED, $state);
            }
        }
        self::assertSame(
            $resource === Resource::Reopen ? Outcome::Applied : Outcome::OrderCanceled,
            $this->decide($resource, $this->order(Order::STATE_CANCELED))
        );
    }

    /**
     * @return array<string, array{string, bool, bool}> state before the hold, whether it was authorised, whether a
     *     capture is taken
     */
    public static function held(): array
    {
        return [
            'from waiting' => ['pending_payment', false, true],
            'from review' => ['payment_review', false, true],
            'reserved, by its own payment' => ['processing', true, true],
            'reserved, by another payment' => ['processing', false, false],
            'from complete' => ['complete', true, false],
        ];
    }

    /**
     * @dataProvider held
     */
    public function testAHeldOrderTakesMoneyByTheStateItWasHeldFrom(string $before, bool $authorized, bool $taken): void
    {
        $order = $this->order(Order::STATE_HOLDED, before: $before);
        self::assertSame(
            $taken ? Outcome::Applied : Outcome::NotPayable,
            $this->decide(Resource::Capture, $order, authorized: $authorized)
        );
    }

    public function testAnAuthorisedOrderTakesTheCaptureOfThatPaymentAlone(): void
    {
        $order = $this->order(Order::STATE_PROCESSING);
        self::assertSame(Outcome::Applied, $this->decide(Resource::Capture, $order, authorized: true));
        self::assertSame(Outcome::NotPayable, $this->decide(Resource::Capture, $order));
        self::assertSame(Outcome::NotPayable, $this->decide(Resource::Authorization, $order, authorized: true));
    }

    public function testAnOrderOfWhichNothingIsDueTakesNoMoney(): void
    {
        self::assertSame(
            Outcome::NotPayable,
            $this->decide(Resource::Capture, $this->order(Order::STATE_PENDING_PAYMENT, due: '0.0000'))
        );
    }

    public function testAnOrderThatIsInvoicedInPartTakesNoMoney(): void
    {
        self::assertSame(
            Outcome::NotPayable,
            $this->decide(Resource::Capture, $this->order(Order::STATE_PENDING_PAYMENT, invoiced: true))
        );
    }

    public function testAnOrderThatWaitsIsReopenAlready(): void
    {
        foreach (['new', 'pending_payment', 'payment_review'] as $state) {
            self::assertSame(Outcome::AlreadyApplied, $this->decide(Resource::Reopen, $this->order($state)));
        }
    }

    private function decide(
        Resource $resource,
        Standing $order,
        bool $done = false,
        bool $authorized = false
    ): Outcome {
        return (new Rules())->decide($resource, $order, $done, $authorized);
    }

    private function order(
        string $state,
        ?string $before = null,
        string $due = '87.4800',
        bool $invoiced = false
    ): Standing {
        return new Standing(42, $state, $state, $before, $due, '0.0000', $invoiced, '0.0000', 'USD');
    }
}
