<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Controller\Payment;

use Magento\Framework\App\Action\HttpGetActionInterface;
use Magento\Framework\Controller\Result\ForwardFactory;
use Magento\Framework\Controller\ResultInterface;
use Magento\Framework\View\Result\PageFactory;
use Sidecar\Stripe\Block\OrderSource\TokensOrder;
use Sidecar\Stripe\Status\OrderFacts;

/**
 * `sidecar/payment/show/token/…`: the shop's page about one payment.
 */
class Show implements HttpGetActionInterface
{
    public function __construct(
        private readonly PageFactory $pages,
        private readonly ForwardFactory $forwards,
        private readonly TokensOrder $tokensOrder,
        private readonly OrderFacts $orders
    ) {
    }

    public function execute(): ResultInterface
    {
        foreach ($this->tokensOrder->orderIds() as $orderId) {
            if ($this->orders->of($orderId) !== null) {
                return $this->pages->create();
            }
        }
        return $this->forwards->create()->forward('noroute');
    }
}
