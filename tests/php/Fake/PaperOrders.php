<?php

declare(strict_types=1);

namespace Sidecar\Stripe\Tests\Fake;

use Magento\Framework\DB\Adapter\AdapterInterface;
use Magento\Sales\Api\Data\OrderInterface;
use Magento\Sales\Api\OrderRepositoryInterface;
use Magento\Sales\Model\Order;
use Magento\Sales\Model\OrderFactory;
use Magento\Sales\Model\ResourceModel\Order as OrderResource;

/**
 * Orders on paper, whose rows are in the test's database: they are loaded and saved as Magento's are, on the connection
 * that the write-back works on.
 */
final class PaperOrders
{
    private const COLUMNS = [
        'state',
        'status',
        'hold_before_state',
        'hold_before_status',
        'total_paid',
        'base_total_paid',
        'total_invoiced',
    ];

    /** The order that was saved last. */
    public ?PaperOrder $saved = null;

    /** @var list<callable(): void> */
    private array $callbacks = [];

    /** @var array<int, PaperOrder> what the repository has loaded or saved, which it does not look at again */
    private array $kept = [];

    public function __construct(private readonly AdapterInterface $connection, private readonly string $prefix)
    {
    }

    /**
     * @param array<string, mixed> $columns that differ
     * @return int its id
     */
    public function place(array $columns = []): int
    {
        $this->connection->insert($this->prefix . 'sales_order', $columns + [
            'state' => Order::STATE_PENDING_PAYMENT,
            'status' => Order::STATE_PENDING_PAYMENT,
            'grand_total' => '87.4800',
            'base_grand_total' => '87.4800',
            'order_currency_code' => 'USD',
            'store_id' => 1,
            'increment_id' => '000000042',
            'customer_email' => 'ada@example.com',
        ]);
        return (int) $this->connection->fetchOne('SELECT LAST_INSERT_ID()');
    }

    public function load(int $orderId): PaperOrder
    {
        $order = new PaperOrder();
        $this->fill($order, $orderId);
        return $order;
    }

    public function get(int $orderId): PaperOrder
    {
        return $this->kept[$orderId] ??= $this->load($orderId);
    }

    public function save(PaperOrder $order): void
    {
        $row = [];
        foreach (self::COLUMNS as $column) {
            $row[$column] = $order->getData($column);
        }
        $this->connection->update($this->prefix . 'sales_order', $row, ['entity_id = ?' => $order->getId()]);
        $invoice = $order->payment->getCreatedInvoice();
        if ($invoice !== null) {
            $this->connection->insert($this->prefix . 'sales_invoice', [
                'order_id' => $order->getId(),
                'transaction_id' => $order->payment->getLastTransId(),
            ]);
            $invoice->setId($this->connection->fetchOne('SELECT LAST_INSERT_ID()'));
        }
        $order->original = $order->getData();
        $this->saved = $order;
        $this->kept[(int) $order->getId()] = $order;
    }

    /** What was to happen after the commit happens now. */
    public function committed(): void
    {
        foreach ($this->callbacks as $callback) {
            $callback();
        }
        $this->callbacks = [];
    }

    /** What was to happen after the commit does not. */
    public function rolledBack(): void
    {
        $this->callbacks = [];
    }

    public function later(callable $callback): void
    {
        $this->callbacks[] = $callback;
    }

    /**
     * By the types that the module asks for.
     *
     * @return array<class-string, object>
     */
    public function given(): array
    {
        return [
            OrderFactory::class => new class extends OrderFactory {
                public function create(array $data = [])
                {
                    return new PaperOrder();
                }
            },
            OrderResource::class => new class ($this) extends OrderResource {
                public function __construct(private readonly PaperOrders $orders)
                {
                }

                public function load(\Magento\Framework\Model\AbstractModel $object, $value, $field = null)
                {
                    $this->orders->fill($object, (int) $value);
                    return $this;
                }

                public function addCommitCallback($callback)
                {
                    $this->orders->later($callback);
                    return $this;
                }
            },
            OrderRepositoryInterface::class => new class ($this) implements OrderRepositoryInterface {
                public function __construct(private readonly PaperOrders $orders)
                {
                }

                public function get($id)
                {
                    return $this->orders->get((int) $id);
                }

                public function save(OrderInterface $entity)
                {
                    $this->orders->save($entity);
                    return $entity;
                }
            },
        ];
    }

    public function fill(PaperOrder $order, int $orderId): void
    {
        $row = $this->connection->fetchRow(
            sprintf('SELECT * FROM %ssales_order WHERE entity_id = ?', $this->prefix),
            [$orderId]
        );
        $order->setData($row ?: []);
        $order->original = $row ?: [];
        $order->payment = new PaperPayment();
        $order->payment->order = $order;
    }
}
