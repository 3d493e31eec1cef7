<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Observer;

use Magento\Framework\Event\Observer;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\UrlInterface;
use Magento\Payment\Observer\AbstractDataAssignObserver;
use Magento\Quote\Api\Data\PaymentInterface;
use Magento\Quote\Model\Quote\Payment;
use Magento\Store\Model\StoreManagerInterface;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\AbsentShopper;
use Sidecar\Stripe\Payment\AdditionalData;
use Sidecar\Stripe\Payment\ReturnAddresses;

/**
 * Keeps what a front says about a payment, on `payment_method_assign_data_sidecar_stripe`.
 *
 * Each time it says something, that replaces all it said before: a shopper who chose a card and then the payment page
 * must not be charged by the card. A request with none of the names says nothing and changes nothing, because fronts
 * send the data first and place the order with the method's code alone.
 */
class AssignAdditionalData extends AbstractDataAssignObserver
{
    public function __construct(
        private readonly StoreManagerInterface $storeManager,
        private readonly PaymentConfig $config,
        private readonly AbsentShopper $absentShopper
    ) {
    }

    /**
     * @throws LocalizedException what was said is wrong
     */
    public function execute(Observer $observer): void
    {
        $sent = (array) $this->readDataArgument($observer)->getData(PaymentInterface::KEY_ADDITIONAL_DATA);
        if (array_intersect(AdditionalData::NAMES, array_keys($sent)) === []) {
            return;
        }
        $payment = $this->readPaymentModelArgument($observer);
        $storeId = $payment instanceof Payment ? (int) $payment->getQuote()->getStoreId() : null;
        $data = AdditionalData::read(
            $sent,
            new ReturnAddresses($this->ownAddresses($storeId), $this->config->returnHosts($storeId)),
            $this->absentShopper->isBelieved($storeId)
        )->toArray();
        foreach (AdditionalData::NAMES as $name) {
            if (isset($data[$name])) {
                $payment->setAdditionalInformation($name, $data[$name]);
            } else {
                $payment->unsAdditionalInformation($name);
            }
        }
    }

    /**
     * @return list<string>
     */
    private function ownAddresses(?int $storeId): array
    {
        $store = $this->storeManager->getStore($storeId);
        return [
            (string) $store->getBaseUrl(UrlInterface::URL_TYPE_WEB, true),
            (string) $store->getBaseUrl(UrlInterface::URL_TYPE_WEB, false),
        ];
    }
}
