<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use PHPUnit\Framework\TestCase;
use RuntimeException;
use Sidecar\Stripe\Publication\CustomerImport;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * An import reads its rows a bunch at a time and writes tables by SQL; that is done here by hand.
 */
final class CustomerImportTest extends TestCase
{
    private Shop $shop;
    private CustomerImport $import;

    protected function setUp(): void
    {
        $this->shop = new Shop();
        $this->import = $this->shop->module->get(CustomerImport::class);
    }

    public function testCustomersThatAreMadeChangedAndDeletedAreTold(): void
    {
        $this->insert('gone@example.com');
        $this->import->during(function (): void {
            $this->import->read([['email' => 'jonas@example.com'], ['email' => 'new@example.com']]);
            $this->shop->set('customer_entity', 'taxvat', 'DE1', 'entity_id = 318');
            $this->insert('new@example.com');
            $this->import->read([['email' => 'gone@example.com']]);
            $this->shop->database->delete(TestDatabase::PREFIX . 'customer_entity', "email = 'gone@example.com'");
            $this->import->read(null);
        });
        $events = $this->shop->written();
        self::assertSame(
            [EventType::CUSTOMER_SAVED, EventType::CUSTOMER_SAVED, EventType::CUSTOMER_DELETED],
            array_column($events, 'type')
        );
        self::assertSame(['taxvat'], $events[0]['message']['data']['changed_fields']);
        self::assertTrue($events[1]['message']['data']['is_new']);
    }

    public function testTheFileOfAddressesNamesCustomersInItsOwnColumn(): void
    {
        $this->import->during(function (): void {
            $this->import->read([['_email' => 'JONAS@example.com', '_entity_id' => '501']]);
            $this->shop->set('customer_address_entity', 'city', 'Kehl', 'entity_id = 501');
            $this->import->read(null);
        });
        self::assertSame(['addresses'], $this->shop->written()[0]['message']['data']['changed_fields']);
    }

    public function testABunchAndItsEventsAreThereTogetherOrNotAtAll(): void
    {
        try {
            $this->import->during(function (): void {
                $this->import->read([['email' => 'jonas@example.com']]);
                $this->shop->set('customer_entity', 'taxvat', 'DE1', 'entity_id = 318');
                $this->import->read([['email' => 'jonas@example.com']]);
                $this->shop->set('customer_entity', 'suffix', 'MSc', 'entity_id = 318');
                throw new RuntimeException('the server went down');
            });
            self::fail('the error is swallowed');
        } catch (RuntimeException) {
            self::assertSame(0, $this->shop->database->getTransactionLevel());
        }
        $row = $this->shop->database->fetchRow('SELECT taxvat, suffix FROM mg_customer_entity WHERE entity_id = 318');
        self::assertSame(['taxvat' => 'DE1', 'suffix' => null], $row);
        [$event] = $this->shop->written();
        self::assertSame(['taxvat'], $event['message']['data']['changed_fields']);
    }

    public function testWhatAnImportLeavesAsItWasIsNotTold(): void
    {
        $this->import->during(function (): void {
            $this->import->read([['email' => 'jonas@example.com']]);
            $this->shop->set('customer_entity', 'updated_at', '2027-01-01 00:00:00', 'entity_id = 318');
            $this->import->read(null);
        });
        self::assertSame([], $this->shop->types());
    }

    public function testBunchesOfOtherImportsAreNoneOfItsBusiness(): void
    {
        $this->import->read([['sku' => 'MUG']]);
        self::assertSame(0, $this->shop->database->getTransactionLevel());
    }

    private function insert(string $email): void
    {
        $this->shop->database->insert(TestDatabase::PREFIX . 'customer_entity', [
            'email' => $email,
            'store_id' => 3,
            'website_id' => 2,
            'firstname' => 'I',
            'lastname' => 'M',
        ]);
    }
}
