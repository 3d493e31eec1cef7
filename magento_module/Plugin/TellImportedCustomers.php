<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin;

use Sidecar\Stripe\Publication\CustomerImport;

/**
 * Around Magento's imports of customers and of their addresses. A shop may have removed them, so that their classes are
 * not named in PHP.
 */
class TellImportedCustomers
{
    public function __construct(private readonly CustomerImport $import)
    {
    }

    public function aroundImportData(object $subject, callable $proceed): mixed
    {
        return $this->import->during($proceed);
    }
}
