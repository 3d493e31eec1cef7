<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Standing;

final class StandingTest extends TestCase
{
    /**
     * @return array<string, array{string, ?string, ?string, string, string}> grand total, paid, refunded, due, and
     *     what may go back
     */
    public static function amounts(): array
    {
        return [
            'nothing paid' => ['87.4800', null, null, '87.4800', '0.0000'],
            'paid' => ['87.4800', '87.4800', null, '0.0000', '87.4800'],
            'refunded in part' => ['87.4800', '87.4800', '12.5000', '0.0000', '74.9800'],
            'paid in part' => ['87.4800', '80.0000', null, '7.4800', '80.0000'],
            'paid too much' => ['87.4800', '90.0000', null, '0.0000', '90.0000'],
            'a total that Magento rounds' => ['79.8999', null, null, '79.9000', '0.0000'],
            'half a cent' => ['79.8950', null, null, '79.9000', '0.0000'],
            'less than half a cent' => ['79.8949', null, null, '79.8900', '0.0000'],
            'more than a float holds' => ['900719925474099.29', null, null, '900719925474099.2900', '0.0000'],
        ];
    }

    /**
     * @dataProvider amounts
     */
    public function testWhatIsDueAndWhatMayGoBackAreThoseOfMagento(
        string $total,
        ?string $paid,
        ?string $refunded,
        string $due,
        string $refundable
    ): void {
        $order = Standing::ofRow([
            'entity_id' => '42',
            'state' => 'pending_payment',
            'status' => 'pending_payment',
            'hold_before_state' => null,
            'grand_total' => $total,
            'total_paid' => $paid,
            'total_invoiced' => $paid,
            'total_refunded' => $refunded,
            'order_currency_code' => 'USD',
        ]);
        self::assertSame([$due, $refundable], [$order->due, $order->refundable]);
        self::assertSame($paid !== null, $order->invoiced);
    }
}
