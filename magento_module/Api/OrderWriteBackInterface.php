<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Api;

/**
 * What came of an order's payment in Stripe: the resources below `/V1/sidecar/orders/{id}`.
 *
 * Each write is done once by its Stripe id, whole or not at all, and answers what became of it; docs/magento-rest.md
 * has the rules. An answer whose outcome is not `applied` means that nothing was written.
 *
 * @api
 */
interface OrderWriteBackInterface
{
    /**
     * Money is reserved: authorisation transaction, state `processing`, no invoice.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\PaymentInterface $payment
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong, or it is not what is due
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function authorize($orderId, \Sidecar\Stripe\Api\Data\PaymentInterface $payment);

    /**
     * Money is taken: capture transaction, invoice of the whole order, state `processing`.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\PaymentInterface $payment
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong, or it is not what is due
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function capture($orderId, \Sidecar\Stripe\Api\Data\PaymentInterface $payment);

    /**
     * An attempt failed: status `payment_failed`, the reason in words, the shopper told.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\FailureInterface $failure
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function recordPaymentFailure($orderId, \Sidecar\Stripe\Api\Data\FailureInterface $failure);

    /**
     * A way to pay is shown; reason `action_required` puts the status back to `pending_payment`.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\PaymentLinkInterface $link
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function showPaymentLink($orderId, \Sidecar\Stripe\Api\Data\PaymentLinkInterface $link);

    /**
     * A person has to look: state `holded`, the reason in the history.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\HoldInterface $hold
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function hold($orderId, \Sidecar\Stripe\Api\Data\HoldInterface $hold);

    /**
     * A cancelled order comes back to `pending_payment`, with its items and its stock.
     *
     * @param int $orderId
     * @param \Sidecar\Stripe\Api\Data\ReopenInterface $reopen
     * @return \Sidecar\Stripe\Api\Data\AnswerInterface
     * @throws \Magento\Framework\Exception\NoSuchEntityException there is no such order
     * @throws \Magento\Framework\Exception\LocalizedException a field is missing or wrong
     * @throws \Magento\Framework\Webapi\Exception with HTTP code 503: somebody else holds the order
     */
    public function reopen($orderId, \Sidecar\Stripe\Api\Data\ReopenInterface $reopen);
}
