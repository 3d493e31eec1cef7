<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Payment;

use Magento\Authorization\Model\UserContextInterface;
use Magento\Framework\App\Area;
use Magento\Framework\DataObject;
use Magento\Framework\Event\Observer;
use Magento\Framework\Exception\LocalizedException;
use Magento\Quote\Model\Quote;
use Magento\Quote\Model\Quote\Payment;
use Magento\Store\Model\StoreManagerInterface;
use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Config\PaymentConfig;
use Sidecar\Stripe\Payment\AbsentShopper;
use Sidecar\Stripe\Payment\Observer\AssignAdditionalData;
use Sidecar\Stripe\Tests\Fake\AreaState;
use Sidecar\Stripe\Tests\Fake\PaperStore;
use Sidecar\Stripe\Tests\Fake\Settings;

/**
 * What a cart's payment keeps of what a front sends, one request after the other.
 */
final class AssigningTest extends TestCase
{
    private Payment $payment;

    protected function setUp(): void
    {
        $this->payment = new class extends Payment {
            public function getQuote()
            {
                return new class extends Quote {
                    public function getStoreId()
                    {
                        return 3;
                    }
                };
            }
        };
        $this->payment->setAdditionalInformation('another_modules', 'word');
    }

    public function testIsWhatWasSentKept(): void
    {
        $this->send(['payment_method' => 'pm_1', 'save_card' => '1', 'cc_number' => '4242424242424242']);

        self::assertEquals(
            ['another_modules' => 'word', 'payment_method' => 'pm_1', 'save_card' => true],
            $this->payment->getAdditionalInformation()
        );
    }

    public function testDoesALaterWordReplaceAllThatWasSaidBefore(): void
    {
        $this->send(['payment_method' => 'pm_1', 'save_card' => true, 'return_url' => 'https://shop.example/back']);
        $this->send(['save_card' => false]);

        self::assertSame(['another_modules' => 'word'], $this->payment->getAdditionalInformation());
    }

    public function testDoesARequestThatSaysNothingChangeNothing(): void
    {
        $this->send(['payment_method' => 'pm_1']);
        $this->send(null);
        $this->send([]);
        $this->send(['extension_attributes' => new DataObject()]);

        self::assertSame('pm_1', $this->payment->getAdditionalInformation('payment_method'));
    }

    public function testDoesARefusedWordChangeNothing(): void
    {
        $this->send(['payment_method' => 'pm_1']);
        try {
            $this->send(['payment_method' => 'pm_2', 'return_url' => 'https://evil.example/']);
            self::fail('it was let through');
        } catch (LocalizedException) {
            self::assertSame('pm_1', $this->payment->getAdditionalInformation('payment_method'));
        }
    }

    public function testAreTheHostsThatTheMerchantAllowsAllowed(): void
    {
        $this->send(
            ['return_url' => 'https://app.example.com/done'],
            ['payment/sidecar_stripe/return_hosts' => "other.example.com\nAPP.example.com"]
        );

        self::assertSame('https://app.example.com/done', $this->payment->getAdditionalInformation('return_url'));
    }

    public function testIsAShopperNotBelievedToBeAbsent(): void
    {
        $this->send(['payment_method' => 'pm_1', 'off_session' => true]);

        self::assertNull($this->payment->getAdditionalInformation('off_session'));
    }

    /**
     * @param array<string, mixed>|null $sent
     * @param array<string, string> $values settings
     */
    private function send(?array $sent, array $values = []): void
    {
        $config = new PaymentConfig(new Settings($values));
        $user = new class implements UserContextInterface {
            public function getUserType()
            {
                return UserContextInterface::USER_TYPE_GUEST;
            }
        };
        $stores = new class implements StoreManagerInterface {
            public function getStore($storeId = null)
            {
                return $storeId === 3 ? new PaperStore() : throw new \LogicException('not the cart\'s store');
            }
        };
        $absent = new AbsentShopper(new AreaState(Area::AREA_WEBAPI_REST), $user, $config);
        (new AssignAdditionalData($stores, $config, $absent))->execute(new Observer([
            'payment_model' => $this->payment,
            'data' => new DataObject(['additional_data' => $sent]),
        ]));
    }
}
