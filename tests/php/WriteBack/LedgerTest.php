<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\WriteBack;

use PHPUnit\Framework\TestCase;
use Sidecar\Stripe\Tests\TestDatabase;
use Sidecar\Stripe\WriteBack\Ledger;
use Sidecar\Stripe\WriteBack\Resource;

final class LedgerTest extends TestCase
{
    private Ledger $ledger;

    protected function setUp(): void
    {
        TestDatabase::reset();
        $this->ledger = new Ledger(TestDatabase::resource());
    }

    public function testWhatWasKeptIsFoundWithItsIds(): void
    {
        $this->ledger->keep(42, Resource::Capture, 'pi_1', ['invoice_id' => 7, 'transaction_id' => 'pi_1']);
        self::assertSame(
            ['invoice_id' => 7, 'transaction_id' => 'pi_1'],
            $this->ledger->find(42, Resource::Capture, 'pi_1')
        );
    }

    public function testWhatHasNoIdsIsFoundAsWell(): void
    {
        $this->ledger->keep(42, Resource::Hold, 'pi_1/amount_mismatch', []);
        self::assertSame([], $this->ledger->find(42, Resource::Hold, 'pi_1/amount_mismatch'));
    }

    /**
     * @return array<string, array{int, Resource, string}>
     */
    public static function others(): array
    {
        return [
            'another order' => [43, Resource::Capture, 'pi_Abc'],
            'another resource' => [42, Resource::Authorization, 'pi_Abc'],
            'another key' => [42, Resource::Capture, 'pi_Abd'],
            'an id that differs by capitals' => [42, Resource::Capture, 'pi_abc'],
            'an id with a blank after it' => [42, Resource::Capture, 'pi_Abc '],
        ];
    }

    /**
     * @dataProvider others
     */
    public function testItIsNoOthers(int $orderId, Resource $resource, string $about): void
    {
        $this->ledger->keep(42, Resource::Capture, 'pi_Abc', []);
        self::assertNull($this->ledger->find($orderId, $resource, $about));
        $this->ledger->keep($orderId, $resource, $about, []);
    }

    public function testTheSameIsKeptOnce(): void
    {
        $this->ledger->keep(42, Resource::Capture, 'pi_1', []);
        $this->expectExceptionMessage('Duplicate entry');
        $this->ledger->keep(42, Resource::Capture, 'pi_1', []);
    }

    public function testKeysThatAreTooLongForTheColumnAreToldApart(): void
    {
        $long = 'unpaid/' . str_repeat('c', 250) . '/pi_';
        $this->ledger->keep(42, Resource::PaymentLink, $long . '1', []);
        self::assertNotNull($this->ledger->find(42, Resource::PaymentLink, $long . '1'));
        self::assertNull($this->ledger->find(42, Resource::PaymentLink, $long . '2'));
    }
}
