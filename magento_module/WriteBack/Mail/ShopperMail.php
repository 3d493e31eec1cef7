<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Mail;

use Magento\Framework\App\Area;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Mail\Template\TransportBuilder;
use Magento\Sales\Model\Order;
use Magento\Store\Model\App\Emulation;
use Sidecar\Stripe\Config\EmailConfig;

/**
 * A mail to the shopper about an order, in the language of the store view that it was placed in.
 */
final class ShopperMail
{
    public function __construct(
        private readonly EmailConfig $config,
        private readonly Emulation $emulation,
        private readonly TransportBuilder $transport
    ) {
    }

    /**
     * Whether the order's store sends such mails, and there is an address to send to.
     */
    public function isSent(Order $order): bool
    {
        return $this->config->isEnabled((int) $order->getStoreId()) && (string) $order->getCustomerEmail() !== '';
    }

    /**
     * @param string $template its id
     * @param callable(): array<string, string> $words variables for the template besides the order's own, made while
     *     the store's language is in force
     * @throws LocalizedException there is no such template or sender, or the server takes no mail
     */
    public function send(Order $order, string $template, callable $words): void
    {
        $storeId = (int) $order->getStoreId();
        $this->emulation->startEnvironmentEmulation($storeId, Area::AREA_FRONTEND, true);
        try {
            $variables = $words() + [
                'customer_name' => (string) $order->getCustomerName(),
                'increment_id' => (string) $order->getIncrementId(),
                'total' => (string) $order->getOrderCurrency()->formatTxt((float) $order->getTotalDue()),
            ];
        } finally {
            $this->emulation->stopEnvironmentEmulation();
        }
        $this->transport
            ->setTemplateIdentifier($template)
            ->setTemplateOptions(['area' => Area::AREA_FRONTEND, 'store' => $storeId])
            ->setTemplateVars($variables + ['store' => $order->getStore()])
            ->setFromByScope($this->config->sender($storeId), $storeId)
            ->addTo((string) $order->getCustomerEmail(), $variables['customer_name'])
            ->getTransport()
            ->sendMessage();
    }
}
