<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

/**
 * What the sidecar told of a payment, read out of the payment's additional information by the names of
 * docs/magento-rest.md. Anything in it may be missing: it comes piece by piece.
 */
final class RecordedPayment
{
    private const DASHBOARD = 'https://dashboard.stripe.com/';

    /** How Stripe's words for brands and wallets are written for people (docs.stripe.com/api/charges/object). */
    private const NAMES = [
        'amex' => 'American Express',
        'apple_pay' => 'Apple Pay',
        'cartes_bancaires' => 'Cartes Bancaires',
        'diners' => 'Diners Club',
        'discover' => 'Discover',
        'eftpos_au' => 'Eftpos Australia',
        'google_pay' => 'Google Pay',
        'jcb' => 'JCB',
        'link' => 'Link',
        'mastercard' => 'Mastercard',
        'samsung_pay' => 'Samsung Pay',
        'unionpay' => 'UnionPay',
        'visa' => 'Visa',
    ];

    /**
     * @param array<string, mixed> $information
     */
    public function __construct(private readonly array $information)
    {
    }

    /**
     * The PaymentIntent: the one that the money came by, else the one that the shopper is to pay or tried to.
     */
    public function paymentIntent(): ?string
    {
        return self::text($this->information, 'payment_intent_id')
            ?? self::text($this->record('payment_link'), 'payment_intent_id')
            ?? self::text($this->record('last_failure'), 'payment_intent_id');
    }

    /**
     * Its page in Stripe's dashboard; null as long as it is not known which mode it is in.
     */
    public function dashboard(): ?string
    {
        $intent = $this->paymentIntent();
        $mode = self::text($this->information, 'mode');
        if ($intent === null || !in_array($mode, ['test', 'live'], true)) {
            return null;
        }
        return self::DASHBOARD . ($mode === 'test' ? 'test/' : '') . 'payments/' . rawurlencode($intent);
    }

    /**
     * The sidecar's name for the Stripe account.
     */
    public function account(): ?string
    {
        return self::text($this->information, 'account');
    }

    public function isTest(): bool
    {
        return self::text($this->information, 'mode') === 'test';
    }

    /**
     * By what was paid, in words: "Visa •••• 4242, Apple Pay".
     */
    public function way(): ?string
    {
        $last4 = self::text($this->information, 'card_last4');
        $kind = self::text($this->information, 'card_brand') ?? self::text($this->information, 'method_type');
        $card = implode(' ', array_filter([self::named($kind), $last4 === null ? null : '•••• ' . $last4]));
        $wallet = self::named(self::text($this->information, 'wallet'));
        return implode(', ', array_filter([$card, $wallet])) ?: null;
    }

    /**
     * Stripe Radar's level and score, for example "normal, 12".
     */
    public function risk(): ?string
    {
        $known = [self::text($this->information, 'risk_level'), self::text($this->information, 'risk_score')];
        return implode(', ', array_filter($known, static fn (?string $part): bool => $part !== null)) ?: null;
    }

    /**
     * Why the last attempt that failed did, in words and by Stripe's code.
     */
    public function failure(): ?string
    {
        $failure = $this->record('last_failure');
        $code = self::text($failure, 'decline_code') ?? self::text($failure, 'code');
        $message = self::text($failure, 'message');
        if ($message === null) {
            return $code;
        }
        return $code === null ? $message : sprintf('%s (%s)', $message, $code);
    }

    /**
     * @return array<string, mixed>
     */
    private function record(string $name): array
    {
        $record = $this->information[$name] ?? null;
        return is_array($record) ? $record : [];
    }

    /**
     * @param array<string, mixed> $record
     */
    private static function text(array $record, string $name): ?string
    {
        $value = $record[$name] ?? null;
        return is_scalar($value) && !is_bool($value) && (string) $value !== '' ? (string) $value : null;
    }

    private static function named(?string $word): ?string
    {
        return $word === null ? null : self::NAMES[$word] ?? ucfirst(str_replace('_', ' ', $word));
    }
}
