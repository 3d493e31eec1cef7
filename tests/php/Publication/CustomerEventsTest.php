<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Publication;

use Magento\Framework\App\ResourceConnection;
use PHPUnit\Framework\TestCase;
use RuntimeException;
use Sidecar\Stripe\Observer\AfterCustomerAddressChange;
use Sidecar\Stripe\Observer\AfterCustomerDelete;
use Sidecar\Stripe\Observer\AfterCustomerSave;
use Sidecar\Stripe\Outbox\Unsettled;
use Sidecar\Stripe\Publication\CustomerChanges;
use Sidecar\Stripe\Publication\EventType;
use Sidecar\Stripe\Tests\ExampleRows;
use Sidecar\Stripe\Tests\Fake\Model;
use Sidecar\Stripe\Tests\TestDatabase;

/**
 * What Magento does around a save is done here by hand: the plugin around the resource model, the writes, the event.
 */
final class CustomerEventsTest extends TestCase
{
    private const CUSTOMER = 'entity_id = 318';

    private Shop $shop;
    private CustomerChanges $changes;

    protected function setUp(): void
    {
        $this->shop = new Shop();
        $this->changes = $this->shop->module->get(CustomerChanges::class);
    }

    public function testASaveTellsWhatItChanged(): void
    {
        $this->save(fn () => $this->set('taxvat', 'DE1'));
        self::assertSame(['taxvat'], $this->told()['changed_fields']);
    }

    public function testASaveThatChangesNothingThatTravelsTellsNothing(): void
    {
        $this->save(fn () => $this->set('updated_at', '2027-01-01 00:00:00'));
        self::assertSame([], $this->shop->types());
    }

    public function testANewCustomerIsNewThoughItsAddressesAreSavedAfterIt(): void
    {
        $customer = ExampleRows::read(EventType::CUSTOMER_SAVED, 'new-without-address');
        $model = new Model();
        $this->changes->during(0, $model, function () use ($model, $customer): void {
            (new ExampleRows($this->shop->database))->customer($customer);
            $model->setId($customer['customer_id']);
            $this->shop->dispatch(AfterCustomerSave::class, ['object' => $model]);
        });
        $this->saveAddress($customer['customer_id'], fn () => $this->addAddress($customer['customer_id']));
        [$event] = $this->shop->written();
        $told = $event['message']['data'];
        self::assertSame([true, [], 1], [$told['is_new'], $told['changed_fields'], count($told['addresses'])]);
        self::assertSame([], $this->shop->types(), 'it is one event');
    }

    public function testDefaultAddressesThatAreWrittenWithoutAModelAreAChange(): void
    {
        $this->saveAddress(318, fn () => $this->set('default_billing', 502));
        self::assertSame(['addresses'], $this->told()['changed_fields']);
    }

    public function testAnAddressThatIsDeletedIsAChangeOfItsCustomer(): void
    {
        $address = new Model(['entity_id' => 502, 'parent_id' => 318]);
        $this->changes->during(318, $address, function () use ($address): void {
            $this->shop->database->delete(TestDatabase::PREFIX . 'customer_address_entity', 'entity_id = 502');
            $this->shop->dispatch(AfterCustomerAddressChange::class, ['data_object' => $address]);
        });
        $told = $this->told();
        self::assertSame([['addresses'], 1], [$told['changed_fields'], count($told['addresses'])]);
    }

    public function testAddressesThatAreSavedWithinTheirCustomersSaveAreToldWithIt(): void
    {
        $this->save(function (): void {
            $this->set('lastname', 'Lind');
            $this->saveAddress(318, fn () => $this->addAddress(318));
            self::assertSame([], $this->shop->types());
        });
        self::assertSame(['lastname', 'addresses'], $this->told()['changed_fields']);
    }

    public function testSavesOfOneRequestAreOneEventUntilItIsPublished(): void
    {
        $this->save(fn () => $this->set('taxvat', 'DE1'));
        $this->save(fn () => $this->set('lastname', 'Lind'));
        $told = $this->told();
        self::assertSame(['taxvat', 'lastname'], $told['changed_fields']);
        self::assertSame('Lind', $told['lastname']);
        $this->shop->publish();
        $this->save(fn () => $this->set('suffix', 'MSc'));
        self::assertSame(['suffix'], $this->told()['changed_fields']);
    }

