<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Framework\DataObject;
use Magento\Framework\Event\Observer;
use Magento\Payment\Model\MethodInterface;
use Magento\Quote\Model\Quote;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\GeneralConfig;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\Observer\OfferWherePayable;
use Sidecar\Stripe\Tests\Fake\Settings;

/**
 * Where the method is offered.
 */
final class OfferingTest extends TestCase
{
    /**
     * @dataProvider places
     * @param array<string, string> $settings
     */
    public function testWhereIsTheMethodOffered(array $settings, ?string $currency, bool $expected): void
    {
        self::assertSame($expected, self::offered($settings, $currency));
    }

    /**
     * @return iterable<string, array{array<string, string>, string|null, bool}>
     */
    public static function places(): iterable
    {
        $enabled = 'sidecar_stripe/general/enabled';
        $instance = 'sidecar_stripe/general/instance';
        $currencies = 'payment/sidecar_stripe/currencies';
        yield 'set up' => [[], 'USD', true];
        yield 'switched off' => [[$enabled => '0'], 'USD', false];
        yield 'without a name' => [[$instance => ''], 'USD', false];
        yield 'with a name that the sidecar refuses' => [[$instance => 'My Shop'], 'USD', false];
        yield 'in an allowed currency' => [[$currencies => 'EUR,USD'], 'USD', true];
        yield 'in another currency' => [[$currencies => 'EUR,GBP'], 'USD', false];
        yield 'without a cart' => [[$currencies => 'EUR'], null, true];
    }

    public function testIsAnotherMethodNoneOfOurs(): void
    {
        self::assertTrue(self::offered(['sidecar_stripe/general/enabled' => '0'], 'USD', 'checkmo'));
    }

    public function testIsAMethodThatWasRefusedBeforeNotOfferedAgain(): void
    {
        self::assertFalse(self::offered([], 'USD', before: false));
    }

    /**
     * @param array<string, string> $values
     */
    private static function offered(
        array $values,
        ?string $currency,
        string $code = 'sidecar_stripe',
        bool $before = true
    ): bool {
        $settings = new Settings($values);
        $result = new DataObject(['is_available' => $before]);
        $quote = new class (['quote_currency_code' => $currency]) extends Quote {
            public function getStoreId()
            {
                return 1;
            }

            public function getQuoteCurrencyCode(): ?string
            {
                return $this->getData('quote_currency_code');
            }
        };
        $method = new class ($code) implements MethodInterface {
            public function __construct(private readonly string $code)
            {
            }

            public function getCode()
            {
                return $this->code;
            }
        };
        (new OfferWherePayable(new GeneralConfig($settings), new PaymentConfig($settings)))->execute(new Observer([
            'result' => $result,
            'method_instance' => $method,
            'quote' => $currency === null ? null : $quote,
        ]));
        return $result->getData('is_available');
    }
}
