<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * Which versions answer, by which name the sidecar knows this Magento, and what waits in its outbox.
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
     * Events in the outbox that the broker has not confirmed.
     *
     * @return int
     */
    public function getOutboxPending();

    /**
     * Events in the outbox that cannot be published until a person has looked.
     *
     * @return int
     */
    public function getOutboxParked();

    /**
     * Whole seconds that the oldest pending event has waited; null if none waits.
     *
     * @return int|null
     */
    public function getOutboxOldestSeconds();
}
