<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Config;

use Magento\Framework\Exception\LocalizedException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\Backend\HttpAddress;
use Sidecar\Stripe\Config\Backend\InstanceName;
use Sidecar\Stripe\Config\Backend\ReturnHosts;

/**
 * What the admin's forms let through.
 */
final class BackendTest extends TestCase
{
    /**
     * @dataProvider kept
     * @param class-string<InstanceName|HttpAddress|ReturnHosts> $field
     */
    public function testWhatIsKeptOfWhatWasTyped(string $field, string $typed, string $expected): void
    {
        $value = self::field($field, $typed);

        $value->beforeSave();

        self::assertSame($expected, $value->getValue());
    }

    /**
     * @return iterable<array{class-string, string, string}>
     */
    public static function kept(): iterable
    {
        yield [InstanceName::class, ' shop-2 ', 'shop-2'];
        yield [InstanceName::class, '', ''];
        yield [HttpAddress::class, ' http://sidecar:9464/readyz ', 'http://sidecar:9464/readyz'];
        yield [HttpAddress::class, 'https://s.example/{order_id}', 'https://s.example/{order_id}'];
        yield [HttpAddress::class, '', ''];
        yield [ReturnHosts::class, "App.example.com\r\n b.example.com,", "app.example.com\nb.example.com"];
        yield [ReturnHosts::class, '', ''];
    }

    /**
     * @dataProvider refused
     * @param class-string<InstanceName|HttpAddress|ReturnHosts> $field
     */
    public function testWhatIsRefused(string $field, string $typed): void
    {
        $this->expectException(LocalizedException::class);

        self::field($field, $typed)->beforeSave();
    }

    /**
     * @return iterable<array{class-string, string}>
     */
    public static function refused(): iterable
    {
        yield [InstanceName::class, 'My Shop'];
        yield [InstanceName::class, str_repeat('a', 33)];
        yield [HttpAddress::class, 'sidecar:9464/readyz'];
        yield [HttpAddress::class, 'javascript:alert(1)'];
        yield [HttpAddress::class, 'file:///etc/passwd'];
        yield [HttpAddress::class, 'https:///readyz'];
        yield [HttpAddress::class, 'https://user:secret@sidecar.example/'];
        yield [ReturnHosts::class, 'https://app.example.com'];
        yield [ReturnHosts::class, '*.example.com'];
        yield [ReturnHosts::class, 'app.example.com:8443'];
        yield [ReturnHosts::class, 'app.example.com/path'];
    }

    /**
     * @param class-string<InstanceName|HttpAddress|ReturnHosts> $field
     */
    private static function field(string $field, string $typed): InstanceName|HttpAddress|ReturnHosts
    {
        // Magento's own constructor takes what its models have in common, which none of these touch.
        $value = (new \ReflectionClass($field))->newInstanceWithoutConstructor();
        return $value->setData('value', $typed);
    }
}
