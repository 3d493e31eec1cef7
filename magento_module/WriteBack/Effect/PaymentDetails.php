<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Effect;

use Magento\Sales\Model\Order\Payment;
use Magento\Sales\Model\Order\Payment\Transaction;
use Sidecar\Stripe\Api\Data\PaymentInterface;

/**
 * Writes down by what an order was paid: in the payment's additional information, by the names of the fields, and in
 * the columns that Magento has for a card.
 */
final class PaymentDetails
{
    public function write(Payment $payment, PaymentInterface $body): void
    {
        $details = array_filter([
            'account' => $body->getAccount(),
            'mode' => $body->getMode(),
            'payment_intent_id' => $body->getPaymentIntentId(),
            'charge_id' => $body->getChargeId(),
            'method_type' => $body->getMethodType(),
            'card_brand' => $body->getCardBrand(),
            'card_last4' => $body->getCardLast4(),
            'wallet' => $body->getWallet(),
            'risk_level' => $body->getRiskLevel(),
            'risk_score' => $body->getRiskScore(),
        ], static fn ($value): bool => $value !== null);
        foreach ($details as $name => $value) {
            $payment->setAdditionalInformation($name, $value);
        }
        if ($body->getCardBrand() !== null) {
            $payment->setCcType($body->getCardBrand());
        }
        if ($body->getCardLast4() !== null) {
            $payment->setCcLast4($body->getCardLast4());
        }
        // What the admin shows of a transaction.
        $payment->setTransactionAdditionalInfo(Transaction::RAW_DETAILS, $details);
    }
}
