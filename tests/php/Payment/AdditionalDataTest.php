<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Framework\Exception\LocalizedException;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Payment\AdditionalData;
use Sidecar\Stripe\Payment\ReturnAddresses;

final class AdditionalDataTest extends TestCase
{
    /**
     * @param array<array-key, mixed> $sent
     * @return array<string, string|bool>
     */
    private static function read(array $sent, bool $absenceIsBelieved = true): array
    {
        $addresses = new ReturnAddresses(['https://shop.example/'], []);
        return AdditionalData::read($sent, $addresses, $absenceIsBelieved)->toArray();
    }

    public function testWhatIsKeptOfEverythingThatMayBeSaid(): void
    {
        $sent = [
            'payment_method' => 'pm_1QxVisa',
            'save_card' => true,
            'off_session' => true,
            'return_url' => 'https://shop.example/back?step=2',
        ];

        self::assertSame($sent, self::read($sent));
    }

    public function testIsNothingElseKept(): void
    {
        $sent = [
            'cc_number' => '4242424242424242',
            'cc_cid' => '123',
            'payment_link' => ['url' => 'https://evil.example'],
            'account' => 'other',
            'extension_attributes' => ['agreement_ids' => [1]],
            0 => 'pm_1QxVisa',
            'PAYMENT_METHOD' => 'pm_1QxVisa',
        ];

        self::assertSame([], self::read($sent));
    }

    public function testIsAShoppersOwnWordThatTheyAreAbsentNotBelieved(): void
    {
        self::assertSame(
            ['payment_method' => 'pm_1QxVisa'],
            self::read(['payment_method' => 'pm_1QxVisa', 'off_session' => true], false)
        );
    }

    /**
     * @dataProvider wordsForTrueAndFalse
     */
    public function testIsAFlagReadInEveryFormInWhichItComes(mixed $sent, bool $expected): void
    {
        self::assertSame($expected ? ['save_card' => true] : [], self::read(['save_card' => $sent]));
    }

    /**
     * @return iterable<string, array{mixed, bool}>
     */
    public static function wordsForTrueAndFalse(): iterable
    {
        yield 'JSON true' => [true, true];
        yield "true as Magento's REST writes it" => ['1', true];
        yield 'true as a text' => ['true', true];
        yield 'one' => [1, true];
        yield 'JSON false' => [false, false];
        yield "false as Magento's REST writes it" => ['', false];
        yield 'false as a text' => ['false', false];
        yield 'a form' => ['0', false];
        yield 'null' => [null, false];
    }

    /**
     * @dataProvider wrong
     */
    public function testIsAWrongValueRefusedByItsNameAndNeverRepeated(string $name, mixed $value): void
    {
        try {
            self::read([$name => $value]);
            self::fail('it was let through');
        } catch (LocalizedException $refusal) {
            self::assertStringContainsString($name, $refusal->getMessage());
            if (is_string($value) && $value !== 'pm_') {
                self::assertStringNotContainsString($value, $refusal->getMessage());
            }
        }
    }

    /**
     * @return iterable<string, array{string, mixed}>
     */
    public static function wrong(): iterable
    {
        yield 'a card number' => ['payment_method', '4242424242424242'];
        yield 'a token of another kind' => ['payment_method', 'tok_visa'];
        yield 'more behind the id' => ['payment_method', "pm_1QxVisa\n4242"];
        yield 'a line end behind the id' => ['payment_method', "pm_1QxVisa\n"];
        yield 'no more than the prefix' => ['payment_method', 'pm_'];
        yield 'too long an id' => ['payment_method', 'pm_' . str_repeat('x', 253)];
        yield 'a list of ids' => ['payment_method', ['pm_1QxVisa']];
        yield 'a number for an id' => ['payment_method', 7];
        yield 'a word for a flag' => ['save_card', 'yes'];
        yield 'a number for a flag' => ['off_session', 2];
        yield 'a list for a flag' => ['off_session', [true]];
        yield 'another site' => ['return_url', 'https://evil.example/'];
        yield 'a script' => ['return_url', 'javascript:alert(1)'];
    }

    public function testIsALongIdStillAnId(): void
    {
        $longest = 'pm_' . str_repeat('x', 252);

        self::assertSame(['payment_method' => $longest], self::read(['payment_method' => $longest]));
    }
}
