<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Checkout;

use Magento\Checkout\Model\ConfigProviderInterface;
use Magento\Customer\Model\Session;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * What the checkout's script knows of the method: `window.checkoutConfig.payment.sidecar_stripe`.
 */
class ConfigProvider implements ConfigProviderInterface
{
    public function __construct(
        private readonly PaymentConfig $config,
        private readonly Session $customerSession
    ) {
    }

    /**
     * @return array<string, mixed>
     */
    public function getConfig(): array
    {
        if (!$this->config->isActive()) {
            return [];
        }
        return ['payment' => [PaymentConfig::CODE => [
            'instructions' => $this->config->instructions(),
            // A guest has no account that the card could be remembered for.
            'offersToSave' => $this->config->offersToSave() && $this->customerSession->isLoggedIn(),
        ]]];
    }
}
