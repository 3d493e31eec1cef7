<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

use Magento\Framework\Exception\InputException;
use Sidecar\Stripe\Api\Data\CreditmemoRefundInterface;
use Sidecar\Stripe\Api\Data\FailureInterface;
use Sidecar\Stripe\Api\Data\HoldInterface;
use Sidecar\Stripe\Api\Data\PaymentInterface;
use Sidecar\Stripe\Api\Data\PaymentLinkInterface;
use Sidecar\Stripe\Api\Data\RefundInterface;
use Sidecar\Stripe\Api\Data\ReopenInterface;

/**
 * What the body of a request has to hold: docs/magento-rest.md, Fields. Magento itself checks types, not values.
 *
 * Every method throws InputException for the first field that is missing or wrong, in Magento's words.
 */
final class Requirements
{
    /** Longer than any id of Stripe, and what Magento's columns hold. */
    private const LONGEST = 255;

    private const MODES = ['test', 'live'];
    private const LINK_REASONS = ['unpaid', 'payment_failed', 'action_required'];
    private const HOLD_REASONS = ['amount_mismatch', 'currency_mismatch'];
    private const LINES = ['whole', 'items', 'amount'];
    private const CURRENCY = '/^[A-Z]{3}$/D';
    private const ADDRESS = '~^https?://[^\s<>"\']+$~D';
    private const INSTANT = '/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/D';

    /**
     * @throws InputException
     */
    public function payment(PaymentInterface $payment): void
    {
        $this->account('payment', $payment);
        $this->id('payment.payment_intent_id', $payment->getPaymentIntentId());
        $this->optional('payment.charge_id', $payment->getChargeId());
        $this->money('payment', $payment);
        $this->optional('payment.method_type', $payment->getMethodType());
        $this->optional('payment.card_brand', $payment->getCardBrand());
        $this->optional('payment.card_last4', $payment->getCardLast4());
        $this->optional('payment.wallet', $payment->getWallet());
        $this->optional('payment.risk_level', $payment->getRiskLevel());
    }

    /**
     * @throws InputException
     */
    public function failure(FailureInterface $failure): void
    {
        $this->id('failure.payment_intent_id', $failure->getPaymentIntentId());
        $this->id('failure.failure_id', $failure->getFailureId());
        $this->id('failure.code', $failure->getCode());
        $this->optional('failure.decline_code', $failure->getDeclineCode());
        $this->given('failure.message', $failure->getMessage());
        $this->flag('failure.retryable', $failure->isRetryable());
        $this->flag('failure.notify_shopper', $failure->isNotifyShopper());
    }

    /**
     * @throws InputException
     */
    public function link(PaymentLinkInterface $link): void
    {
        $this->optional('link.payment_intent_id', $link->getPaymentIntentId());
        $this->optional('link.checkout_session_id', $link->getCheckoutSessionId());
        // What is no web address would run in the shopper's browser as the shop's own link.
        $this->matches('link.url', $link->getUrl(), self::ADDRESS);
        $this->matches('link.expires_at', $link->getExpiresAt(), self::INSTANT);
        $this->oneOf('link.reason', $link->getReason(), self::LINK_REASONS);
        $this->flag('link.notify_shopper', $link->isNotifyShopper());
    }

    /**
     * @throws InputException
     */
    public function hold(HoldInterface $hold): void
    {
        $this->id('hold.payment_intent_id', $hold->getPaymentIntentId());
        $this->oneOf('hold.reason', $hold->getReason(), self::HOLD_REASONS);
        $this->given('hold.message', $hold->getMessage());
    }

    /**
     * @throws InputException
     */
    public function reopen(ReopenInterface $reopen): void
    {
        $this->id('reopen.payment_intent_id', $reopen->getPaymentIntentId());
        $this->given('reopen.reason', $reopen->getReason());
    }

