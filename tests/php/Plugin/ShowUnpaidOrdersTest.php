<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Plugin;

use Magento\Sales\Model\Order\Config;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Plugin\Frontend\ShowUnpaidOrders;
use Sidecar\Stripe\Tests\Fake\Settings;

/**
 * Which orders customers see in their account.
 */
final class ShowUnpaidOrdersTest extends TestCase
{
    /**
     * @dataProvider settings
     * @param list<string>|null $before
     * @param list<string> $expected
     */
    public function testWhichStatusesAreShown(string $active, string $show, ?array $before, array $expected): void
    {
        $plugin = new ShowUnpaidOrders(new PaymentConfig(new Settings([
            'payment/sidecar_stripe/active' => $active,
            'payment/sidecar_stripe/show_unpaid_orders' => $show,
        ])));

        self::assertSame($expected, $plugin->afterGetVisibleOnFrontStatuses(new Config(), $before));
    }

    /**
     * @return iterable<string, array{string, string, list<string>|null, list<string>}>
     */
    public static function settings(): iterable
    {
        yield 'wanted' => ['1', '1', ['processing'], ['processing', 'pending_payment']];
        yield 'shown already' => ['1', '1', ['pending_payment', 'processing'], ['pending_payment', 'processing']];
        yield 'not wanted' => ['1', '0', ['processing'], ['processing']];
        yield 'without the method' => ['0', '1', ['processing'], ['processing']];
        yield 'a shop without statuses' => ['1', '1', null, ['pending_payment']];
    }
}
