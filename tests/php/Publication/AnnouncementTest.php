<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Outbox\Replay;
use Sidecar\Stripe\Outbox\State;
use Sidecar\Stripe\Publication\Announcement;
use Sidecar\Stripe\Publication\EventId;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Publication\Happening;
use Sidecar\Stripe\Tests\TestDatabase;

final class AnnouncementTest extends TestCase
{
    private const GIVEN = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

    public function testASwitchedOffModuleWritesNothing(): void
    {
        $shop = new Shop();
        $shop->settings->set('sidecar_stripe/general/enabled', '0');
        $this->placed($shop);
        $shop->module->get(Announcement::class)->ofUpdate(Happening::ofCustomer(EventType::CUSTOMER_SAVED, 318, [
            'is_new' => false,
            'changed_fields' => [],
        ]));
        self::assertSame([], $shop->written());
    }

    public function testWithoutANameOfThisMagentoEventsAreKeptAndCanBeMadeLater(): void
    {
        $shop = new Shop();
        $shop->settings->set('sidecar_stripe/general/instance', '');
        $this->placed($shop);
        [$event] = $shop->written();
        self::assertSame(State::PARKED, $event['state']);
        self::assertCount(1, $shop->log->lines);
        $replay = $shop->module->get(Replay::class);
        self::assertNotNull($replay->one((int) $event['id']), 'it has no name yet');

        $shop->settings->set('sidecar_stripe/general/instance', 'main');
        self::assertNull($replay->one((int) $event['id']));
        $row = $shop->database->fetchRow('SELECT * FROM mg_sidecar_outbox');
        $message = json_decode($row['body'], true);
        self::assertSame([State::PENDING, null, $event['event_id'], 'main', 1043], [
            $row['state'],
            $row['last_error'],
            $message['id'],
            $message['data']['instance'],
            $message['data']['order_id'],
        ]);
    }

    public function testAnOrderDoesNotFailBecauseItsEventDoes(): void
    {
        $shop = new Shop();
        $shop->database->delete(TestDatabase::PREFIX . 'sales_order_address');
        $this->placed($shop);
        [$event] = $shop->written();
        self::assertSame([State::PARKED, 'the order has no billing address'], [$event['state'], $event['last_error']]);
    }

    public function testTheWordsOfOtherErrorsAreNotKept(): void
    {
        $shop = new Shop();
        $shop->database->query('ALTER TABLE mg_sales_order_item DROP COLUMN sku');
        TestDatabase::isAltered();
        $this->placed($shop);
        [$event] = $shop->written();
        self::assertSame(State::PARKED, $event['state']);
        self::assertMatchesRegularExpression('/^[\w\\\\]+$/', $event['last_error']);
    }

    public function testTheEventsOfARequestBearItsTrace(): void
    {
        $shop = new Shop(headers: ['traceparent' => self::GIVEN]);
        self::assertSame([self::GIVEN, self::GIVEN], $this->traces($shop));
    }

    /**
     * @dataProvider noTraces
     */
    public function testWithoutAValidTraceOneIsBegunForAllEventsOfTheRequest(array $headers): void
    {
        [$first, $second] = $this->traces(new Shop(headers: $headers));
        self::assertSame($first, $second);
        self::assertMatchesRegularExpression('/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/', $first);
    }

    public function noTraces(): array
    {
        return [
            'none' => [[]],
            'no trace id' => [['traceparent' => '00-00000000000000000000000000000000-00f067aa0ba902b7-01']],
            'no parent id' => [['traceparent' => '00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01']],
            'a version that is none' => [['traceparent' => 'ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01']],
            'more than a line' => [['traceparent' => self::GIVEN . "\n"]],
        ];
    }

    public function testIdsAreUuidsAndDiffer(): void
    {
        $ids = array_map(static fn (): string => EventId::next(), range(1, 100));
        self::assertCount(100, array_unique($ids));
        foreach ($ids as $id) {
            $form = '/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/';
            self::assertMatchesRegularExpression($form, $id);
        }
    }

    public function testACharacterBeyondThreeBytesOfUtf8IsNotLost(): void
    {
        $shop = new Shop();
        // Magento's connection speaks three-byte UTF-8; its tables may hold more, written by others.
        $shop->database->query("SET NAMES utf8mb4");
        $shop->database->query("UPDATE mg_sales_order_item SET name = 'Messuhr \u{1F550}'");
        $this->placed($shop);
        $shop->database->query("SET NAMES utf8");
        self::assertSame("Messuhr \u{1F550}", $shop->written()[0]['message']['data']['items'][0]['name']);
    }

    /**
     * @return list<string>
     */
    private function traces(Shop $shop): array
    {
        $this->placed($shop);
        $this->placed($shop);
        return array_map(static fn (array $event): string => $event['message']['traceparent'], $shop->written());
    }

    private function placed(Shop $shop): void
    {
        $shop->module->get(Announcement::class)->of(Happening::ofOrder(EventType::ORDER_PLACED, 1043));
    }
}
