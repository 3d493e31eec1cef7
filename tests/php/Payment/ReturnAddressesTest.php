<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Payment\ReturnAddresses;

final class ReturnAddressesTest extends TestCase
{
    /**
     * @dataProvider allowed
     */
    public function testWhereMayAShopperBeSent(string $address): void
    {
        self::assertTrue(self::live()->allow($address));
    }

    /**
     * @return iterable<array{string}>
     */
    public static function allowed(): iterable
    {
        yield 'the shop' => ['https://shop.example/'];
        yield 'a page of it' => ['https://shop.example/checkout/back?order=1&x=%20y#end'];
        yield 'in capitals' => ['HTTPS://SHOP.EXAMPLE/'];
        yield 'its port by number' => ['https://shop.example:443/back'];
        yield 'with what Stripe fills in' => ['https://shop.example/back?session={CHECKOUT_SESSION_ID}'];
        yield 'a host that the merchant allows' => ['https://app.example.com/done'];
    }

    /**
     * @dataProvider refused
     */
    public function testWhereMayNobodyBeSent(string $address): void
    {
        self::assertFalse(self::live()->allow($address));
    }

    /**
     * @return iterable<array{string}>
     */
    public static function refused(): iterable
    {
        yield 'nothing' => [''];
        yield 'another site' => ['https://evil.example/'];
        yield 'a subdomain' => ['https://other.shop.example/'];
        yield 'a name that begins like the shop' => ['https://shop.example.evil.example/'];
        yield 'a name that ends like the shop' => ['https://evilshop.example/'];
        yield 'the shop without https' => ['http://shop.example/'];
        yield 'an allowed host without https' => ['http://app.example.com/'];
        yield 'an allowed host at another port' => ['https://app.example.com:8443/'];
        yield 'the shop at another port' => ['https://shop.example:8443/'];
        yield 'the shop as a user' => ['https://shop.example@evil.example/'];
        yield 'a user of the shop' => ['https://user@shop.example/'];
        yield 'a backslash, which browsers take for a slash' => ['https://evil.example\@shop.example/'];
        yield 'a line end' => ["https://shop.example/\r\nSet-Cookie: a=b"];
        yield 'a blank' => ['https://shop.example /'];
        yield 'without a scheme' => ['//shop.example/'];
        yield 'a path' => ['/checkout'];
        yield 'a script' => ['javascript://shop.example/%0aalert(1)'];
        yield 'data' => ['data:text/html,hello'];
        yield 'an app' => ['shopapp://done'];
        yield 'no host' => ['https:///shop.example'];
        yield 'too long' => ['https://shop.example/' . str_repeat('a', 2048)];
        yield 'letters that look like others' => ['https://shоp.example/'];
    }

    public function testIsAShopWithoutHttpsItsOwnSiteToo(): void
    {
        $local = new ReturnAddresses(['http://127.0.0.1:8081/', 'http://127.0.0.1:8081/'], ['app.example.com']);

        self::assertTrue($local->allow('http://127.0.0.1:8081/back'));
        self::assertFalse($local->allow('http://127.0.0.1:8082/back'));
        self::assertFalse($local->allow('http://app.example.com/'));
        self::assertTrue($local->allow('https://app.example.com/'));
    }

    private static function live(): ReturnAddresses
    {
        // Many shops keep their address without https for what is not secure.
        return new ReturnAddresses(['https://shop.example/', 'http://shop.example/'], ['app.example.com']);
    }
}
