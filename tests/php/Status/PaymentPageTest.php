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
        $token = new Token(new Environment(['crypt/key' => 'a-key']));
        $page = new PaymentPage($token, new class implements StoreManagerInterface {
            public function getStore($storeId = null)
            {
                return $storeId === 3 ? new PaperStore() : throw new \LogicException('not the order\'s store');
            }
        });

        $address = $page->address(42, 3);

        self::assertStringStartsWith('https://shop.example/sidecar/payment/show/token/', $address);
        self::assertSame([42, 3], $token->read(basename($address)));
        self::assertTrue($page->isAddress($address));
        self::assertFalse($page->isAddress('https://shop.example/checkout/onepage/success'));
    }
}
