<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * Who answers here: `/V1/sidecar/status`, for `sidecar doctor`.
 *
 * @api
 */
interface StatusInterface
{
    /**
     * @return \Sidecar\Stripe\Api\Data\StatusInterface
     */
    public function read();
}
