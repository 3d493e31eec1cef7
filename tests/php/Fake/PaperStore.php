<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\UrlInterface;
use Magento\Store\Model\Store;

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

    public function getWebsiteId()
    {
        return 1;
    }
}
