<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Snapshot;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Snapshot\CannotTell;
use Sidecar\Stripe\Snapshot\Decimals;
use Sidecar\Stripe\Snapshot\Times;

final class ValuesTest extends TestCase
{
    /**
     * @dataProvider decimals
     */
    public function testADecimalColumnIsToldExactlyWithFourPlaces(string $column, string $told): void
    {
        self::assertSame($told, Decimals::exact($column));
    }

    public function decimals(): array
    {
        return [
            ['36.3900', '36.3900'],
            ['0.0000', '0.0000'],
            ['-5.2000', '-5.2000'],
            ['7', '7.0000'],
            ['1.5', '1.5000'],
            // The largest of decimal(20,4): a float has lost its last digits.
            ['9999999999999999.9999', '9999999999999999.9999'],
            ['-9007199254740993.0001', '-9007199254740993.0001'],
            // Columns that a shop has widened.
            ['0.00005', '0.0001'],
            ['0.00004999', '0.0000'],
            ['-0.00005', '-0.0001'],
            ['-0.00004999', '0.0000'],
            ['1.99995', '2.0000'],
        ];
    }

    public function testAnEmptyColumnIsZeroOrNothing(): void
    {
        self::assertSame(['0.0000', null], [Decimals::exact(null), Decimals::exactOrNull(null)]);
    }

    /**
     * @dataProvider noDecimals
     */
    public function testWhatIsNoDecimalIsRefused(string $column): void
    {
        $this->expectException(CannotTell::class);
        Decimals::exact($column);
    }

    public function noDecimals(): array
    {
        return [[''], ['1e3'], ['NaN'], ['1,5'], [' 1'], ["1\n"], ['12345678901234567.0']];
    }

    public function testSumsAreExact(): void
    {
        self::assertSame('0.3000', Decimals::sum('0.1000', null, '0.2000'));
    }

    public function testAColumnsTimeIsInUtcWhateverThisMachinesZone(): void
    {
        self::assertNotSame('UTC', date_default_timezone_get());
        self::assertSame('2026-11-23T09:15:02Z', Times::ofColumn('2026-11-23 09:15:02'));
    }

    public function testThisMomentIsInUtcToo(): void
    {
        self::assertEqualsWithDelta(microtime(true), strtotime(Times::now()), 60);
        self::assertMatchesRegularExpression('/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/', Times::now());
    }

    public function testWhatIsNoTimeIsRefused(): void
    {
        $this->expectException(CannotTell::class);
        Times::ofColumn(null);
    }
}
