<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Body;

use Sidecar\Stripe\Api\Data\RefundItemInterface;

/**
 * As it came: nothing was checked yet, and what is missing is null.
 */
final class RefundItem implements RefundItemInterface
{
    private ?int $orderItemId = null;
    private ?string $qty = null;

    public function getOrderItemId()
    {
        return $this->orderItemId;
    }

    public function setOrderItemId($orderItemId)
    {
        $this->orderItemId = $orderItemId;
        return $this;
    }

    public function getQty()
    {
        return $this->qty;
    }

    public function setQty($qty)
    {
        $this->qty = $qty;
        return $this;
    }
}
