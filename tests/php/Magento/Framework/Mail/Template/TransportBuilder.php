<?php

declare(strict_types=1);

namespace Magento\Framework\Mail\Template;

class TransportBuilder
{
    public function setTemplateIdentifier($templateIdentifier)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setTemplateOptions($templateOptions)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setTemplateVars($templateVars)
    {
        throw new \LogicException('a fake gives it');
    }

    public function setFromByScope($from, $scopeId = null)
    {
        throw new \LogicException('a fake gives it');
    }

    public function addTo($address, $name = '')
    {
        throw new \LogicException('a fake gives it');
    }

    public function getTransport()
    {
        throw new \LogicException('a fake gives it');
    }
}
