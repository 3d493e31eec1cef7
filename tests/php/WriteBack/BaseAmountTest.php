<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Sales\Model\Order;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Refunding\BaseAmount;

final class BaseAmountTest extends TestCase
{
    /**
     * @return array<string, array{string, string, ?string, ?string, string, string}> rate, paid, refunded and base
     *     refunded, amount, its base amount; the base paid is the paid by the rate
     */
    public static function amounts(): array
    {
        return [
            'one currency' => ['1.0000', '87.48', '87.48', null, null, '12.34', '12.3400'],
            'euros of a shop in dollars' => ['0.9134', '79.90', '87.48', null, null, '10.00', '10.9500'],
            'half a cent' => ['2.0000', '20.00', '10.00', null, null, '0.01', '0.0100'],
            'all that is left' => ['0.9134', '79.90', '87.48', '70.00', '76.64', '9.90', '10.8400'],
            'more than is left in base' => ['0.9134', '79.90', '87.48', '79.80', '87.47', '0.05', '0.0100'],
            'a rate of rupees' => ['83.1234', '8312.34', '100.00', null, null, '1.00', '0.0100'],
            'no rate' => [null, '87.48', '87.48', null, null, '12.34', '12.3400'],
        ];
    }

    /**
     * @dataProvider amounts
     */
    public function testItIsByTheRateAndNeverMoreThanIsLeft(
        ?string $rate,
        string $paid,
        string $basePaid,
        ?string $refunded,
        ?string $baseRefunded,
        string $amount,
        string $base
    ): void {
        $order = new class ($rate, $paid, $basePaid, $refunded, $baseRefunded) extends Order {
            public function __construct(
                private readonly ?string $rate,
                private readonly string $paid,
                private readonly string $basePaid,
                private readonly ?string $refunded,
                private readonly ?string $baseRefunded
            ) {
                parent::__construct();
            }

            public function getTotalPaid()
            {
                return $this->paid;
            }

            public function getTotalRefunded()
            {
                return $this->refunded;
            }

            public function getBaseTotalPaid()
            {
                return $this->basePaid;
            }

            public function getBaseTotalRefunded()
            {
                return $this->baseRefunded;
            }

            public function getBaseToOrderRate()
            {
                return $this->rate;
            }
        };
        self::assertSame($base, (new BaseAmount())->of($order, $amount));
    }
}
