<?php

declare(strict_types=1);

namespace Magento\Framework\Mail;

interface TransportInterface
{
    public function sendMessage();
}
