<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\UrlInterface;
use Magento\Store\Model\Store;
use Magento\Store\Model\Website;

/**
 * The store view of every order.
 */
final class PaperStore extends Store
{
    public function getBaseUrl($type = UrlInterface::URL_TYPE_LINK, $secure = null)
    {
        return 'https://shop.example/';
    }

    public function isFrontUrlSecure()
    {
        return true;
    }

    public function isUseStoreInUrl()
    {
        return (bool) $this->getData('is_use_store_in_url');
    }

    public function getWebsite()
    {
        return new class extends Website {
            public function getDefaultStore()
            {
                return new PaperStore(['entity_id' => 3]);
            }
        };
    }

    public function getCode()
    {
        return 'shop_de';
    }

    public function getWebsiteId()
    {
        return 1;
    }
}
