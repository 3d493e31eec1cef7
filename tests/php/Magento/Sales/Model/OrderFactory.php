<?php

declare(strict_types=1);

namespace Magento\Sales\Model;

class OrderFactory
{
    public function create(array $data = [])
    {
        throw new \LogicException('a fake gives it');
    }
}
