<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * What the sidecar writes, by the last word of its address; `sidecar_write_back.resource`.
 */
enum Resource: string
{
    case Authorization = 'authorization';
    case Capture = 'capture';
    case PaymentFailure = 'payment-failure';
    case PaymentLink = 'payment-link';
    case Hold = 'hold';
    case Reopen = 'reopen';
    case Refunds = 'refunds';
    case CreditmemoRefund = 'creditmemo-refund';
}
