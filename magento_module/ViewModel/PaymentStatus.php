<?php

declare(strict_types=1);

namespace Sidecar\Stripe\ViewModel;

use DateTimeImmutable;
use DateTimeZone;
use Magento\Framework\UrlInterface;
use Magento\Framework\View\Element\Block\ArgumentInterface;
use Magento\Store\Model\StoreManagerInterface;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Status\Facts;
use Sidecar\Stripe\Status\OrderFacts;
use Sidecar\Stripe\Status\PaymentPage;
use Sidecar\Stripe\Status\PaymentState;
use Sidecar\Stripe\Status\PaymentStatus as Status;
use Sidecar\Stripe\Status\Resolution;
use Sidecar\Stripe\Status\Token;

/**
 * What a page shows of an order's payment when it is made; from then on the browser asks.
 */
class PaymentStatus implements ArgumentInterface
{
    private const RESOURCE = 'rest/%s/V1/sidecar/payment-status/%s';

    public function __construct(
        private readonly OrderFacts $orders,
        private readonly Resolution $resolution,
        private readonly Token $token,
        private readonly PaymentPage $page,
        private readonly PaymentConfig $config,
        private readonly StoreManagerInterface $storeManager
    ) {
    }

    /**
     * @return Facts|null null: it is no order of this module's method
     */
    public function facts(int $orderId): ?Facts
    {
        return $orderId > 0 ? $this->orders->of($orderId) : null;
    }

    public function status(Facts $facts): Status
    {
        return $this->resolution->of($facts, new DateTimeImmutable('now', new DateTimeZone('UTC')));
    }

    /**
     * Whether there is still something for the shopper to do or to wait for.
     */
    public function isOpen(Status $status): bool
    {
        return in_array($status->getState(), PaymentState::OPEN, true);
    }

    /**
     * The shop's page about this payment.
     */
    public function pageAddress(Facts $facts): string
    {
        return $this->page->address($facts->orderId, $facts->storeId);
    }

    /**
     * What the page's script gets to work with.
     *
     * @param Status $status what the page shows at first
     * @param bool $comesBack the shopper comes from Stripe: what they did there may not be here yet
     * @param bool $mayForward the page may lead them to their payment page
     * @return array<string, mixed>
     */
    public function script(Facts $facts, Status $status, bool $comesBack, bool $mayForward): array
    {
        $store = $this->storeManager->getStore();
        $base = rtrim((string) $store->getBaseUrl(UrlInterface::URL_TYPE_DIRECT_LINK), '/');
        $token = $this->token->sign($facts->orderId, $facts->storeId);
        return [
            'Sidecar_Stripe/js/payment-status' => [
                'resource' => $base . '/' . sprintf(self::RESOURCE, $store->getCode(), $token),
                'state' => $status->getState(),
                'comesBack' => $comesBack,
                'forward' => $mayForward && $this->config->forwards($facts->storeId),
            ],
        ];
    }
}
