<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Status;

use Magento\Framework\App\DeploymentConfig;
use Magento\Framework\Config\ConfigOptionsListConstants;

/**
 * What a shopper's browser shows to learn how the payment of one order stands, and nothing else: the order's id and its
 * store's, signed with the installation's key. It cannot be guessed, and is checked without a look into the database.
 *
 * Tokens do not expire, because a link in a mail has to work as long as the order may be paid. A key that was replaced
 * still checks the tokens that it signed, as Magento keeps the old ones to decrypt with.
 */
final class Token
{
    private const PURPOSE = 'sidecar_stripe payment status';
    private const SUBJECT_LENGTH = 16;
    private const SIGNATURE_LENGTH = 32;

    public function __construct(private readonly DeploymentConfig $deploymentConfig)
    {
    }

    /**
     * @return string 64 letters, digits, `-` and `_`
     */
    public function sign(int $orderId, int $storeId): string
    {
        $subject = pack('JJ', $orderId, $storeId);
        $keys = $this->keys();
        return self::encode($subject . self::signature($subject, end($keys)));
    }

    /**
     * @return array{int, int}|null order's and store's id; null: nobody signed this
     */
    public function read(string $token): ?array
    {
        $bytes = self::decode($token);
        if ($bytes === null) {
            return null;
        }
        $subject = substr($bytes, 0, self::SUBJECT_LENGTH);
        $signature = substr($bytes, self::SUBJECT_LENGTH);
        $isOurs = false;
        foreach ($this->keys() as $key) {
            $isOurs = hash_equals(self::signature($subject, $key), $signature) || $isOurs;
        }
        if (!$isOurs) {
            return null;
        }
        /** @var array{order: int, store: int} $ids */
        $ids = unpack('Jorder/Jstore', $subject);
        return [$ids['order'], $ids['store']];
    }

    /**
     * @return non-empty-list<string> the oldest first, as Magento keeps them: parted by blanks
     */
    private function keys(): array
    {
        $kept = (string) $this->deploymentConfig->get(ConfigOptionsListConstants::CONFIG_PATH_CRYPT_KEY);
        $keys = preg_split('/\s+/', trim($kept), -1, PREG_SPLIT_NO_EMPTY) ?: [];
        if ($keys === []) {
            throw new \LogicException('There is no crypt/key in app/etc/env.php.');
        }
        return $keys;
    }

    private static function signature(string $subject, string $key): string
    {
        // The key signs for other purposes elsewhere; what it signs here is no good there.
        return hash_hmac('sha256', $subject, hash_hmac('sha256', self::PURPOSE, $key, true), true);
    }

    private static function encode(string $bytes): string
    {
        return strtr(base64_encode($bytes), '+/', '-_');
    }

    private static function decode(string $token): ?string
    {
        if (preg_match('/^[A-Za-z0-9_-]{64}$/D', $token) !== 1) {
            return null;
        }
        $bytes = base64_decode(strtr($token, '-_', '+/'), true);
        return $bytes !== false && strlen($bytes) === self::SUBJECT_LENGTH + self::SIGNATURE_LENGTH ? $bytes : null;
    }
}
