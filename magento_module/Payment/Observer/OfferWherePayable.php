<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Event\ObserverInterface;
use Magento\Payment\Model\MethodInterface;
use Magento\Quote\Model\Quote;
use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Offers the method only where its orders would be paid: the module is set up, and the currency is one that the
 * merchant takes. On `payment_method_is_active`.
 *
 * Magento's own check of currencies (`canUseForCurrency`) is about the base currency; Stripe charges the order's.
 */
class OfferWherePayable implements ObserverInterface
{
    public function __construct(
        private readonly GeneralConfig $general,
        private readonly PaymentConfig $payment
    ) {
    }

    public function execute(Observer $observer): void
    {
        $method = $observer->getData('method_instance');
        $result = $observer->getData('result');
        if (!$method instanceof MethodInterface || $method->getCode() !== PaymentConfig::CODE) {
            return;
        }
        $quote = $observer->getData('quote');
        if (!$this->general->isReady() || ($quote instanceof Quote && !$this->takes($quote))) {
            $result->setData('is_available', false);
        }
    }

    private function takes(Quote $quote): bool
    {
        $currencies = $this->payment->currencies((int) $quote->getStoreId());
        $currency = (string) $quote->getQuoteCurrencyCode();
        return $currencies === [] || $currency === '' || in_array($currency, $currencies, true);
    }
}
