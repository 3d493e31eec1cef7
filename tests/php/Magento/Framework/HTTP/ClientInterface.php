<?php

declare(strict_types=1);

namespace Magento\Framework\HTTP;

interface ClientInterface
{
    public function setTimeout($value);

    public function get($uri);

    public function getStatus();
}
