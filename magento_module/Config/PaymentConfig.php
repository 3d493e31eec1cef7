<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;

/**
 * The payment method's own settings, `payment/sidecar_stripe`, by store view.
 */
final class PaymentConfig
{
    /** The method's code, which the sidecar knows its orders by: `schemas/magento/order_snapshot.py`. */
    public const CODE = 'sidecar_stripe';

    private const GROUP = 'payment/sidecar_stripe/';

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    public function isActive(?int $storeId = null): bool
    {
        return $this->flag('active', $storeId);
    }

    /**
     * What the checkout says below the title; an empty string: the module's own words.
     */
    public function instructions(?int $storeId = null): string
    {
        return trim($this->value('instructions', $storeId));
    }

    /**
     * Whether shoppers with an account are asked if their card is to be remembered.
     */
    public function offersToSave(?int $storeId = null): bool
    {
        return $this->flag('offer_to_save', $storeId);
    }

    /**
     * Whether shoppers are led to their payment page without pressing the button.
     */
    public function forwards(?int $storeId = null): bool
    {
        return $this->flag('forward', $storeId);
    }

    /**
     * Whether customers see the orders that they have yet to pay among their orders.
     */
    public function showsUnpaidOrders(?int $storeId = null): bool
    {
        return $this->flag('show_unpaid_orders', $storeId);
    }

    /**
     * Whether `off_session` is believed of a cart that a guest or a customer filled.
     */
    public function believesShoppersAbsence(?int $storeId = null): bool
    {
        return $this->flag('off_session_by_shoppers', $storeId);
    }

    /**
     * Hosts besides the shop's own that a shopper may be sent back to.
     *
     * @return list<string> in small letters
     */
    public function returnHosts(?int $storeId = null): array
    {
        return self::hosts($this->value('return_hosts', $storeId));
    }

    /**
     * Currencies in which an order may be placed.
     *
     * @return list<string> ISO 4217, in capitals; empty: any
     */
    public function currencies(?int $storeId = null): array
    {
        return self::words(strtoupper($this->value('currencies', $storeId)));
    }

    /**
     * The hosts that a text names, by whatever they are set apart.
     *
     * @return list<string> in small letters, each once
     */
    public static function hosts(string $text): array
    {
        return self::words(strtolower($text));
    }

    /**
     * @return list<string>
     */
    private static function words(string $text): array
    {
        return array_values(array_unique(preg_split('/[\s,;]+/', $text, -1, PREG_SPLIT_NO_EMPTY) ?: []));
    }

    private function flag(string $field, ?int $storeId): bool
    {
        return $this->scopeConfig->isSetFlag(self::GROUP . $field, ScopeInterface::SCOPE_STORE, $storeId);
    }

    private function value(string $field, ?int $storeId): string
    {
        return (string) $this->scopeConfig->getValue(self::GROUP . $field, ScopeInterface::SCOPE_STORE, $storeId);
    }
}
