<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Magento\Framework\UrlInterface;
use Magento\Store\Model\StoreManagerInterface;

/**
 * The shop's own page about one payment: it works in any browser and on any day, since the token in its address is all
 * that it needs. The page of a successful checkout shows itself once, in one session.
 */
final class PaymentPage
{
    private const PATH = 'sidecar/payment/show/token/';

    public function __construct(
        private readonly Token $token,
        private readonly StoreManagerInterface $storeManager
    ) {
    }

    /**
     * The page's address, in the order's own store view.
     */
    public function address(int $orderId, int $storeId): string
    {
        $store = $this->storeManager->getStore($storeId);
        $base = (string) $store->getBaseUrl(UrlInterface::URL_TYPE_LINK, (bool) $store->isFrontUrlSecure());
        // Store views may share an address; a browser that comes from a mail has no cookie that tells them apart.
        $isKnown = $store->isUseStoreInUrl() || (int) $store->getWebsite()->getDefaultStore()->getId() === $storeId;
        $query = $isKnown ? [] : [StoreManagerInterface::PARAM_NAME => $store->getCode()];
        return rtrim($base, '/') . '/' . self::PATH . $this->token->sign($orderId, $storeId)
            . ($query === [] ? '' : '?' . http_build_query($query));
    }

    /**
     * Whether an address is this page's, of whichever order.
     */
    public function isAddress(string $address): bool
    {
        return str_contains($address, '/' . self::PATH);
    }
}
