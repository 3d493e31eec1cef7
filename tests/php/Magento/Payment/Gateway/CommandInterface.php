<?php

declare(strict_types=1);

namespace Magento\Payment\Gateway;

interface CommandInterface
{
    public function execute(array $commandSubject);
}
