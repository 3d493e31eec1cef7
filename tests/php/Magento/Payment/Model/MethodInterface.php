<?php

declare(strict_types=1);

namespace Magento\Payment\Model;

interface MethodInterface
{
    public function getCode();
}
