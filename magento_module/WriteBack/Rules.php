<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Sales\Model\Order;

/**
 * Which state of an order takes which write: docs/magento-rest.md, Rules. Nothing here reads or writes anything.
 */
final class Rules
{
    /** States of an order that waits for its payment. */
    private const WAITING = [Order::STATE_NEW, Order::STATE_PENDING_PAYMENT, Order::STATE_PAYMENT_REVIEW];

    /** States in which a person can be asked to look: those of Order::canHold, and the state that comes of it. */
    private const HOLDABLE = [
        Order::STATE_NEW,
        Order::STATE_PENDING_PAYMENT,
        Order::STATE_PROCESSING,
        Order::STATE_HOLDED,
    ];

    /**
     * What becomes of a write about a payment.
     *
     * @param bool $done whether the same was written before
     * @param bool $authorized whether this payment's authorisation was recorded
     */
    public function decide(Resource $resource, Standing $order, bool $done, bool $authorized = false): Outcome
    {
        if ($done) {
            return Outcome::AlreadyApplied;
        }
        $waits = in_array($order->state, self::WAITING, true);
        return match ($resource) {
            Resource::Authorization, Resource::Capture => $this->orWhyNot(
                $this->takesMoney($order, $authorized && $resource === Resource::Capture),
                $order
            ),
            Resource::PaymentFailure, Resource::PaymentLink => $this->orWhyNot($waits, $order),
            Resource::Hold => $this->orWhyNot(in_array($order->state, self::HOLDABLE, true), $order),
            Resource::Reopen => match (true) {
                $order->state === Order::STATE_CANCELED => Outcome::Applied,
                $waits => Outcome::AlreadyApplied,
                default => Outcome::NotPayable,
            },
            Resource::Refunds, Resource::CreditmemoRefund => throw new \LogicException('a refund is no payment'),
        };
    }

    private function takesMoney(Standing $order, bool $ofAuthorization): bool
    {
        if ($order->invoiced || Decimal::compare($order->due, '0') <= 0) {
            return false;
        }
        $state = $order->stateForMoney();
        return in_array($state, self::WAITING, true) || ($ofAuthorization && $state === Order::STATE_PROCESSING);
    }

    private function orWhyNot(bool $takesIt, Standing $order): Outcome
    {
        if ($takesIt) {
            return Outcome::Applied;
        }
        return $order->state === Order::STATE_CANCELED ? Outcome::OrderCanceled : Outcome::NotPayable;
    }
}
