<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Snapshot;

use Magento\Framework\App\Config\ScopeConfigInterface;
use Magento\Store\Model\ScopeInterface;

/**
 * Where something happened: the contracts' `store`, and the language that is spoken there.
 */
final class Stores
{
    private const LOCALE = 'general/locale/code';

    public function __construct(
        private readonly Rows $rows,
        private readonly ScopeConfigInterface $scopeConfig
    ) {
    }

    /**
     * A store view with its website.
     *
     * Magento empties the column when a store view is deleted; 0 is the admin's, which every Magento has.
     *
     * @param int|null $websiteId where it is not the store view's own: an account made in the admin has the admin's
     *     store
     * @return array{store_id: int, store_code: string, website_id: int, website_code: string}
     */
    public function of(?int $storeId, ?int $websiteId = null): array
    {
        $store = $this->rows->find('store', 'store_id', $storeId ?? 0) ?? $this->admin();
        $website = $this->rows->find('store_website', 'website_id', $websiteId ?? (int) $store['website_id']);
        return [
            'store_id' => (int) $store['store_id'],
            'store_code' => (string) $store['code'],
            'website_id' => (int) ($website['website_id'] ?? 0),
            'website_code' => (string) ($website['code'] ?? 'admin'),
        ];
    }

    /**
     * The language of a store view, for example `de_DE`.
     */
    public function locale(?int $storeId): ?string
    {
        $locale = $this->scopeConfig->getValue(self::LOCALE, ScopeInterface::SCOPE_STORE, $storeId ?? 0);
        return is_string($locale) && $locale !== '' ? $locale : null;
    }

    /**
     * @return array<string, string|int|null>
     */
    private function admin(): array
    {
        return $this->rows->find('store', 'store_id', 0) ?? ['store_id' => 0, 'code' => 'admin', 'website_id' => 0];
    }
}
