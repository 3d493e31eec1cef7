<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Observer\AfterOrderAddressSave;
use Sidecar\Stripe\Observer\AfterOrderSave;
use Sidecar\Stripe\Observer\BeforeOrderAddressSave;
use Sidecar\Stripe\Observer\BeforeOrderSave;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Tests\Fake\Model;

final class OrderEventsTest extends TestCase
{
    private const ORDER = 'entity_id = 1043';

    public function testAFirstSaveIsAPlacedOrder(): void
    {
        $shop = new Shop();
        $order = new Model();
        $shop->dispatch(BeforeOrderSave::class, ['order' => $order]);
        $order->setId(1043);
        $shop->dispatch(AfterOrderSave::class, ['object' => $order]);
        [$event] = $shop->written();
        self::assertSame([EventType::ORDER_PLACED, 'order/1043', 'pending', '0'], [
            $event['type'],
            $event['entity_key'],
            $event['state'],
            $event['available_at'],
        ]);
        self::assertSame('order/1043', $event['message']['subject']);
        self::assertSame('/magento/main', $event['message']['source']);
        self::assertSame($event['event_id'], $event['message']['id']);
    }

    public function testWhatOtherPaymentMethodsKeepDoesNotTravel(): void
    {
        $shop = new Shop();
        $shop->database->update('mg_sales_order_payment', [
            'method' => 'cardgateway',
            'additional_information' => '{"payment_method": "4242424242424242", "save_card": true}',
        ]);
        $order = new Model();
        $shop->dispatch(BeforeOrderSave::class, ['order' => $order]);
        $order->setId(1043);
        $shop->dispatch(AfterOrderSave::class, ['object' => $order]);
        $payment = $shop->written()[0]['message']['data']['payment'];
        self::assertSame(['cardgateway', null, false], [
            $payment['method'],
            $payment['payment_method'],
            $payment['save_card'],
        ]);
    }

    public function testOfWhatOurOwnKeepsFourNamesTravel(): void
    {
        $shop = new Shop();
        $shop->database->update('mg_sales_order_payment', [
            'additional_information' => '{"payment_method": "pm_1", "cc_number": "4242", "client_secret": "s"}',
        ]);
        $order = new Model();
        $shop->dispatch(BeforeOrderSave::class, ['order' => $order]);
        $order->setId(1043);
        $shop->dispatch(AfterOrderSave::class, ['object' => $order]);
        $payment = $shop->written()[0]['message']['data']['payment'];
        self::assertSame('pm_1', $payment['payment_method']);
        self::assertSame(
            ['method', 'payment_method', 'save_card', 'off_session', 'return_url'],
            array_keys($payment)
        );
    }

    public function testALaterSaveIsNone(): void
    {
        $shop = new Shop();
        $this->save($shop, static fn () => null);
        self::assertSame([], $shop->types());
    }

    public function testASaveOfWhatHangsOnTheOrderAloneIsNone(): void
    {
        $shop = new Shop();
        $shop->dispatch(AfterOrderSave::class, ['object' => new Model(['entity_id' => 1043])]);
        self::assertSame([], $shop->types());
    }

