<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Publication;

use Sidecar\Stripe\Snapshot\CannotTell;
use Sidecar\Stripe\Snapshot\CreditmemoCreated;
use Sidecar\Stripe\Snapshot\CustomerDeleted;
use Sidecar\Stripe\Snapshot\CustomerSaved;
use Sidecar\Stripe\Snapshot\OrderCanceled;
use Sidecar\Stripe\Snapshot\OrderEdited;
use Sidecar\Stripe\Snapshot\OrderPlaced;
use Sidecar\Stripe\Snapshot\ShipmentCreated;
use Sidecar\Stripe\Snapshot\Snapshot;

/**
 * Who makes the data of which kind of event.
 */
final class Snapshots
{
    /** @var array<string, Snapshot> */
    private readonly array $byType;

    public function __construct(
        OrderPlaced $orderPlaced,
        OrderEdited $orderEdited,
        OrderCanceled $orderCanceled,
        CreditmemoCreated $creditmemoCreated,
        ShipmentCreated $shipmentCreated,
        CustomerSaved $customerSaved,
        CustomerDeleted $customerDeleted
    ) {
        $this->byType = [
            EventType::ORDER_PLACED => $orderPlaced,
            EventType::ORDER_EDITED => $orderEdited,
            EventType::ORDER_CANCELED => $orderCanceled,
            EventType::CREDITMEMO_CREATED => $creditmemoCreated,
            EventType::SHIPMENT_CREATED => $shipmentCreated,
            EventType::CUSTOMER_SAVED => $customerSaved,
            EventType::CUSTOMER_DELETED => $customerDeleted,
        ];
    }

    /**
     * @param array<string, mixed> $context what was known when it happened and the tables do not say
     * @return array<string, mixed>
     * @throws CannotTell it cannot be made
     */
    public function of(string $type, int $id, array $context): array
    {
        $snapshot = $this->byType[$type] ?? throw new CannotTell('there is no such kind of event');
        return $snapshot->of($id, $context);
    }
}
