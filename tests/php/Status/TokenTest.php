<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\Token;
use Sidecar\Stripe\Tests\Fake\Environment;

final class TokenTest extends TestCase
{
    /**
     * @dataProvider orders
     */
    public function testDoesATokenSayWhoseItIs(int $orderId, int $storeId): void
    {
        $token = self::token('a-key');

        self::assertSame([$orderId, $storeId], $token->read($token->sign($orderId, $storeId)));
    }

    /**
     * @return iterable<array{int, int}>
     */
    public static function orders(): iterable
    {
        yield [1, 1];
        yield [42, 0];
        yield [4_294_967_295, 65_535]; // The columns are unsigned.
    }

    public function testCanATokenStandInAnAddressAsItIs(): void
    {
        for ($orderId = 1; $orderId <= 300; $orderId++) {
            $token = self::token('a-key')->sign($orderId, 1);
            self::assertSame($token, rawurlencode($token));
            self::assertSame(64, strlen($token));
        }
    }

    public function testIsATokenOfAnotherInstallationRefused(): void
    {
        self::assertNull(self::token('a-key')->read(self::token('another-key')->sign(42, 1)));
    }

    public function testIsATokenRefusedAfterAnySingleChange(): void
    {
        $token = self::token('a-key');
        $signed = $token->sign(42, 1);
        for ($place = 0; $place < strlen($signed); $place++) {
            $changed = $signed;
            $changed[$place] = $changed[$place] === 'A' ? 'B' : 'A';
            self::assertNull($token->read($changed), "place $place");
        }
    }

    /**
     * @dataProvider nonsense
     */
    public function testIsWhatIsNoTokenRefused(string $text): void
    {
        self::assertNull(self::token('a-key')->read($text));
    }

    /**
     * @return iterable<array{string}>
     */
    public static function nonsense(): iterable
    {
        yield [''];
        yield ['42'];
        yield [str_repeat('A', 64)];
        yield [str_repeat('A', 63)];
        yield [str_repeat('A', 10_000)];
        yield [self::token('a-key')->sign(42, 1) . "\n"];
        yield [self::token('a-key')->sign(42, 1) . 'A'];
        yield [strtr(self::token('a-key')->sign(42, 1), '-_', '+/') . '='];
    }

    public function testDoTokensOutliveANewKey(): void
    {
        $before = self::token('old')->sign(42, 1);
        $after = self::token("old\nnew");

        self::assertSame([42, 1], $after->read($before));
        self::assertSame([42, 1], $after->read($after->sign(42, 1)));
        self::assertNotSame($before, $after->sign(42, 1));
        self::assertNull(self::token('old')->read($after->sign(42, 1)), 'the new key signs, not the old one');
    }

    public function testIsNothingSignedWithoutAKey(): void
    {
        $this->expectException(\LogicException::class);

        self::token('')->sign(42, 1);
    }

    private static function token(string $keys): Token
    {
        return new Token(new Environment(['crypt/key' => $keys]));
    }
}
