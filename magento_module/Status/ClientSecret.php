<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Magento\Framework\Encryption\EncryptorInterface;

/**
 * The client secret of a PaymentIntent as it is kept: encrypted, because the payment's additional information is shown
 * to whoever may read orders, by Magento's own REST too, and lies in every copy of the database. The shopper alone is
 * given it.
 */
class ClientSecret
{
    private const SEAL = 'encrypted:';

    public function __construct(private readonly EncryptorInterface $encryptor)
    {
    }

    public function seal(string $secret): string
    {
        return self::SEAL . $this->encryptor->encrypt($secret);
    }

    /**
     * What was sealed. The sidecar's write-back by the database has no key of Magento's, and keeps it as it is.
     */
    public function open(string $kept): string
    {
        return str_starts_with($kept, self::SEAL)
            ? $this->encryptor->decrypt(substr($kept, strlen(self::SEAL)))
            : $kept;
    }
}
