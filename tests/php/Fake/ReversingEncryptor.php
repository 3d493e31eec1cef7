<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\Encryption\EncryptorInterface;

/**
 * Writes values backwards, so that a test sees whether they were decrypted.
 */
final class ReversingEncryptor implements EncryptorInterface
{
    public function encrypt($data)
    {
        return strrev($data);
    }

    public function decrypt($data)
    {
        return strrev($data);
    }
}