    public function testAnEventThatARelayHasInHandIsNotTouchedAnyMore(): void
    {
        $this->save(fn () => $this->set('taxvat', 'DE1'));
        $table = TestDatabase::PREFIX . 'sidecar_outbox';
        $this->shop->database->update($table, ['claimed_by' => 'a relay']);
        $before = $this->shop->database->fetchOne("SELECT body FROM $table");
        $this->save(fn () => $this->set('lastname', 'Lind'));
        self::assertSame($before, $this->shop->database->fetchOne("SELECT body FROM $table ORDER BY id LIMIT 1"));
        self::assertCount(2, $this->shop->written());
    }

    public function testAnEventWaitsForTheEndOfItsRequest(): void
    {
        $this->save(fn () => $this->set('taxvat', 'DE1'));
        [$event] = $this->shop->written();
        self::assertGreaterThan((int) $event['created_at'], (int) $event['available_at']);
        $this->shop->module->get(Unsettled::class)->settle();
        self::assertSame('0', $this->shop->database->fetchOne('SELECT available_at FROM mg_sidecar_outbox'));
    }

    public function testASaveThatFailsLeavesNothingBehind(): void
    {
        try {
            $this->changes->during(318, new Model(['entity_id' => 318]), static function (): void {
                throw new RuntimeException('no');
            });
            self::fail('the error is swallowed');
        } catch (RuntimeException) {
            $this->set('taxvat', 'by somebody else');
        }
        $this->save(static fn () => null);
        self::assertSame([], $this->shop->types());
    }

    public function testWhatIsRolledBackWasNeverToldAndTheNextChangeIs(): void
    {
        $connection = $this->shop->module->get(ResourceConnection::class)->getConnection();
        $connection->beginTransaction();
        $this->save(fn () => $this->set('taxvat', 'DE1'));
        $connection->rollBack();
        self::assertSame([], $this->shop->types());
        $this->save(fn () => $this->set('suffix', 'MSc'));
        self::assertSame(['suffix'], $this->told()['changed_fields']);
    }

    public function testADeletedCustomerIsToldWithoutAName(): void
    {
        $this->shop->dispatch(AfterCustomerDelete::class, [
            'customer' => new Model(['entity_id' => 318, 'store_id' => '3', 'website_id' => '2', 'email' => 'x']),
        ]);
        [$event] = $this->shop->written();
        self::assertSame([EventType::CUSTOMER_DELETED, 'customer/318'], [$event['type'], $event['entity_key']]);
        $told = $event['message']['data'];
        self::assertSame('europe', $told['store']['website_code']);
        self::assertSame(['instance', 'store', 'customer_id', 'deleted_at'], array_keys($told));
    }

    private function save(callable $write): void
    {
        $model = new Model(['entity_id' => 318]);
        $this->changes->during(318, $model, function () use ($model, $write): void {
            $write();
            $this->shop->dispatch(AfterCustomerSave::class, ['object' => $model]);
        });
    }

    private function saveAddress(int $customerId, callable $write): void
    {
        $model = new Model(['parent_id' => $customerId]);
        $this->changes->during($customerId, $model, function () use ($model, $write): void {
            $write();
            $this->shop->dispatch(AfterCustomerAddressChange::class, ['object' => $model]);
        });
    }

    private function set(string $column, int|string $value): void
    {
        $this->shop->set('customer_entity', $column, $value, self::CUSTOMER);
    }

    private function addAddress(int $customerId): void
    {
        $this->shop->database->insert(TestDatabase::PREFIX . 'customer_address_entity', [
            'parent_id' => $customerId,
            'city' => 'Kehl',
            'country_id' => 'DE',
            'firstname' => 'A',
            'lastname' => 'B',
            'street' => 'Weg 1',
            'telephone' => '1',
        ]);
    }

    /**
     * The data of the only event.
     */
    private function told(): array
    {
        $events = $this->shop->written();
        self::assertCount(1, $events);
        self::assertSame(EventType::CUSTOMER_SAVED, $events[0]['type']);
        return $events[0]['message']['data'];
    }
}
