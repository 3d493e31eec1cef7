<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Config;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\EmailConfig;
use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Config\OrdersConfig;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Config\RelayConfig;
use Sidecar\Stripe\Config\SidecarConfig;
use Sidecar\Stripe\Tests\Fake\Settings;

/**
 * What the settings mean that the admin's forms let through, and those that they came with.
 */
final class SettingsTest extends TestCase
{
    public function testIsAModuleThatWasJustInstalledAskedForNothing(): void
    {
        $settings = new Settings(['sidecar_stripe/general/instance' => '']);

        self::assertTrue((new GeneralConfig($settings))->isEnabled());
        self::assertFalse((new GeneralConfig($settings))->isReady());
        self::assertFalse((new PaymentConfig($settings))->isActive());
        self::assertFalse((new PaymentConfig($settings))->believesShoppersAbsence());
        self::assertSame([], (new PaymentConfig($settings))->currencies());
        self::assertSame([], (new PaymentConfig($settings))->returnHosts());
    }

    /**
     * @dataProvider names
     */
    public function testWhichNamesAreAnInstances(string $name, bool $expected): void
    {
        $config = new GeneralConfig(new Settings(['sidecar_stripe/general/instance' => $name]));

        self::assertSame($expected, $config->isReady());
    }

    /**
     * @return iterable<array{string, bool}>
     */
    public static function names(): iterable
    {
        yield ['shop', true];
        yield [' shop ', true];
        yield ['shop-2_eu', true];
        yield [str_repeat('a', 32), true];
        yield [str_repeat('a', 33), false];
        yield ['Shop', false];
        yield ['-shop', false];
        yield ['my shop', false];
        yield ['shöp', false];
    }

    public function testIsATimelineMadeOfItsTemplate(): void
    {
        self::assertSame(
            'https://sidecar.example/shop/42?n=EU%2342',
            self::sidecar('https://sidecar.example/{instance}/{order_id}?n={increment_id}')->timelineUrl(42, 'EU#42')
        );
        self::assertNull(self::sidecar(' ')->timelineUrl(42, '000000042'));
    }

    public function testIsAFieldThatNamesAnotherNotReplacedTwice(): void
    {
        self::assertSame(
            'https://sidecar.example/%7Border_id%7D',
            self::sidecar('https://sidecar.example/{increment_id}')->timelineUrl(42, '{order_id}')
        );
    }

    public function testAreTheRelaysNumbersKeptWithinTheirBounds(): void
    {
        $config = new RelayConfig(new Settings([
            'sidecar_stripe/relay/after_commit_budget_ms' => '-1',
            'sidecar_stripe/relay/batch' => '0',
            'sidecar_stripe/relay/prune_days' => 'x',
        ]));

        self::assertSame(0, $config->afterCommitBudgetMs());
        self::assertSame(1, $config->batch());
        self::assertSame(0, $config->pruneAfterDays());
    }

    public function testDoesMagentosCronWaitLongerThanTheSidecarUnlessTold(): void
    {
        // The sidecar's payment_window is a day, if nothing else is set.
        self::assertGreaterThan(24 * 60, (new OrdersConfig(new Settings()))->longestWaitMinutes());
        self::assertSame(
            0,
            (new OrdersConfig(new Settings(['sidecar_stripe/orders/longest_wait_minutes' => ''])))->longestWaitMinutes()
        );
    }

    public function testAreHostsAndCurrenciesReadHoweverTheyAreSetApart(): void
    {
        $config = new PaymentConfig(new Settings([
            'payment/sidecar_stripe/return_hosts' => " App.Example.com,\r\n\nb.example.com app.example.com;",
            'payment/sidecar_stripe/currencies' => 'USD,eur',
        ]));

        self::assertSame(['app.example.com', 'b.example.com'], $config->returnHosts());
        self::assertSame(['USD', 'EUR'], $config->currencies());
    }

    public function testHasEveryMailATemplateThatTheModuleBrings(): void
    {
        $config = new EmailConfig(new Settings());
        $known = [];
        $file = file_get_contents(dirname(__DIR__, 3) . '/magento_module/etc/email_templates.xml');
        foreach ((new \SimpleXMLElement($file))->template as $template) {
            $known[] = (string) $template['id'];
        }

        self::assertContains($config->paymentFailedTemplate(), $known);
        self::assertContains($config->paymentLinkTemplate(), $known);
    }

    private static function sidecar(string $timeline): SidecarConfig
    {
        $settings = new Settings([
            'sidecar_stripe/general/instance' => 'shop',
            'sidecar_stripe/sidecar/timeline_url' => $timeline,
        ]);
        return new SidecarConfig($settings, new GeneralConfig($settings));
    }
}
