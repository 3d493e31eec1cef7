<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Plugin;

use Magento\Sales\Model\AdminOrder\EmailSender;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Plugin\Adminhtml\ConfirmWhenPaid;
use Sidecar\Stripe\Tests\Fake\StripeOrder;
use Sidecar\Stripe\Tests\Fake\StripePayment;

/**
 * When an order that was made in the admin is confirmed.
 */
final class ConfirmWhenPaidTest extends TestCase
{
    /**
     * @dataProvider orders
     */
    public function testIsTheConfirmationSentAtOnce(string $method, bool $canSend, bool $expected): void
    {
        $order = new StripeOrder();
        $order->payment = new StripePayment(['method' => $method]);
        $order->canSendNewEmail = $canSend;
        $isSent = false;

        (new ConfirmWhenPaid())->aroundSend(
            new EmailSender(),
            static function () use (&$isSent): bool {
                return $isSent = true;
            },
            $order
        );

        self::assertSame($expected, $isSent);
    }

    /**
     * @return iterable<string, array{string, bool, bool}>
     */
    public static function orders(): iterable
    {
        yield 'that waits for its payment' => ['sidecar_stripe', false, false];
        yield 'that does not' => ['sidecar_stripe', true, true];
        yield 'of another method' => ['checkmo', false, true];
    }
}
