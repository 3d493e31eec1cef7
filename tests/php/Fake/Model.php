<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\Model\AbstractModel;

/**
 * One of Magento's models, as far as observers ask it.
 */
final class Model extends AbstractModel
{
    /** @var list<Model>|null */
    public ?array $items = null;
    public ?object $extension = null;
    public ?Model $order = null;

    /**
     * @return list<Model>|null
     */
    public function getItems(): ?array
    {
        return $this->items;
    }

    public function getExtensionAttributes(): ?object
    {
        return $this->extension;
    }

    public function getOrder(): ?Model
    {
        return $this->order;
    }
}