    /**
     * @throws InputException
     */
    public function refund(RefundInterface $refund): void
    {
        $this->account('refund', $refund);
        $this->id('refund.payment_intent_id', $refund->getPaymentIntentId());
        $this->id('refund.refund_id', $refund->getRefundId());
        $this->number('refund.order_id', $refund->getOrderId());
        $this->optional('refund.charge_id', $refund->getChargeId());
        $this->money('refund', $refund);
        $this->oneOf('refund.status', $refund->getStatus(), [
            RefundStatus::Pending->value,
            RefundStatus::Succeeded->value,
        ]);
        $this->oneOf('refund.lines', $refund->getLines(), self::LINES);
        if ($refund->getLines() !== 'items') {
            return;
        }
        $shipping = $refund->getShippingAmount();
        $items = $refund->getItems() ?? [];
        if ($items === [] && $shipping === null) {
            throw InputException::requiredField('refund.items');
        }
        foreach ($items as $place => $item) {
            $this->number("refund.items.$place.order_item_id", $item->getOrderItemId());
            $this->decimal("refund.items.$place.qty", $item->getQty());
        }
        if ($shipping !== null && !Decimal::isAmount($shipping)) {
            throw InputException::invalidFieldValue('refund.shipping_amount', $shipping);
        }
    }

    /**
     * @throws InputException
     */
    public function creditmemoRefund(CreditmemoRefundInterface $refund): void
    {
        $this->account('refund', $refund);
        $this->optional('refund.payment_intent_id', $refund->getPaymentIntentId());
        $this->optional('refund.charge_id', $refund->getChargeId());
        $this->money('refund', $refund);
        $this->oneOf('refund.status', $refund->getStatus(), array_column(RefundStatus::cases(), 'value'));
        $status = RefundStatus::from($refund->getStatus());
        if ($status !== RefundStatus::Refused) {
            $this->id('refund.refund_id', $refund->getRefundId());
        }
        if ($status->isFailure()) {
            $this->id('refund.code', $refund->getCode());
            $this->given('refund.message', $refund->getMessage());
        }
    }

    private function account(
        string $body,
        PaymentInterface|RefundInterface|CreditmemoRefundInterface $value
    ): void {
        $this->id("$body.account", $value->getAccount());
        $this->oneOf("$body.mode", $value->getMode(), self::MODES);
    }

    private function money(
        string $body,
        PaymentInterface|RefundInterface|CreditmemoRefundInterface $value
    ): void {
        $this->decimal("$body.amount", $value->getAmount());
        $this->given("$body.currency", $value->getCurrency());
        $this->matches("$body.currency", $value->getCurrency(), self::CURRENCY);
    }

    private function given(string $field, ?string $value): void
    {
        if ($value === null || trim($value) === '') {
            throw InputException::requiredField($field);
        }
    }

    private function id(string $field, ?string $value): void
    {
        $this->given($field, $value);
        $this->optional($field, $value);
    }

    private function optional(string $field, ?string $value): void
    {
        if ($value !== null && (strlen($value) > self::LONGEST || preg_match('/[[:cntrl:]]/', $value) === 1)) {
            throw InputException::invalidFieldValue($field, $value);
        }
    }

    private function matches(string $field, ?string $value, string $pattern): void
    {
        if ($value !== null && preg_match($pattern, $value) !== 1) {
            throw InputException::invalidFieldValue($field, $value);
        }
    }

    /**
     * @param list<string> $words
     */
    private function oneOf(string $field, ?string $value, array $words): void
    {
        $this->given($field, $value);
        if (!in_array($value, $words, true)) {
            throw InputException::invalidFieldValue($field, $value);
        }
    }

    private function decimal(string $field, ?string $value): void
    {
        $this->given($field, $value);
        if (!Decimal::isAmount($value) || Decimal::compare($value, '0') === 0) {
            throw InputException::invalidFieldValue($field, $value);
        }
    }

    private function number(string $field, ?int $value): void
    {
        if ($value === null) {
            throw InputException::requiredField($field);
        }
        if ($value <= 0) {
            throw InputException::invalidFieldValue($field, (string) $value);
        }
    }

    private function flag(string $field, ?bool $value): void
    {
        if ($value === null) {
            throw InputException::requiredField($field);
        }
    }
}
