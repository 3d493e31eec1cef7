<?php

declare(strict_types=1);

namespace Magento\Payment\Model;

interface InfoInterface
{
    public function setAdditionalInformation($key, $value = null);

    public function unsAdditionalInformation($key = null);

    public function getAdditionalInformation($key = null);
}
