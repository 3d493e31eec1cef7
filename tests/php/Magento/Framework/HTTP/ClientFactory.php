<?php

declare(strict_types=1);

namespace Magento\Framework\HTTP;

class ClientFactory
{
    public function create(array $data = [])
    {
        throw new \LogicException('a fake gives the client');
    }
}
