<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Which versions answer, and by which name the sidecar knows this Magento.
 *
 * @api
 */
interface StatusInterface
{
    /**
     * @return string
     */
    public function getMagentoVersion();

    /**
     * @return string
     */
    public function getModuleVersion();

    /**
     * The sidecar's name for this Magento; null until somebody gave it.
     *
     * @return string|null
     */
    public function getInstance();
}
