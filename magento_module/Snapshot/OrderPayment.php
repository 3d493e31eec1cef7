<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\AdditionalData;

/**
 * How the shopper chose to pay: `sales_order_payment`.
 *
 * Of the additional information only what is on the list travels. Other payment methods keep what they like in it.
 */
final class OrderPayment
{
    public function __construct(private readonly Rows $rows)
    {
    }

    /**
     * @return array<string, string|bool|null>
     * @throws CannotTell the order has no payment
     */
    public function of(int $orderId): array
    {
        $payment = $this->rows->find('sales_order_payment', 'parent_id', $orderId)
            ?? throw new CannotTell('the order has no payment');
        $method = Texts::of($payment['method']);
        $known = $method === PaymentConfig::CODE ? json_decode((string) $payment['additional_information'], true) : [];
        $known = is_array($known) ? $known : [];
        return [
            'method' => $method,
            'payment_method' => $this->text($known[AdditionalData::PAYMENT_METHOD] ?? null),
            'save_card' => (bool) ($known[AdditionalData::SAVE_CARD] ?? false),
            'off_session' => (bool) ($known[AdditionalData::OFF_SESSION] ?? false),
            'return_url' => $this->text($known[AdditionalData::RETURN_URL] ?? null),
        ];
    }

    private function text(mixed $value): ?string
    {
        return is_string($value) && $value !== '' ? $value : null;
    }
}
