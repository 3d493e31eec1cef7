<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\Fake\PaperShop;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * The module answers as the written exchanges say, and leaves behind what they say. tests/magento asks a real Magento.
 */
final class ExchangesTest extends TestCase
{
    /**
     * @return array<string, array{Exchange}>
     */
    public static function exchanges(): array
    {
        return array_map(static fn (Exchange $exchange): array => [$exchange], Exchange::all());
    }

    /**
     * @dataProvider exchanges
     */
    public function testItIsAnsweredAsItIsWritten(Exchange $exchange): void
    {
        TestDatabase::resetWithMagento();
        $shop = new PaperShop(TestDatabase::resource());
        $orderId = $shop->orders->place();
        foreach ($exchange->document['before'] ?? [] as $step) {
            $this->before($shop, $orderId, $step);
        }
        [$status, $body] = $exchange->play($shop, $orderId);
        $invoice = TestDatabase::connect()->fetchOne('SELECT MAX(entity_id) FROM mg_sales_invoice');
        $placeholders = ['{order_id}' => $orderId, '{invoice_id}' => (int) $invoice];
        $expected = array_map(
            static fn ($value) => is_string($value) ? $placeholders[$value] ?? $value : $value,
            $exchange->document['response']['body']
        );
        ksort($expected);
        ksort($body);
        self::assertSame($exchange->document['response']['status'], $status);
        self::assertSame($expected, $body);
        $this->assertAfterwards($exchange->document['after'], $orderId);
    }

    public function testMostOfTheExchangesArePlayed(): void
    {
        self::assertGreaterThan(35, count(Exchange::all()));
    }

    private function before(PaperShop $shop, int $orderId, string $step): void
    {
        if (!str_starts_with($step, 'merchant ')) {
            self::assertSame(200, Exchange::all()[$step]->play($shop, $orderId)[0], $step);
            return;
        }
        $order = $shop->orders->load($orderId);
        match ($step) {
            'merchant cancels' => $order->setState('canceled')->setStatus('canceled'),
            'merchant holds' => $order->hold(),
            'merchant releases' => $order->unhold(),
        };
        $shop->orders->save($order);
    }

    /**
     * @param array<string, mixed> $expected
     */
    private function assertAfterwards(array $expected, int $orderId): void
    {
        $database = TestDatabase::connect();
        $row = $database->fetchRow(
            'SELECT state, status, total_paid FROM mg_sales_order WHERE entity_id = ?',
            [$orderId]
        );
        $invoices = (int) $database->fetchOne('SELECT COUNT(*) FROM mg_sales_invoice WHERE order_id = ?', [$orderId]);
        self::assertSame(
            array_diff_key($expected, ['transactions' => true]),
            $row + ['invoices' => $invoices]
        );
    }
}