    public function testAnOrderThatBecomesCancelledIsToldOnceHoweverOftenItIsSaved(): void
    {
        $shop = new Shop('crontab');
        $order = new Model(['entity_id' => 1043]);
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'canceled', self::ORDER), $order);
        $this->save($shop, static fn () => null, $order);
        $events = $shop->written();
        self::assertSame([EventType::ORDER_CANCELED], array_column($events, 'type'));
        self::assertSame('cron', $events[0]['message']['data']['reason']);
    }

    public function testAnOrderThatWasReopenedAndIsCancelledAgainIsToldAgain(): void
    {
        $shop = new Shop('adminhtml');
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'canceled', self::ORDER));
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'pending_payment', self::ORDER));
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'canceled', self::ORDER));
        self::assertSame([EventType::ORDER_CANCELED, EventType::ORDER_CANCELED], $shop->types());
    }

    public function testAnOrderThatIsCancelledForItsSuccessorSaysSo(): void
    {
        $shop = new Shop('adminhtml');
        $shop->set('sales_order', 'relation_child_id', '1077', self::ORDER);
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'canceled', self::ORDER));
        self::assertSame('replaced', $shop->written()[0]['message']['data']['reason']);
    }

    public function testWithoutAnAreaThereIsNoReason(): void
    {
        $shop = new Shop();
        $this->save($shop, static fn () => $shop->set('sales_order', 'state', 'canceled', self::ORDER));
        self::assertNull($shop->written()[0]['message']['data']['reason']);
    }

    public function testAnAddressThatIsAnotherNowEditsTheOrder(): void
    {
        $shop = new Shop();
        $this->saveAddress($shop, 'shipping', static fn (string $where) => $shop->set(
            'sales_order_address',
            'city',
            'Kehl',
            $where
        ));
        [$event] = $shop->written();
        self::assertSame(EventType::ORDER_EDITED, $event['type']);
        self::assertSame(['shipping_address'], $event['message']['data']['changed_fields']);
        self::assertSame('Kehl', $event['message']['data']['shipping_address']['city']);
    }

    public function testBothAddressesInOneRequestAreOneEvent(): void
    {
        $shop = new Shop();
        foreach (['shipping', 'billing'] as $kind) {
            $this->saveAddress($shop, $kind, static fn (string $where) => $shop->set(
                'sales_order_address',
                'company',
                'Öhler KG',
                $where
            ));
        }
        [$event] = $shop->written();
        $told = $event['message']['data'];
        self::assertSame(['shipping_address', 'billing_address'], $told['changed_fields']);
        self::assertSame('Öhler KG', $told['shipping_address']['company']);
        self::assertSame('Öhler KG', $told['billing_address']['company']);
        self::assertSame([], $shop->types());
    }

    public function testASaveThatChangesNothingThatTravelsEditsNothing(): void
    {
        $shop = new Shop();
        $this->saveAddress($shop, 'shipping', static fn (string $where) => $shop->set(
            'sales_order_address',
            'email',
            'other@example.com',
            $where
        ));
        self::assertSame([], $shop->types());
    }

    public function testTheAddressesOfAnOrderThatIsBeingPlacedEditNothing(): void
    {
        $shop = new Shop();
        $order = new Model();
        $shop->dispatch(BeforeOrderSave::class, ['order' => $order]);
        $order->setId(1043);
        $address = new Model(['address_type' => 'billing']);
        $address->order = $order;
        $shop->dispatch(BeforeOrderAddressSave::class, ['address' => $address]);
        $address->setId((int) $shop->database->fetchOne('SELECT MIN(entity_id) FROM mg_sales_order_address'));
        $shop->dispatch(AfterOrderAddressSave::class, ['address' => $address]);
        $shop->dispatch(AfterOrderSave::class, ['object' => $order]);
        self::assertSame([EventType::ORDER_PLACED], $shop->types());
    }

    private function save(Shop $shop, callable $write, ?Model $order = null): void
    {
        $order ??= new Model(['entity_id' => 1043]);
        $shop->dispatch(BeforeOrderSave::class, ['order' => $order]);
        $write();
        $shop->dispatch(AfterOrderSave::class, ['object' => $order]);
    }

    private function saveAddress(Shop $shop, string $kind, callable $write): void
    {
        $id = (int) $shop->database->fetchOne(
            'SELECT entity_id FROM mg_sales_order_address WHERE parent_id = 1043 AND address_type = ?',
            [$kind]
        );
        $address = new Model(['entity_id' => $id, 'address_type' => $kind]);
        $shop->dispatch(BeforeOrderAddressSave::class, ['address' => $address]);
        $write("entity_id = $id");
        $shop->dispatch(AfterOrderAddressSave::class, ['address' => $address]);
    }
}
