<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block\Adminhtml;

use Magento\Config\Block\System\Config\Form\Field;
use Magento\Framework\Data\Form\Element\AbstractElement;

/**
 * The button among the settings that runs the self-check.
 */
class SelfCheck extends Field
{
    /**
     * Where the check is run.
     */
    public function getAddress(): string
    {
        return $this->getUrl('sidecar_stripe/selfCheck/run');
    }

    /**
     * @return string
     */
    public function render(AbstractElement $element)
    {
        $element = clone $element;
        $element->unsScope()->unsCanUseWebsiteValue()->unsCanUseDefaultValue();
        return parent::render($element);
    }

    /**
     * @return string
     */
    // phpcs:ignore PSR2.Methods.MethodDeclaration.Underscore -- the name is Magento's
    protected function _getElementHtml(AbstractElement $element)
    {
        $this->setTemplate('Sidecar_Stripe::system/self-check.phtml');
        return $this->_toHtml();
    }
}
