<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use Magento\Store\Model\StoreManagerInterface;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\PaymentPage;
use Sidecar\Stripe\Status\Token;
use Sidecar\Stripe\Tests\Fake\Environment;
use Sidecar\Stripe\Tests\Fake\PaperStore;

final class PaymentPageTest extends TestCase
{
    public function testDoesThePagesAddressCarryTheOrdersToken(): void
    {
        $address = self::page(new PaperStore())->address(42, 3);

        self::assertStringStartsWith('https://shop.example/sidecar/payment/show/token/', $address);
        self::assertSame([42, 3], self::token()->read(basename($address)));
    }

    public function testDoesTheAddressNameAStoreViewThatItDoesNotShow(): void
    {
        $other = self::page(new PaperStore())->address(42, 4);
        $named = self::page(new PaperStore(['is_use_store_in_url' => true]))->address(42, 4);

        self::assertStringEndsWith('?___store=shop_de', $other);
        self::assertSame([42, 4], self::token()->read(basename((string) parse_url($other, PHP_URL_PATH))));
        self::assertStringNotContainsString('___store', $named);
    }

    public function testIsThePageKnownByItsAddress(): void
    {
        $page = self::page(new PaperStore());

        self::assertTrue($page->isAddress($page->address(42, 3)));
        self::assertTrue($page->isAddress($page->address(42, 4)));
        self::assertFalse($page->isAddress('https://shop.example/checkout/onepage/success'));
    }

    private static function page(PaperStore $store): PaymentPage
    {
        return new PaymentPage(self::token(), new class ($store) implements StoreManagerInterface {
            public function __construct(private readonly PaperStore $store)
            {
            }

            public function getStore($storeId = null)
            {
                return in_array($storeId, [3, 4], true)
                    ? $this->store
                    : throw new \LogicException('not the order\'s store');
            }
        });
    }

    private static function token(): Token
    {
        return new Token(new Environment(['crypt/key' => 'a-key']));
    }
}
