<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Guard;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\OrdersConfig;
use Sidecar\Stripe\Guard\WaitingOrders;
use Sidecar\Stripe\Tests\Fake\PaperOrders;
use Sidecar\Stripe\Tests\Fake\Settings;
use Sidecar\Stripe\Tests\TestDatabase;

final class WaitingOrdersTest extends TestCase
{
    private const LONGEST = 'sidecar_stripe/orders/longest_wait_minutes';

    private Settings $settings;
    private PaperOrders $paper;
    private WaitingOrders $orders;

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
        $this->settings = new Settings([self::LONGEST => '2880']);
        $resource = TestDatabase::resource();
        $this->paper = new PaperOrders($resource->getConnection(), TestDatabase::PREFIX);
        $this->orders = new WaitingOrders($resource, new OrdersConfig($this->settings));
    }

    public function testAnOrderWaitsAsLongAsItsStoreSays(): void
    {
        self::assertTrue($this->orders->waits($this->place(2879)));
        self::assertFalse($this->orders->waits($this->place(2880)));
    }

    public function testZeroIsForEver(): void
    {
        $this->settings->set(self::LONGEST, '0');
        self::assertTrue($this->orders->waits($this->place(1_000_000)));
    }

    public function testAnOrderThatIsPaidOtherwiseIsMagentosBusiness(): void
    {
        $orderId = $this->place(1, 'checkmo');
        self::assertFalse($this->orders->waits($orderId));
        self::assertFalse($this->orders->isOurs($orderId));
    }

    public function testAnOrderThatIsNotThereIsNobodys(): void
    {
        self::assertFalse($this->orders->waits(999999));
        self::assertFalse($this->orders->isOurs(999999));
    }

    private function place(int $minutesAgo, string $method = 'sidecar_stripe'): int
    {
        $database = TestDatabase::connect();
        $orderId = $this->paper->place();
        $database->query(
            "UPDATE mg_sales_order SET updated_at = NOW() - INTERVAL $minutesAgo MINUTE - INTERVAL 1 SECOND"
            . ' WHERE entity_id = ?',
            [$orderId]
        );
        $database->insert('mg_sales_order_payment', ['parent_id' => $orderId, 'method' => $method]);
        return $orderId;
    }
}
