<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api\Data;

/**
 * How the payment of an order stands, for its shopper.
 *
 * @api
 */
interface PaymentStatusInterface
{
    /**
     * One of waiting, action_required, paid, authorized, failed, canceled.
     *
     * @return string
     */
    public function getState(): string;

    /**
     * Where the shopper pays or confirms.
     *
     * @return string|null
     */
    public function getUrl(): ?string;

    /**
     * Why an attempt failed, in words for the shopper.
     *
     * @return string|null
     */
    public function getMessage(): ?string;

    /**
     * The secret of the PaymentIntent for a headless front; only if it was asked for.
     *
     * @return string|null
     */
    public function getClientSecret(): ?string;
}
