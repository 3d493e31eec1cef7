<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Config;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;

/**
 * The group `sidecar_stripe/email`, by store view: mails to shoppers who still have to pay.
 */
final class EmailConfig
{
    private const GROUP = 'sidecar_stripe/email/';

    public function __construct(private readonly ScopeConfigInterface $scopeConfig)
    {
    }

    public function isEnabled(?int $storeId = null): bool
    {
        return $this->scopeConfig->isSetFlag(self::GROUP . 'enabled', ScopeInterface::SCOPE_STORE, $storeId);
    }

    /**
     * One of Magento's senders, for example `sales`: the group `trans_email/ident_sales`.
     */
    public function sender(?int $storeId = null): string
    {
        return $this->value('sender', $storeId);
    }

    /**
     * The template that says that a payment failed and how to pay again.
     */
    public function paymentFailedTemplate(?int $storeId = null): string
    {
        return $this->value('payment_failed_template', $storeId);
    }

    /**
     * The template with the way to pay an order that waits for its payment.
     */
    public function paymentLinkTemplate(?int $storeId = null): string
    {
        return $this->value('payment_link_template', $storeId);
    }

    private function value(string $field, ?int $storeId): string
    {
        return trim((string) $this->scopeConfig->getValue(self::GROUP . $field, ScopeInterface::SCOPE_STORE, $storeId));
    }
}
