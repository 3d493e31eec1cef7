<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use Magento\Sales\Model\Order;
use Magento\Tax\Model\Config;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Refunding\BaseShipping;

final class BaseShippingTest extends TestCase
{
    /**
     * @return array<string, array{float, float, float, bool, string, float}> the order's shipping, in base currency,
     *     the same with tax, whether the shop shows it with tax, what is asked for, what Magento has to be asked for
     */
    public static function shipping(): array
    {
        return [
            'one currency' => [25.0, 25.0, 25.0, false, '10.00', 10.0],
            'all of it' => [25.0, 25.0, 27.06, false, '25.00', 25.0],
            'with tax, all of it' => [25.0, 25.0, 27.06, true, '25.00', 27.06],
            'with tax, a part' => [25.0, 25.0, 27.06, true, '10.00', 10.82],
            'euros of a shop in dollars' => [4.57, 5.0, 5.0, false, '1.00', 1.09],
            'all euros' => [4.57, 5.0, 5.0, false, '4.57', 5.0],
            'none' => [25.0, 25.0, 25.0, false, '0', 0.0],
            'an order without' => [0.0, 0.0, 0.0, false, '5.00', 0.0],
            'more than there was' => [25.0, 25.0, 25.0, false, '30.00', 25.0],
        ];
    }

    /**
     * @dataProvider shipping
     */
    public function testMagentoIsAskedForWhatGivesTheAmount(
        float $shipping,
        float $base,
        float $baseWithTax,
        bool $withTax,
        string $amount,
        float $asked
    ): void {
        $order = $this->order($shipping, $base, $baseWithTax);
        self::assertEqualsWithDelta($asked, (new BaseShipping($this->config($withTax)))->of($order, $amount), 1e-9);
    }

    public function testEveryCentOfShippingIsReached(): void
    {
        $order = $this->order(4.57, 5.0, 5.0);
        for ($cents = 1; $cents <= 457; $cents++) {
            $amount = sprintf('%d.%02d', intdiv($cents, 100), $cents % 100);
            $asked = (new BaseShipping($this->config(false)))->of($order, $amount);
            self::assertEqualsWithDelta((float) $amount, round(4.57 * ($asked / 5.0), 2), 1e-9);
        }
    }

    private function order(float $shipping, float $base, float $baseWithTax): Order
    {
        return new class ($shipping, $base, $baseWithTax) extends Order {
            public function __construct(
                private readonly float $shipping,
                private readonly float $base,
                private readonly float $baseWithTax
            ) {
                parent::__construct();
            }

            public function getStoreId()
            {
                return 1;
            }

            public function getShippingAmount()
            {
                return $this->shipping;
            }

            public function getBaseShippingAmount()
            {
                return $this->base;
            }

            public function getBaseShippingInclTax()
            {
                return $this->baseWithTax;
            }
        };
    }

    private function config(bool $withTax): Config
    {
        return new class ($withTax) extends Config {
            public function __construct(private readonly bool $withTax)
            {
            }

            public function displaySalesShippingInclTax($store = null)
            {
                return $this->withTax;
            }
        };
    }
}
