<?php

declare(strict_types=1);

namespace Magento\Sales\Api;

use Magento\Sales\Api\Data\OrderInterface;

interface OrderRepositoryInterface
{
    public function get($id);

    public function save(OrderInterface $entity);
}
