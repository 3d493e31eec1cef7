<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use DateTimeImmutable;
use DateTimeZone;
use Magento\Framework\Exception\NoSuchEntityException;
use Sidecar\Stripe\Api\Data\PaymentStatusInterface as Status;
use Sidecar\Stripe\Api\PaymentStatusInterface;

/**
 * @inheritdoc
 */
class PaymentStatusService implements PaymentStatusInterface
{
    public function __construct(
        private readonly Token $token,
        private readonly OrderFacts $orders,
        private readonly Resolution $resolution,
        private readonly ClientSecret $clientSecret
    ) {
    }

    public function get(string $token, bool $clientSecret = false): Status
    {
        // One answer for a token that is not ours, for an order that is gone and for one that is paid otherwise.
        $facts = $this->factsBy($token)
            ?? throw new NoSuchEntityException(__('There is no payment for this token.'));
        $status = $this->resolution->of($facts, new DateTimeImmutable('now', new DateTimeZone('UTC')));
        $kept = $clientSecret ? $status->getClientSecret() : null;
        return $status->withClientSecret($kept === null ? null : $this->clientSecret->open($kept));
    }

    private function factsBy(string $token): ?Facts
    {
        $ids = $this->token->read($token);
        if ($ids === null) {
            return null;
        }
        [$orderId, $storeId] = $ids;
        $facts = $this->orders->of($orderId);
        return $facts !== null && $facts->storeId === $storeId ? $facts : null;
    }
}
