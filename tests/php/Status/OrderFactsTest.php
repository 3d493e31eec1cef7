<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\OrderFacts;
use Sidecar\Stripe\Tests\TestDatabase;

final class OrderFactsTest extends TestCase
{
    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
    }

    public function testWhatIsReadOfAnOrder(): void
    {
        $orderId = OrderRows::place([
            'store_id' => 3,
            'state' => 'holded',
            'status' => 'holded',
            'hold_before_state' => 'pending_payment',
        ], [
            'additional_information' => '{"payment_link":{"url":"https:\/\/checkout.stripe.com\/c","reason":"unpaid"}}',
        ]);

        $facts = self::facts()->of($orderId);

        self::assertSame($orderId, $facts->orderId);
        self::assertSame(3, $facts->storeId);
        self::assertSame('holded', $facts->state);
        self::assertSame('pending_payment', $facts->heldFrom);
        self::assertSame('holded', $facts->status);
        self::assertFalse($facts->isPaid);
        self::assertFalse($facts->isAuthorized);
        self::assertSame(
            ['payment_link' => ['url' => 'https://checkout.stripe.com/c', 'reason' => 'unpaid']],
            $facts->information
        );
    }

    /**
     * @dataProvider sums
     */
    public function testWhenIsAnOrderPaid(?string $paid, ?string $due, bool $expected): void
    {
        $orderId = OrderRows::place(['total_paid' => $paid, 'total_due' => $due]);

        self::assertSame($expected, self::facts()->of($orderId)->isPaid);
    }

    /**
     * @return iterable<string, array{string|null, string|null, bool}>
     */
    public static function sums(): iterable
    {
        yield 'as it was placed' => [null, '87.4800', false];
        yield 'all of it' => ['87.4800', '0.0000', true];
        yield 'a part of it' => ['40.0000', '47.4800', false];
        yield 'all but the least' => ['87.4799', '0.0001', false];
        yield 'more than all of it' => ['87.4801', '-0.0001', true];
        yield 'nothing, and nothing due' => ['0.0000', '0.0000', false];
        yield 'not known' => [null, null, false];
    }

    public function testWhenIsMoneyReserved(): void
    {
        $reserved = OrderRows::place([], ['base_amount_authorized' => '87.4800']);
        $nothing = OrderRows::place([], ['base_amount_authorized' => '0.0000']);

        self::assertTrue(self::facts()->of($reserved)->isAuthorized);
        self::assertFalse(self::facts()->of($nothing)->isAuthorized);
    }

    public function testIsAnOrderOfAnotherMethodNotOurs(): void
    {
        self::assertNull(self::facts()->of(OrderRows::place([], ['method' => 'checkmo'])));
    }

    public function testIsThereNothingOfAnOrderThatIsNotThere(): void
    {
        self::assertNull(self::facts()->of(42));
    }

    /**
     * @dataProvider broken
     */
    public function testIsInformationThatCannotBeReadPassedOver(?string $kept): void
    {
        $orderId = OrderRows::place([], ['additional_information' => $kept]);

        self::assertSame([], self::facts()->of($orderId)->information);
    }

    /**
     * @return iterable<array{string|null}>
     */
    public static function broken(): iterable
    {
        yield [null];
        yield [''];
        yield ['null'];
        yield ['{"half'];
    }

    private static function facts(): OrderFacts
    {
        return new OrderFacts(TestDatabase::resource());
    }
}
