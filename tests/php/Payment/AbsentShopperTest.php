<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Authorization\Model\UserContextInterface;
use Magento\Framework\App\Area;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\AbsentShopper;
use Sidecar\Stripe\Tests\Fake\AreaState;
use Sidecar\Stripe\Tests\Fake\Settings;

final class AbsentShopperTest extends TestCase
{
    /**
     * @dataProvider speakers
     */
    public function testWhoIsBelievedThatTheShopperIsAbsent(?string $area, ?int $user, bool $expected): void
    {
        self::assertSame($expected, self::asked($area, $user, '0'));
    }

    /**
     * @return iterable<string, array{string|null, int|null, bool}>
     */
    public static function speakers(): iterable
    {
        $admin = UserContextInterface::USER_TYPE_ADMIN;
        $integration = UserContextInterface::USER_TYPE_INTEGRATION;
        $customer = UserContextInterface::USER_TYPE_CUSTOMER;
        $guest = UserContextInterface::USER_TYPE_GUEST;
        yield 'a person in the admin' => [Area::AREA_ADMINHTML, $admin, true];
        yield 'an integration' => [Area::AREA_WEBAPI_REST, $integration, true];
        yield "an administrator's token" => [Area::AREA_WEBAPI_REST, $admin, true];
        yield 'an integration over SOAP' => [Area::AREA_WEBAPI_SOAP, $integration, true];
        yield 'a subscription that cron renews' => [Area::AREA_CRONTAB, null, true];
        yield 'a script' => [null, null, true];
        yield 'a guest' => [Area::AREA_WEBAPI_REST, $guest, false];
        yield 'nobody known' => [Area::AREA_WEBAPI_REST, null, false];
        yield 'a customer' => [Area::AREA_WEBAPI_REST, $customer, false];
        yield 'a customer over GraphQL' => [Area::AREA_GRAPHQL, $customer, false];
        yield 'a guest over GraphQL' => [Area::AREA_GRAPHQL, null, false];
        yield 'the storefront' => [Area::AREA_FRONTEND, $customer, false];
    }

    public function testAreFrontsBelievedWhereTheMerchantSaysSo(): void
    {
        self::assertTrue(self::asked(Area::AREA_GRAPHQL, null, '1'));
    }

    private static function asked(?string $area, ?int $user, string $setting): bool
    {
        $context = new class ($user) implements UserContextInterface {
            public function __construct(private readonly ?int $user)
            {
            }

            public function getUserType()
            {
                return $this->user;
            }
        };
        $settings = new Settings(['payment/sidecar_stripe/off_session_by_shoppers' => $setting]);
        return (new AbsentShopper(new AreaState($area), $context, new PaymentConfig($settings)))->isBelieved(1);
    }
}
