<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\App\State;
use Magento\Framework\Exception\LocalizedException;
use Magento\Framework\Phrase;

/**
 * The part of Magento that is at work, or none.
 */
final class AreaState extends State
{
    public function __construct(private readonly ?string $area = null)
    {
    }

    public function getAreaCode()
    {
        return $this->area ?? throw new LocalizedException(new Phrase('Area code is not set'));
    }
}
