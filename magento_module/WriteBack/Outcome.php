<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack;

/**
 * What became of a write: docs/magento-rest.md, Answers.
 */
enum Outcome: string
{
    /** It was written just now. */
    case Applied = 'applied';
    /** The same was written before; nothing was written now. */
    case AlreadyApplied = 'already_applied';
    /** Magento has cancelled the order; nothing was written. */
    case OrderCanceled = 'order_canceled';
    /** The order is in a state that does not take it; nothing was written. */
    case NotPayable = 'not_payable';
    /** Less is left to give back than the refund's amount; nothing was written. */
    case NotRefundable = 'not_refundable';
    /** The refund's lines come to another sum in Magento; nothing was written. */
    case LinesDiffer = 'lines_differ';
    /** The refund belongs to another credit memo; nothing was written. */
    case LinkedElsewhere = 'linked_elsewhere';
}
