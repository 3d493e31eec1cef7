<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block;

use Sidecar\Stripe\Config\PaymentConfig;

/**
 * The method's form outside the checkout's script: in the admin's new order, and in a checkout to several addresses.
 */
class Form extends \Magento\Payment\Block\Form
{
    public function __construct(
        \Magento\Framework\View\Element\Template\Context $context,
        private readonly PaymentConfig $config,
        array $data = []
    ) {
        parent::__construct($context, ['template' => 'Sidecar_Stripe::form.phtml'] + $data);
    }

    /**
     * What the merchant says about the method, by the store view of the cart; an empty string: nothing.
     */
    public function getInstructions(): string
    {
        return $this->config->instructions((int) $this->getMethod()->getInfoInstance()->getQuote()->getStoreId());
    }

    /**
     * What was said about the payment before, by the names of Payment\AdditionalData.
     */
    public function getGiven(string $name): string
    {
        return (string) $this->getMethod()->getInfoInstance()->getAdditionalInformation($name);
    }
}
