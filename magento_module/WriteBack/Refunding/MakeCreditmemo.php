<?php

declare(strict_types=1);

namespace Sidecar\Stripe\WriteBack\Refunding;

use Magento\Framework\Exception\InputException;
use Magento\Framework\Exception\LocalizedException;
use Magento\Sales\Model\Convert\Order as Convert;
use Magento\Sales\Model\Convert\OrderFactory as ConvertFactory;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\Order\Creditmemo;
use Magento\Sales\Model\Order\CreditmemoFactory;
use Sidecar\Stripe\Api\Data\RefundInterface;
use Sidecar\Stripe\WriteBack\Decimal;

/**
 * Makes the credit memo of a refund, in memory: what comes back, and what that comes to.
 */
final class MakeCreditmemo
{
    /** Amounts of a memo by which nothing comes back but money, each also in base currency. */
    private const NOTHING = [
        'subtotal',
        'subtotal_incl_tax',
        'tax_amount',
        'discount_amount',
        'discount_tax_compensation_amount',
        'shipping_amount',
        'shipping_incl_tax',
        'shipping_tax_amount',
        'adjustment_negative',
    ];

    private readonly Convert $convert;

    public function __construct(
        private readonly CreditmemoFactory $factory,
        private readonly BaseAmount $baseAmount,
        private readonly BaseShipping $baseShipping,
        ConvertFactory $convertFactory
    ) {
        $this->convert = $convertFactory->create();
    }

    /**
     * @throws InputException a line is not of this order
     * @throws LocalizedException Magento does not give so much shipping back
     */
    public function of(Order $order, RefundInterface $refund): Creditmemo
    {
        $creditmemo = match ($refund->getLines()) {
            'whole' => $this->factory->createByOrder($order),
            'items' => $this->ofItems($order, $refund),
            'amount' => $this->ofAmount($order, $refund),
        };
        foreach ($creditmemo->getAllItems() as $item) {
            $item->setBackToStock((bool) $refund->isBackToStock());
        }
        return $creditmemo;
    }

    private function ofItems(Order $order, RefundInterface $refund): Creditmemo
    {
        // Magento takes no quantity at all for all that is left.
        $quantities = [];
        foreach ($order->getAllItems() as $item) {
            $quantities[(int) $item->getId()] = 0.0;
        }
        foreach ($refund->getItems() ?? [] as $place => $asked) {
            $item = $order->getItemById($asked->getOrderItemId());
            if (!$item) {
                throw InputException::invalidFieldValue(
                    "refund.items.$place.order_item_id",
                    (string) $asked->getOrderItemId()
                );
            }
            $id = (int) $item->getId();
            // More than is left does not come back; the sum then says so.
            $quantities[$id] = min($quantities[$id] + (float) $asked->getQty(), $this->left($item));
        }
        return $this->factory->createByOrder($order, [
            'qtys' => $quantities,
            'shipping_amount' => $this->baseShipping->of($order, $refund->getShippingAmount() ?? '0'),
        ]);
    }

    private function left(Order\Item $item): float
    {
        // A dummy is refunded by its parent or its children, and has nothing left of its own.
        return $item->isDummy() ? (float) $item->getQtyInvoiced() : (float) $item->getQtyToRefund();
    }

    /**
     * An adjustment, and nothing else. It is not handed to Magento's totals: they keep it in base currency and multiply
     * it by the order's rate, by which not every amount is reached, and they give the last tax to a memo without lines.
     */
    private function ofAmount(Order $order, RefundInterface $refund): Creditmemo
    {
        $creditmemo = $this->convert->toCreditmemo($order);
        foreach (self::NOTHING as $amount) {
            $creditmemo->setData($amount, 0);
            $creditmemo->setData('base_' . $amount, 0);
        }
        $amount = Decimal::of($refund->getAmount());
        $base = $this->baseAmount->of($order, $amount);
        foreach (['adjustment_positive', 'adjustment', 'grand_total'] as $total) {
            $creditmemo->setData($total, $amount);
            $creditmemo->setData('base_' . $total, $base);
        }
        return $creditmemo;
    }
}
