<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Sidecar\Stripe\Api\Data\PaymentStatusInterface;

/**
 * @inheritdoc
 */
final class PaymentStatus implements PaymentStatusInterface
{
    public function __construct(
        private readonly string $state,
        private readonly ?string $url = null,
        private readonly ?string $message = null,
        private readonly ?string $clientSecret = null
    ) {
    }

    public function getState(): string
    {
        return $this->state;
    }

    public function getUrl(): ?string
    {
        return $this->url;
    }

    public function getMessage(): ?string
    {
        return $this->message;
    }

    public function getClientSecret(): ?string
    {
        return $this->clientSecret;
    }

    /**
     * The same with the secret as it is to be shown, or without it.
     */
    public function withClientSecret(?string $clientSecret): self
    {
        return new self($this->state, $this->url, $this->message, $clientSecret);
    }
}
