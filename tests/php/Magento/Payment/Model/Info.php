<?php

declare(strict_types=1);

namespace Magento\Payment\Model;

use Magento\Framework\Model\AbstractModel;

class Info extends AbstractModel implements InfoInterface
{
    public function setAdditionalInformation($key, $value = null)
    {
        return $this->setData('additional_information', [$key => $value] + $this->getAdditionalInformation());
    }

    public function unsAdditionalInformation($key = null)
    {
        return $this->setData('additional_information', array_diff_key($this->getAdditionalInformation(), [$key => 0]));
    }

    public function getAdditionalInformation($key = null)
    {
        $information = $this->getData('additional_information') ?? [];
        return $key === null ? $information : $information[$key] ?? null;
    }
}
