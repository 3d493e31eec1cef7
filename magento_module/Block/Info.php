<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Block;

use DateTimeImmutable;
use DateTimeZone;
use Magento\Framework\View\Element\Template\Context;
use Magento\Sales\Model\Order\Payment;
use Sidecar\Stripe\Config\SidecarConfig;
use Sidecar\Stripe\Status\OrderFacts;
use Sidecar\Stripe\Status\PaymentPage;
use Sidecar\Stripe\Status\PaymentStatus;
use Sidecar\Stripe\Status\RecordedPayment;
use Sidecar\Stripe\Status\Resolution;

/**
 * The payment of an order in mails, in the account, in PDFs and in the admin. Each area has a template of its own; PDFs
 * and mails get the method's title and, once it is known, by what was paid.
 */
class Info extends \Magento\Payment\Block\Info
{
    public function __construct(
        Context $context,
        private readonly OrderFacts $orders,
        private readonly Resolution $resolution,
        private readonly PaymentPage $page,
        private readonly SidecarConfig $sidecar,
        array $data = []
    ) {
        parent::__construct($context, ['template' => 'Sidecar_Stripe::info/default.phtml'] + $data);
    }

    public function getRecordedPayment(): RecordedPayment
    {
        return new RecordedPayment($this->getInfo()->getAdditionalInformation() ?? []);
    }

    /**
     * How the payment stands; null before the order is saved.
     */
    public function getPaymentStatus(): ?PaymentStatus
    {
        $facts = $this->orders->of($this->orderId());
        $now = new DateTimeImmutable('now', new DateTimeZone('UTC'));
        return $facts === null ? null : $this->resolution->of($facts, $now);
    }

    /**
     * The page on which the shopper sees how the payment stands and pays; a person may send it to them.
     */
    public function getShoppersPage(): string
    {
        return $this->page->address($this->orderId(), (int) $this->getInfo()->getOrder()->getStoreId());
    }

    /**
     * Where the sidecar shows what it did for the order; null if that is not set up.
     */
    public function getTimeline(): ?string
    {
        return $this->sidecar->timelineUrl($this->orderId(), (string) $this->getInfo()->getOrder()->getIncrementId());
    }

    /**
     * @param \Magento\Framework\DataObject|array<string, string>|null $transport
     * @return \Magento\Framework\DataObject
     */
    // phpcs:ignore PSR2.Methods.MethodDeclaration.Underscore -- the name is Magento's
    protected function _prepareSpecificInformation($transport = null)
    {
        $transport = parent::_prepareSpecificInformation($transport);
        $way = $this->getRecordedPayment()->way();
        return $way === null ? $transport : $transport->addData([(string) __('Paid by') => $way]);
    }

    private function orderId(): int
    {
        $info = $this->getInfo();
        return $info instanceof Payment ? (int) $info->getParentId() : 0;
    }
}
