<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use DateTimeImmutable;
use Exception;
use Magento\Sales\Model\Order;

/**
 * Says from Magento's facts how a payment stands for its shopper. What Magento recorded decides; a link or a failure
 * that is kept from earlier only counts while the order still waits for its money. The client secret is left as it is
 * kept, see ClientSecret.
 */
final class Resolution
{
    /** The status that the write-back gives an order after a failed attempt. */
    private const PAYMENT_FAILED = 'payment_failed';

    /** States of an order whose money may still come. */
    private const UNPAID = [Order::STATE_NEW, Order::STATE_PENDING_PAYMENT];

    /**
     * @param DateTimeImmutable $now for links that expire
     */
    public function of(Facts $facts, DateTimeImmutable $now): PaymentStatus
    {
        $isHeld = $facts->state === Order::STATE_HOLDED;
        $state = $isHeld ? (string) $facts->heldFrom : $facts->state;
        if ($state === Order::STATE_CANCELED) {
            return new PaymentStatus(PaymentState::CANCELED);
        }
        if ($facts->isPaid) {
            return new PaymentStatus(PaymentState::PAID);
        }
        if ($state === Order::STATE_CLOSED) {
            return new PaymentStatus(PaymentState::CANCELED);
        }
        if ($facts->isAuthorized && in_array($state, [Order::STATE_PROCESSING, Order::STATE_COMPLETE], true)) {
            return new PaymentStatus(PaymentState::AUTHORIZED);
        }
        if ($isHeld || !in_array($state, self::UNPAID, true)) {
            return new PaymentStatus(PaymentState::WAITING);
        }
        return $this->unpaid($facts, $now);
    }

    private function unpaid(Facts $facts, DateTimeImmutable $now): PaymentStatus
    {
        $link = self::record($facts, 'payment_link');
        $failure = self::record($facts, 'last_failure');
        $isOpen = $link !== [] && !self::isExpired($link, $now);
        $url = $isOpen ? self::address($link) : null;
        $secret = $isOpen ? self::text($link, 'client_secret') : null;

        $failed = $facts->status === self::PAYMENT_FAILED
            || self::text($link, 'reason') === 'payment_failed'
            || ($link === [] && $failure !== []);
        if ($failed) {
            return new PaymentStatus(PaymentState::FAILED, $url, self::words($failure), $secret);
        }
        if ($url !== null || $secret !== null) {
            return new PaymentStatus(PaymentState::ACTION_REQUIRED, $url, null, $secret);
        }
        return new PaymentStatus(PaymentState::WAITING);
    }

    /**
     * @return array<string, mixed>
     */
    private static function record(Facts $facts, string $name): array
    {
        $record = $facts->information[$name] ?? null;
        return is_array($record) ? $record : [];
    }

    /**
     * @param array<string, mixed> $record
     */
    private static function text(array $record, string $name): ?string
    {
        $value = $record[$name] ?? null;
        return is_string($value) && $value !== '' ? $value : null;
    }

    /**
     * Why an attempt failed. The sidecar says it in one of a few sentences, which have their translations.
     *
     * @param array<string, mixed> $failure
     */
    private static function words(array $failure): ?string
    {
        $message = self::text($failure, 'message');
        return $message === null ? null : (string) __($message);
    }

    /**
     * The link's address, if it is one of the web: it becomes a link in a page.
     *
     * @param array<string, mixed> $link
     */
    private static function address(array $link): ?string
    {
        $url = self::text($link, 'url');
        return $url !== null && preg_match('~^https?://~i', $url) === 1 ? $url : null;
    }

    /**
     * @param array<string, mixed> $link
     */
    private static function isExpired(array $link, DateTimeImmutable $now): bool
    {
        $expires = self::text($link, 'expires_at');
        if ($expires === null) {
            return false;
        }
        try {
            return new DateTimeImmutable($expires) <= $now;
        } catch (Exception) {
            return false;
        }
    }
}
