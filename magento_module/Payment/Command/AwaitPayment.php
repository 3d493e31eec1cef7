<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment\Command;

use Magento\Framework\DataObject;
use Magento\Payment\Gateway\CommandInterface;
use Magento\Payment\Gateway\Helper\SubjectReader;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Payment;

/**
 * Places an order without asking anybody for money: it waits in `pending_payment` for what the sidecar brings back.
 *
 * The confirmation mail waits as well. It says that the order is taken, and goes out when the money is there.
 */
class AwaitPayment implements CommandInterface
{
    private const STATUS = 'pending_payment';

    /**
     * What the sidecar writes back, by the names of docs/magento-rest.md. An order that was made from another one, by
     * "Edit" or "Reorder" in the admin, begins with a copy of that one's, which is not its own.
     */
    private const RESULTS = [
        'account',
        'mode',
        'payment_intent_id',
        'charge_id',
        'method_type',
        'card_brand',
        'card_last4',
        'wallet',
        'risk_level',
        'risk_score',
        'payment_link',
        'last_failure',
        'failures',
        'links',
        'holds',
    ];

    /**
     * @param array<string, mixed> $commandSubject
     */
    public function execute(array $commandSubject): void
    {
        /** @var Payment $payment */
        $payment = SubjectReader::readPayment($commandSubject)->getPayment();
        foreach (self::RESULTS as $name) {
            $payment->unsAdditionalInformation($name);
        }
        $payment->getOrder()->setCanSendNewEmailFlag(false);
        /** @var DataObject $state */
        $state = SubjectReader::readStateObject($commandSubject);
        $state->setData('state', Order::STATE_PENDING_PAYMENT);
        $state->setData('status', self::STATUS);
        $state->setData('is_notified', false);
    }
}
