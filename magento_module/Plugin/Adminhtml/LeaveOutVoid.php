<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Plugin\Adminhtml;

use Magento\Framework\View\LayoutInterface;
use Magento\Sales\Block\Adminhtml\Order\View;
use Sidecar\Stripe\Config\PaymentConfig;

/**
 * Takes "Void" off the order's page: reserved money is released by cancelling the order.
 */
class LeaveOutVoid
{
    public function beforeSetLayout(View $view, LayoutInterface $layout): void
    {
        $payment = $view->getOrder() ? $view->getOrder()->getPayment() : null;
        if ($payment !== null && $payment->getMethod() === PaymentConfig::CODE) {
            $view->removeButton('void_payment');
        }
    }
}
