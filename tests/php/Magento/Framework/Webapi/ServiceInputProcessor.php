<?php

declare(strict_types=1);

namespace Magento\Framework\Webapi;

class ServiceInputProcessor
{
    public function process($serviceClassName, $serviceMethodName, array $inputArray)
    {
        throw new \LogicException('a fake gives it');
    }
}
