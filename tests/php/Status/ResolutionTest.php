<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use DateTimeImmutable;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\Facts;
use Sidecar\Stripe\Status\PaymentState;
use Sidecar\Stripe\Status\PaymentStatus;
use Sidecar\Stripe\Status\Resolution;

final class ResolutionTest extends TestCase
{
    private const NOW = '2026-11-24T12:00:00Z';

    private const LINK = [
        'payment_intent_id' => 'pi_1',
        'url' => 'https://checkout.stripe.com/c/pay/cs_1',
        'client_secret' => 'pi_1_secret',
        'expires_at' => '2026-11-24T12:00:01Z',
        'reason' => 'unpaid',
    ];
    private const FAILURE = ['failure_id' => 'ch_1', 'code' => 'card_declined', 'message' => 'Your card was declined.'];

    public function testDoesANewOrderWait(): void
    {
        self::assertEquals(new PaymentStatus(PaymentState::WAITING), self::of('pending_payment'));
    }

    public function testIsAShopperAskedToPayByTheLink(): void
    {
        self::assertEquals(
            new PaymentStatus(PaymentState::ACTION_REQUIRED, self::LINK['url'], null, 'pi_1_secret'),
            self::of('pending_payment', ['payment_link' => self::LINK])
        );
    }

    public function testIsAShopperAskedToConfirm(): void
    {
        $link = ['reason' => 'action_required'] + self::LINK;

        self::assertSame(
            PaymentState::ACTION_REQUIRED,
            self::of('pending_payment', ['payment_link' => $link, 'last_failure' => self::FAILURE])->getState()
        );
    }

    public function testIsAHeadlessFrontAskedWithoutAPage(): void
    {
        $link = ['client_secret' => 'pi_1_secret', 'reason' => 'unpaid'];

        self::assertEquals(
            new PaymentStatus(PaymentState::ACTION_REQUIRED, null, null, 'pi_1_secret'),
            self::of('pending_payment', ['payment_link' => $link])
        );
    }

    public function testIsAFailureToldWithItsWordsAndTheWayToPayAgain(): void
    {
        self::assertEquals(
            new PaymentStatus(PaymentState::FAILED, self::LINK['url'], 'Your card was declined.', 'pi_1_secret'),
            self::of(
                'pending_payment',
                ['payment_link' => ['reason' => 'payment_failed'] + self::LINK, 'last_failure' => self::FAILURE],
                status: 'payment_failed'
            )
        );
    }

    public function testIsAFailureToldBeforeThereIsAWayToPayAgain(): void
    {
        self::assertEquals(
            new PaymentStatus(PaymentState::FAILED, null, 'Your card was declined.'),
            self::of('pending_payment', ['last_failure' => self::FAILURE], status: 'payment_failed')
        );
    }

    public function testIsAFailureOnThePageToldAlthoughTheLinkIsOlder(): void
    {
        self::assertSame(
            PaymentState::FAILED,
            self::of(
                'pending_payment',
                ['payment_link' => self::LINK, 'last_failure' => self::FAILURE],
                status: 'payment_failed'
            )->getState()
        );
    }

    public function testIsAnExpiredLinkNoLongerGiven(): void
    {
        $link = ['expires_at' => self::NOW] + self::LINK;

        self::assertEquals(
            new PaymentStatus(PaymentState::WAITING),
            self::of('pending_payment', ['payment_link' => $link])
        );
        self::assertEquals(
            new PaymentStatus(PaymentState::FAILED, null, 'Your card was declined.'),
            self::of(
                'pending_payment',
                ['payment_link' => $link, 'last_failure' => self::FAILURE],
                status: 'payment_failed'
            )
        );
    }

    public function testIsTheOffsetOfALinksEndRead(): void
    {
        $link = ['expires_at' => '2026-11-24T13:30:00+01:00'] + self::LINK;

        self::assertSame(
            PaymentState::ACTION_REQUIRED,
            self::of('pending_payment', ['payment_link' => $link])->getState()
        );
    }

    /**
     * @dataProvider settled
     * @param array{string, string|null, bool, bool} $facts
     */
    public function testDoesWhatMagentoRecordedDecideAgainstAnyOldLink(array $facts, string $expected): void
    {
        [$state, $heldFrom, $isPaid, $isAuthorized] = $facts;
        $old = ['payment_link' => self::LINK, 'last_failure' => self::FAILURE];

        self::assertEquals(new PaymentStatus($expected), self::of($state, $old, $heldFrom, $isPaid, $isAuthorized));
    }

    /**
     * @return iterable<string, array{array{string, string|null, bool, bool}, string}>
     */
    public static function settled(): iterable
    {
        yield 'paid' => [['processing', null, true, false], PaymentState::PAID];
        yield 'paid and sent' => [['complete', null, true, false], PaymentState::PAID];
        yield 'given back later' => [['closed', null, true, false], PaymentState::PAID];
        yield 'captured after it was reserved' => [['processing', null, true, true], PaymentState::PAID];
        yield 'reserved' => [['processing', null, false, true], PaymentState::AUTHORIZED];
        yield 'reserved and sent' => [['complete', null, false, true], PaymentState::AUTHORIZED];
        yield 'cancelled' => [['canceled', null, false, false], PaymentState::CANCELED];
        yield 'cancelled after it was reserved' => [['canceled', null, false, true], PaymentState::CANCELED];
        yield 'closed without money' => [['closed', null, false, false], PaymentState::CANCELED];
        yield 'under review' => [['payment_review', null, false, false], PaymentState::WAITING];
        yield 'moved on by hand' => [['processing', null, false, false], PaymentState::WAITING];
        yield 'held while it waits' => [['holded', 'pending_payment', false, false], PaymentState::WAITING];
        yield 'held and paid' => [['holded', 'processing', true, false], PaymentState::PAID];
        yield 'held and reserved' => [['holded', 'processing', false, true], PaymentState::AUTHORIZED];
        yield 'a state of somebody else' => [['custom', null, false, false], PaymentState::WAITING];
    }

    /**
     * @dataProvider addresses
     */
    public function testIsOnlyAnAddressOfTheWebGivenToAPage(mixed $url): void
    {
        $link = ['url' => $url, 'client_secret' => null] + self::LINK;

        self::assertEquals(
            new PaymentStatus(PaymentState::WAITING),
            self::of('pending_payment', ['payment_link' => $link])
        );
    }

    /**
     * @return iterable<array{mixed}>
     */
    public static function addresses(): iterable
    {
        yield ['javascript:alert(1)'];
        yield ['data:text/html,hello'];
        yield ['//checkout.stripe.com/'];
        yield [''];
        yield [null];
        yield [['https://checkout.stripe.com/']];
    }

    public function testIsInformationOfAnotherFormPassedOver(): void
    {
        self::assertEquals(
            new PaymentStatus(PaymentState::WAITING),
            self::of('pending_payment', ['payment_link' => 'text', 'last_failure' => 7])
        );
    }

    /**
     * @param array<string, mixed> $information
     */
    private static function of(
        string $state,
        array $information = [],
        ?string $heldFrom = null,
        bool $isPaid = false,
        bool $isAuthorized = false,
        ?string $status = null
    ): PaymentStatus {
        $facts = new Facts(42, 1, $state, $heldFrom, $status ?? $state, $isPaid, $isAuthorized, $information);
        return (new Resolution())->of($facts, new DateTimeImmutable(self::NOW));
    }
}
