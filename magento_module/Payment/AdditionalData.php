<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Payment;

use Magento\Framework\Exception\LocalizedException;

/**
 * What a front may say about a payment: `additional_data` of Magento's payment resources, and no more of it.
 *
 * Whatever else is sent is dropped before anybody keeps it, card data above all.
 */
final class AdditionalData
{
    public const PAYMENT_METHOD = 'payment_method';
    public const SAVE_CARD = 'save_card';
    public const OFF_SESSION = 'off_session';
    public const RETURN_URL = 'return_url';

    /** All of the names, as they stand in the payment's additional information too. */
    public const NAMES = [self::PAYMENT_METHOD, self::SAVE_CARD, self::OFF_SESSION, self::RETURN_URL];

    /** Ids of Stripe are opaque; they are at most 255 characters long (docs.stripe.com/upgrades). */
    private const PAYMENT_METHOD_PATTERN = '/^pm_[A-Za-z0-9_]{1,252}$/D';

    private function __construct(
        private readonly ?string $paymentMethod,
        private readonly bool $saveCard,
        private readonly bool $offSession,
        private readonly ?string $returnUrl
    ) {
    }

    /**
     * Reads what a front sent.
     *
     * @param array<array-key, mixed> $sent
     * @param ReturnAddresses $addresses where a shopper may be sent back to
     * @param bool $absenceIsBelieved whether `off_session` is taken from this front; otherwise it is dropped
     * @throws LocalizedException a value is wrong; it is not repeated, since it might be a card's number
     */
    public static function read(array $sent, ReturnAddresses $addresses, bool $absenceIsBelieved): self
    {
        $paymentMethod = self::text($sent, self::PAYMENT_METHOD);
        if ($paymentMethod !== null && preg_match(self::PAYMENT_METHOD_PATTERN, $paymentMethod) !== 1) {
            throw new LocalizedException(__('payment_method has to be the id of a PaymentMethod of Stripe, pm_….'));
        }
        $returnUrl = self::text($sent, self::RETURN_URL);
        if ($returnUrl !== null && !$addresses->allow($returnUrl)) {
            throw new LocalizedException(
                __('return_url has to be an https address of this shop or of a host that it allows.')
            );
        }
        $offSession = self::flag($sent, self::OFF_SESSION);
        return new self(
            $paymentMethod,
            self::flag($sent, self::SAVE_CARD),
            $offSession && $absenceIsBelieved,
            $returnUrl
        );
    }

    /**
     * By name, what is to be kept; a name without a value is not there.
     *
     * @return array<string, string|bool>
     */
    public function toArray(): array
    {
        return array_filter([
            self::PAYMENT_METHOD => $this->paymentMethod,
            self::SAVE_CARD => $this->saveCard,
            self::OFF_SESSION => $this->offSession,
            self::RETURN_URL => $this->returnUrl,
        ]);
    }

    /**
     * @param array<array-key, mixed> $sent
     */
    private static function text(array $sent, string $name): ?string
    {
        $value = $sent[$name] ?? null;
        if ($value === null || $value === '') {
            return null;
        }
        if (!is_string($value)) {
            throw new LocalizedException(__('%1 has to be a text.', $name));
        }
        return $value;
    }

    /**
     * A flag in any of the ways in which it comes: JSON keeps booleans, Magento's REST and forms make texts of them.
     *
     * @param array<array-key, mixed> $sent
     */
    private static function flag(array $sent, string $name): bool
    {
        $value = $sent[$name] ?? false;
        return match (true) {
            in_array($value, [true, 1, '1', 'true'], true) => true,
            in_array($value, [false, 0, '0', 'false', ''], true) => false,
            default => throw new LocalizedException(__('%1 has to be true or false.', $name)),
        };
    }
}
