<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\WriteBack\Decimal;

final class DecimalTest extends TestCase
{
    /**
     * @return array<string, array{string, bool}>
     */
    public static function texts(): array
    {
        return [
            'two places' => ['87.48', true],
            'four places' => ['87.4800', true],
            'a whole number' => ['87', true],
            'nothing' => ['0', true],
            'five places' => ['87.48001', false],
            'a comma' => ['87,48', false],
            'a sign' => ['-87.48', false],
            'a plus' => ['+87.48', false],
            'an exponent' => ['8e2', false],
            'no digit before the point' => ['.5', false],
            'no digit after the point' => ['5.', false],
            'a blank' => [' 87.48', false],
            'a line break' => ["87.48\n", false],
            'no number' => ['NaN', false],
            'empty' => ['', false],
            'hexadecimal' => ['0x1A', false],
            'more than a column holds' => ['1234567890123456', false],
        ];
    }

    /**
     * @dataProvider texts
     */
    public function testAnAmountIsPlainDigits(string $text, bool $isAmount): void
    {
        self::assertSame($isAmount, Decimal::isAmount($text));
    }

    /**
     * @return array<string, array{string|float|int|null, string}>
     */
    public static function values(): array
    {
        return [
            'a column' => ['87.4800', '87.4800'],
            'none' => [null, '0.0000'],
            'a sum of floats' => [0.1 + 0.2, '0.3000'],
            'a float below its decimal' => [1.005, '1.0050'],
            'an integer' => [7, '7.0000'],
            'a large amount' => ['900719925474099.2900', '900719925474099.2900'],
        ];
    }

    /**
     * @dataProvider values
     */
    public function testAModelsValueBecomesTheDecimalThatItStandsFor(
        string|float|int|null $value,
        string $decimal
    ): void {
        self::assertSame($decimal, Decimal::of($value));
    }

    public function testHalvesAreRoundedAwayFromZero(): void
    {
        self::assertSame(
            ['0.13', '0.12', '1.00', '1', '0.00'],
            [
                Decimal::rounded('0.125', 2),
                Decimal::rounded('0.1249', 2),
                Decimal::rounded('0.995', 2),
                Decimal::rounded('0.5', 0),
                Decimal::rounded('0.0049', 2),
            ]
        );
        self::assertSame(['109.48', '0.33'], [Decimal::divided('100', '0.9134', 2), Decimal::divided('1', '3', 2)]);
    }

    public function testAmountsAreTheSameWhateverTheirZeros(): void
    {
        self::assertSame([0, -1, 1], [
            Decimal::compare('87.48', '87.4800'),
            Decimal::compare('87.47', '87.48'),
            Decimal::compare('100', '99.9999'),
        ]);
    }
}
