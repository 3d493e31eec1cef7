<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Which versions answer, by which name the sidecar knows this Magento, and what waits in the outbox.
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

    /**
     * Events that the broker has not confirmed.
     *
     * @return int
     */
    public function getOutboxPending();

    /**
     * Events that cannot be published as they are.
     *
     * @return int
     */
    public function getOutboxParked();

    /**
     * Whole seconds that the oldest pending event has waited, by the database's clock; null if none waits.
     *
     * @return int|null
     */
    public function getOutboxOldestSeconds();
}
