<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Status;

use Magento\Framework\Exception\NoSuchEntityException;
use Magento\Quote\Model\MaskedQuoteIdToQuoteIdInterface;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Status\ClientSecret;
use Sidecar\Stripe\Status\OrderFacts;
use Sidecar\Stripe\Status\PaymentState;
use Sidecar\Stripe\Status\PaymentStatusService;
use Sidecar\Stripe\Status\PaymentTokenService;
use Sidecar\Stripe\Status\Resolution;
use Sidecar\Stripe\Status\Token;
use Sidecar\Stripe\Tests\Fake\Environment;
use Sidecar\Stripe\Tests\Fake\ReversingEncryptor;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * Who may ask how the payment of which order stands, and what they are told.
 */
final class PaymentStatusServiceTest extends TestCase
{
    private const LINK = '{"payment_link":{"url":"https:\/\/checkout.stripe.com\/c","client_secret":"%s"}}';

    protected function setUp(): void
    {
        TestDatabase::resetWithMagento();
    }

    public function testIsTheHolderOfATokenToldOfTheirOrder(): void
    {
        $orderId = self::place();

        $status = self::service()->get(self::token()->sign($orderId, 1));

        self::assertSame(PaymentState::ACTION_REQUIRED, $status->getState());
        self::assertSame('https://checkout.stripe.com/c', $status->getUrl());
        self::assertNull($status->getMessage());
    }

    public function testIsTheSecretGivenOnlyIfItIsAskedFor(): void
    {
        $token = self::token()->sign(self::place(), 1);

        self::assertNull(self::service()->get($token)->getClientSecret());
        self::assertSame('pi_1_secret', self::service()->get($token, true)->getClientSecret());
    }

    public function testIsASecretGivenThatTheWriteBackByTheDatabaseCouldNotEncrypt(): void
    {
        $token = self::token()->sign(self::place(secret: 'pi_1_secret'), 1);

        self::assertSame('pi_1_secret', self::service()->get($token, true)->getClientSecret());
    }

    public function testIsASecretUnreadableWhereItIsKept(): void
    {
        self::assertStringNotContainsString('pi_1_secret', self::secret()->seal('pi_1_secret'));
    }

    public function testIsEveryTokenThatOpensNothingAnsweredAlike(): void
    {
        $orderId = self::place();
        $other = self::place(method: 'checkmo');
        $told = [];
        foreach (
            [
                'not signed by us' => str_repeat('A', 64),
                'no token' => '42',
                'of another store' => self::token()->sign($orderId, 2),
                'of another method' => self::token()->sign($other, 1),
                'of an order that is gone' => self::token()->sign($other + 1, 1),
            ] as $kind => $token
        ) {
            try {
                self::service()->get($token, true);
                self::fail("a token $kind opened something");
            } catch (NoSuchEntityException $refusal) {
                $told[] = $refusal->getMessage();
            }
        }
        self::assertCount(1, array_unique($told));
    }

    public function testIsAGuestGivenTheTokenOfTheirCartsOrder(): void
    {
        $orderId = self::place(['quote_id' => 7]);

        self::assertSame(self::token()->sign($orderId, 1), self::tokens()->ofGuestCart('masked-7'));
    }

    public function testIsNobodyGivenTheTokenOfACustomersCart(): void
    {
        self::place(['quote_id' => 7, 'customer_id' => 5]);

        $this->expectException(NoSuchEntityException::class);

        self::tokens()->ofGuestCart('masked-7');
    }

    public function testIsThereNoTokenOfACartThatIsNoOrderYet(): void
    {
        self::place(['quote_id' => 8]);

        $this->expectException(NoSuchEntityException::class);

        self::tokens()->ofGuestCart('masked-7');
    }

    public function testIsACustomerGivenTheTokenOfTheirOwnOrderOnly(): void
    {
        $own = self::place(['customer_id' => 5]);
        $others = self::place(['customer_id' => 6]);
        $guests = self::place();

        self::assertSame(self::token()->sign($own, 1), self::tokens()->ofCustomersOrder(5, $own));
        foreach ([$others, $guests] as $orderId) {
            try {
                self::tokens()->ofCustomersOrder(5, $orderId);
                self::fail("the token of order $orderId was given");
            } catch (NoSuchEntityException) {
                continue;
            }
        }
    }

    public function testIsThereNoTokenOfAnOrderOfAnotherMethod(): void
    {
        $orderId = self::place(['customer_id' => 5], 'checkmo');

        $this->expectException(NoSuchEntityException::class);

        self::tokens()->ofCustomersOrder(5, $orderId);
    }

    /**
     * @param array<string, int> $order
     */
    private static function place(
        array $order = [],
        string $method = 'sidecar_stripe',
        ?string $secret = null
    ): int {
        $link = sprintf(self::LINK, $secret ?? self::secret()->seal('pi_1_secret'));
        return OrderRows::place($order, ['method' => $method, 'additional_information' => $link]);
    }

    private static function token(): Token
    {
        return new Token(new Environment(['crypt/key' => 'a-key']));
    }

    private static function service(): PaymentStatusService
    {
        $facts = new OrderFacts(TestDatabase::resource());
        return new PaymentStatusService(self::token(), $facts, new Resolution(), self::secret());
    }

    private static function secret(): ClientSecret
    {
        return new ClientSecret(new ReversingEncryptor());
    }

    private static function tokens(): PaymentTokenService
    {
        $masks = new class implements MaskedQuoteIdToQuoteIdInterface {
            public function execute(string $maskedQuoteId): int
            {
                return (int) substr($maskedQuoteId, strlen('masked-'));
            }
        };
        return new PaymentTokenService(self::token(), TestDatabase::resource(), $masks);
    }
}
